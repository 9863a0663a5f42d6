#include "http/api/rich_messages.hpp"

#include <algorithm>
#include <array>

namespace okno::http {

namespace json = boost::json;

namespace {

using Names = std::initializer_list<const char*>;

// The texts of these names that are there.
json::object texts_of(const JsonView& from, Names names) {
    json::object out;
    for (const char* name : names)
        if (const auto text = from[name].text(); text && !text->empty()) out[name] = *text;
    return out;
}

json::array each_of(const JsonView& list, Names names) {
    json::array out;
    for (std::size_t i = 0; i < list.size(); ++i)
        out.push_back(texts_of(list.at(i), names));
    return out;
}

json::array sections_of(const JsonView& list) {
    json::array out;
    for (std::size_t i = 0; i < list.size(); ++i) {
        json::object section = texts_of(list.at(i), {"title"});
        section["rows"] = each_of(list.at(i)["rows"], {"id", "title", "description"});
        out.push_back(std::move(section));
    }
    return out;
}

json::object card_of(const JsonView& contact) {
    json::object out{{"name", texts_of(contact["name"], {"formatted_name", "first_name", "last_name", "middle_name",
                                                         "prefix", "suffix"})}};
    if (contact["phones"].size() > 0) out["phones"] = each_of(contact["phones"], {"phone", "type", "wa_id"});
    if (contact["emails"].size() > 0) out["emails"] = each_of(contact["emails"], {"email", "type"});
    if (contact["urls"].size() > 0) out["urls"] = each_of(contact["urls"], {"url", "type"});
    if (contact["org"].is_there()) out["org"] = texts_of(contact["org"], {"company", "department", "title"});
    return out;
}

}  // namespace

void read_choices(BodyReader& body, NewMessage& wanted) {
    BodyReader part = body.part("interactive", true);
    if (!body.is_good()) return;
    const JsonView view = part.view();
    wanted.text = part.text("body", 1, 65'536);
    json::object content = texts_of(view, {"kind", "header", "body", "footer", "button", "title", "url"});
    if (view["buttons"].is_there()) content["buttons"] = each_of(view["buttons"], {"id", "title"});
    if (view["sections"].is_there()) content["sections"] = sections_of(view["sections"]);
    wanted.content = json::serialize(content);
}

void read_contacts(BodyReader& body, NewMessage& wanted) {
    const JsonView list = body.view()["contacts"];
    json::array cards;
    for (std::size_t i = 0; i < list.size(); ++i)
        cards.push_back(card_of(list.at(i)));
    if (cards.empty()) return body.wrong("contacts", "contacts: expected a list of contact cards");
    wanted.text = list.at(0)["name"]["formatted_name"].text_or("");
    wanted.content = json::serialize(json::object{{"contacts", std::move(cards)}});
}

}  // namespace okno::http
