#include "providers/max/phone_view.hpp"

#include "base/json.hpp"

namespace okno::sim::max {

namespace {

// What an attachment is on the screen: a file, a place, a card, buttons or a preview of a link.
void show(const Site& site, const json::value& attachment, json::object& out) {
    const JsonView view(attachment);
    const std::string type = view["type"].text_or("");
    const JsonView payload = view["payload"];
    if (type == "inline_keyboard") {
        out["buttons"] = *payload["buttons"].raw();
        return;
    }
    if (!out.contains("shown_type")) out["shown_type"] = type;
    json::array& parts = out["parts"].is_array() ? out["parts"].get_array() : out["parts"].emplace_array();
    json::object part{{"type", type}};
    for (const std::string_view name : {"latitude", "longitude", "filename", "title"})
        if (view[name].is_there()) part[name] = *view[name].raw();
    for (const std::string_view name : {"url", "vcf_info", "name"})
        if (payload[name].is_there()) part[name] = *payload[name].raw();
    for (const File& file : site.world.files)
        if (type == "video" && file.token == payload["token"].text_or("")) part["url"] = site.address_of(file.link);
    parts.push_back(std::move(part));
}

json::object seen(const Site& site, const Dialog& dialog, const Message& message) {
    json::object out{{"id", message.mid},
                     {"direction", message.from_bot ? "from_business" : "from_customer"},
                     {"text", message.text.is_string() ? message.text : json::value("")},
                     {"status", message.is_seen ? "read" : "delivered"},
                     {"at", to_rfc3339(message.at)},
                     {"markup", message.markup}};
    for (const json::value& attachment : message.attachments)
        show(site, attachment, out);
    const json::value* shown = out.if_contains("shown_type");
    out["type"] = shown == nullptr ? json::value("text") : *shown;
    out.erase("shown_type");
    if (message.is_edited) out["edited"] = true;
    if (message.is_deleted) out["deleted"] = true;
    if (!message.answer.empty()) out["answer"] = message.answer;
    if (message.link.empty()) return out;
    const json::value link(message.link);
    const JsonView linked(link);
    if (linked["type"].text_or("") == "forward") {
        out["forwarded"] = linked["message"]["text"].text_or("");
        return out;
    }
    json::object quote{{"text", linked["message"]["text"].text_or("")}, {"type", "text"}, {"from_customer", false}};
    for (const Message& one : dialog.messages)
        if (one.mid == linked["message"]["mid"].text_or("")) quote["from_customer"] = !one.from_bot;
    quote["id"] = linked["message"]["mid"].text_or("");
    out["reply_to"] = std::move(quote);
    return out;
}

}  // namespace

json::object phone_view(Site& site, const Bot& bot, const Person& person, std::int64_t since) {
    const Dialog& dialog = site.world.dialog(bot.id, person.id);
    json::object view{{"version", site.world.version},
                      {"now", to_rfc3339(site.now())},
                      {"typing", dialog.typing_until_ms > site.pace_ms()},
                      {"started", dialog.is_started},
                      {"blocked", dialog.is_stopped},
                      {"chat_id", dialog.chat}};
    if (since == site.world.version) return view;
    json::array messages;
    for (const Message& message : dialog.messages)
        messages.push_back(seen(site, dialog, message));
    view["messages"] = std::move(messages);
    return view;
}

}  // namespace okno::sim::max
