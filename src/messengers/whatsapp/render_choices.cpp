#include "messengers/whatsapp/rendering.hpp"

namespace okno::whatsapp {

namespace json = boost::json;

static json::object text_object(const JsonView& text) { return {{"text", text.text_or("")}}; }

static json::object buttons_of(const JsonView& content) {
    json::array buttons;
    for (std::size_t i = 0; i < content["buttons"].size(); ++i) {
        const JsonView button = content["buttons"].at(i);
        buttons.push_back(json::object{
            {"type", "reply"},
            {"reply", json::object{{"id", button["id"].text_or("")}, {"title", button["title"].text_or("")}}}});
    }
    return {{"buttons", std::move(buttons)}};
}

static json::object row_of(const JsonView& row) {
    json::object out{{"id", row["id"].text_or("")}, {"title", row["title"].text_or("")}};
    if (const std::string description = row["description"].text_or(""); !description.empty())
        out["description"] = description;
    return out;
}

static json::object list_of(const JsonView& content) {
    json::array sections;
    for (std::size_t i = 0; i < content["sections"].size(); ++i) {
        const JsonView section = content["sections"].at(i);
        json::array rows;
        for (std::size_t k = 0; k < section["rows"].size(); ++k)
            rows.push_back(row_of(section["rows"].at(k)));
        json::object out{{"rows", std::move(rows)}};
        if (const std::string title = section["title"].text_or(""); !title.empty()) out["title"] = title;
        sections.push_back(std::move(out));
    }
    return {{"button", content["button"].text_or("")}, {"sections", std::move(sections)}};
}

static json::object link_of(const JsonView& content) {
    return {{"name", "cta_url"},
            {"parameters",
             json::object{{"display_text", content["title"].text_or("")}, {"url", content["url"].text_or("")}}}};
}

Result<json::value> interactive_of(const JsonView& content) {
    const std::string kind = content["kind"].text_or("buttons");
    json::object out{{"body", text_object(content["body"])}};
    if (kind == "buttons") {
        out["type"] = "button";
        out["action"] = buttons_of(content);
    } else if (kind == "list") {
        out["type"] = "list";
        out["action"] = list_of(content);
    } else if (kind == "link") {
        out["type"] = "cta_url";
        out["action"] = link_of(content);
    } else if (kind == "location_request") {
        out["type"] = "location_request_message";
        out["action"] = json::object{{"name", "send_location"}};
    } else if (kind == "contact_request") {
        out["type"] = "contact_request";
        out["action"] = json::object{{"name", "request_contact_info"}};
    } else {
        return fail(ErrorKind::invalid, "type_not_supported", "There is no choice of the kind `" + kind + "` here.",
                    "interactive.kind");
    }
    if (const std::string header = content["header"].text_or(""); !header.empty())
        out["header"] = json::object{{"type", "text"}, {"text", header}};
    if (content["footer"].is_there()) out["footer"] = text_object(content["footer"]);
    return json::value(std::move(out));
}

// Meta wants one part of a name beside the whole of it.
static json::object name_of(const JsonView& contact) {
    json::object name = contact["name"].raw()->get_object();
    for (const char* part : {"first_name", "last_name", "middle_name", "prefix", "suffix"})
        if (name.contains(part)) return name;
    name["first_name"] = contact["name"]["formatted_name"].text_or("");
    return name;
}

Result<json::value> contacts_of(const JsonView& content) {
    json::array out;
    for (std::size_t i = 0; i < content["contacts"].size(); ++i) {
        const JsonView contact = content["contacts"].at(i);
        if (contact["name"].raw() == nullptr || !contact["name"].raw()->is_object())
            return fail(ErrorKind::invalid, "bad_content", "A contact has a name.", contact.path() + ".name");
        json::object card = contact.raw()->get_object();
        card["name"] = name_of(contact);
        out.push_back(std::move(card));
    }
    return json::value(std::move(out));
}

}  // namespace okno::whatsapp
