#include "providers/gateway/changing.hpp"

#include "providers/gateway/events.hpp"
#include "providers/gateway/objects.hpp"

namespace okno::sim::gateway {

namespace {

constexpr auto kEditable = 15min;
constexpr auto kDeletable = 48h;

Answer edit(Site& site, Session& session, const Person& person, Message& message, const JsonView& body) {
    if (body["text"].raw() == nullptr || !body["text"].raw()->is_string())
        return std::unexpected(bad_request({"text must be a string"}));
    if (site.now() > message.at + kEditable)
        return std::unexpected(bad_request({"The message is too old to be edited"}));
    message.text = body["text"].text_or("");
    message.is_edited = true;
    json::object payload = message_object(session, person, message, true);
    payload["editedMessageId"] = message.id;
    tell(site, session, "message.edited", payload);
    return json_reply(200, json::object());
}

Answer remove(Site& site, Session& session, const Person& person, Message& message) {
    if (site.now() > message.at + kDeletable)
        return std::unexpected(bad_request({"The message is too old to be deleted for everyone"}));
    json::object before = message_object(session, person, message, true);
    message.is_deleted = true;
    tell(site, session, "message.revoked",
         {{"revokedMessageId", message.id}, {"before", std::move(before)}, {"after", nullptr}});
    return json_reply(200, json::object());
}

}  // namespace

Answer change_message(Site& site, Session& session, const Person& person, Message& message, const Call& call) {
    if (message.is_deleted)
        return std::unexpected(json_reply(404, {{"statusCode", 404}, {"message", "Message not found"}}));
    if (!message.is_from_account) return std::unexpected(bad_request({"The message is not yours"}));
    Chat& chat = session.chats[person.number];
    Answer out = call.request.method == "PUT" ? edit(site, session, person, message, call.view())
                                              : remove(site, session, person, message);
    ++chat.version;
    return out;
}

}  // namespace okno::sim::gateway
