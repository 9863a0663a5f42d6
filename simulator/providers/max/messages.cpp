#include "providers/max/messages.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "providers/max/message_rules.hpp"
#include "providers/max/objects.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::max {

namespace {

constexpr std::int64_t kMostIntoDialog = 2;  // messages a second
constexpr auto kEditable = 24h;

struct Place {
    Person* person = nullptr;
    Dialog* dialog = nullptr;
};

// The dialog that `user_id` or `chat_id` means.
std::expected<Place, Refusal> place_of(Site& site, const Call& call) {
    const auto user = call.number("user_id");
    const auto chat = call.number("chat_id");
    if (!user && !chat) return wrong("user_id or chat_id is required");
    for (auto& [key, dialog] : site.world.dialogs) {
        const bool is_meant = key.first == call.bot->id && (user ? key.second == *user : dialog.chat == *chat);
        const auto person = site.world.people.find(key.second);
        if (!is_meant || person == site.world.people.end() || person->second.is_deleted) continue;
        if (dialog.is_stopped) return refuse(403, "chat.denied", "error.dialog.suspended");
        if (dialog.is_started) return Place{&person->second, &dialog};
    }
    return refuse(404, "dialog.not.found", user ? "Dialog not found" : "Chat not found");
}

std::string keyboard_in(const json::array& attachments) {
    const bool has_one = std::ranges::any_of(
        attachments, [](const json::value& one) { return one.at("type").as_string() == "inline_keyboard"; });
    return has_one ? "cb." + random_token(9) : std::string();
}

void put(Message& message, const Written& written) {
    message.text = written.text;
    if (written.attachments) {
        message.attachments = *written.attachments;
        message.keyboard = keyboard_in(message.attachments);
    }
    if (!written.link.empty()) message.link = written.link;
}

struct Own {
    Dialog* dialog = nullptr;
    Message* message = nullptr;
};

// A message of this bot that may still be changed.
std::expected<Own, Refusal> own_message(Site& site, const Call& call) {
    const std::string mid = call.text("message_id");
    if (mid.empty()) return wrong("message_id is required");
    for (auto& [key, dialog] : site.world.dialogs) {
        Message* message = key.first == call.bot->id ? dialog.message(mid) : nullptr;
        if (message == nullptr || message->is_deleted || !message->from_bot) continue;
        if (site.now() - message->at > kEditable) return refuse(400, "proto.payload", "Message is too old");
        return Own{&dialog, message};
    }
    return refuse(404, "message.not.found", "Message not found");
}

}  // namespace

Answer send_message(Site& site, const Call& call) {
    const auto place = place_of(site, call);
    if (!place) return std::unexpected(place.error());
    if (call.has_wrong_body) return wrong("Invalid JSON");
    const auto written = read_message(site, *place->dialog, call.body);
    if (!written) return std::unexpected(written.error());
    if (is_too_fast(place->dialog->sent_at_ms, site.pace_ms(), kMostIntoDialog))
        return refuse(429, "too.many.requests", "Too many messages into one dialog");
    Message& message = append_message(site, *place->dialog, true);
    put(message, *written);
    place->dialog->typing_until_ms = 0;
    return json::value{{"message", message_object(*call.bot, *place->person, *place->dialog, message)}};
}

Answer edit_message(Site& site, const Call& call) {
    const auto own = own_message(site, call);
    if (!own) return std::unexpected(own.error());
    const auto written = read_message(site, *own->dialog, call.body);
    if (!written) return std::unexpected(written.error());
    put(*own->message, *written);
    own->message->is_edited = true;
    ++site.world.version;
    return done();
}

Answer delete_message(Site& site, const Call& call) {
    const auto own = own_message(site, call);
    if (!own) return std::unexpected(own.error());
    own->message->is_deleted = true;
    ++site.world.version;
    return done();
}

Answer answer_press(Site& site, const Call& call) {
    const std::string id = call.text("callback_id");
    const json::value whole(call.body);
    const JsonView body(whole);
    if (id.empty()) return wrong("callback_id is required");
    if (!body["notification"].is_there() && !body["message"].is_there())
        return wrong("notification or message is required");
    for (auto& [key, dialog] : site.world.dialogs) {
        if (key.first != call.bot->id) continue;
        const auto message = std::ranges::find(dialog.messages, id, &Message::keyboard);
        if (message == dialog.messages.end()) continue;
        if (const json::value* fresh = body["message"].raw(); fresh != nullptr && fresh->is_object()) {
            const auto written = read_message(site, dialog, fresh->get_object());
            if (!written) return std::unexpected(written.error());
            put(*message, *written);
            message->is_edited = true;
        }
        message->answer = body["notification"].text_or("");
        ++site.world.version;
        return done();
    }
    return refuse(404, "callback.not.found", "Callback not found");
}

Answer act_in_chat(Site& site, const Call& call) {
    constexpr std::array<std::string_view, 6> actions{"typing_on",     "sending_photo", "sending_video",
                                                      "sending_audio", "sending_file",  "mark_seen"};
    const json::value whole(call.body);
    const std::string action = JsonView(whole)["action"].text_or("");
    if (std::ranges::find(actions, action) == actions.end()) return wrong("Unknown action: " + action);
    for (auto& [key, dialog] : site.world.dialogs) {
        if (key.first != call.bot->id || std::to_string(dialog.chat) != call.path.at(1)) continue;
        if (dialog.is_stopped) return refuse(403, "chat.denied", "error.dialog.suspended");
        if (action != "mark_seen") dialog.typing_until_ms = site.pace_ms() + 10'000;
        for (Message& message : dialog.messages)
            if (action == "mark_seen" && !message.from_bot) message.is_seen = true;
        ++site.world.version;
        return done();
    }
    return refuse(404, "chat.not.found", "Chat not found");
}

}  // namespace okno::sim::max
