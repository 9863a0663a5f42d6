#include "providers/gateway/waha/changing.hpp"

#include "providers/gateway/events.hpp"

namespace okno::sim::gateway::waha {

namespace {

constexpr auto kEditable = 15min;
constexpr auto kDeletable = 48h;

Answer edit(Site& site, Session& session, const Person& person, Message& message, const JsonView& body) {
    const json::value* text = body["text"].raw();
    if (text == nullptr || !text->is_string()) return std::unexpected(bad_request({"text must be a string"}));
    if (site.now() > message.at + kEditable)
        return std::unexpected(bad_request({"The message is too old to be edited"}));
    message.text = body["text"].text_or("");
    message.is_edited = true;
    tell_edit(site, session, person, message);
    return json_reply(200, json::object());
}

Answer remove(Site& site, Session& session, const Person& person, Message& message) {
    if (site.now() > message.at + kDeletable)
        return std::unexpected(bad_request({"The message is too old to be deleted for everyone"}));
    message.is_deleted = true;
    tell_removal(site, session, person, message);
    return json_reply(200, json::object());
}

}  // namespace

Answer change_message(Site& site, Session& session, const Person& person, Message& message, const Call& call) {
    if (message.is_deleted)
        return std::unexpected(json_reply(404, {{"statusCode", 404}, {"message", "Message not found"}}));
    if (!message.is_from_account) return std::unexpected(bad_request({"The message is not yours"}));
    Answer out = call.request.method == "PUT" ? edit(site, session, person, message, call.view())
                                              : remove(site, session, person, message);
    ++session.chats[person.number].version;
    return out;
}

}  // namespace okno::sim::gateway::waha
