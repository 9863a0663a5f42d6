#include "providers/vk/send.hpp"

#include "base/json.hpp"
#include "providers/vk/conversations.hpp"
#include "providers/vk/events.hpp"
#include "providers/vk/keyboard_rules.hpp"

#include <algorithm>

namespace okno::sim::vk {

namespace {

constexpr std::size_t kMostText = 9000;
constexpr std::size_t kMostAttachments = 10;
constexpr std::size_t kMostRecipients = 100;
constexpr std::size_t kMostPayload = 1000;

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::optional<Refusal> wrong(const std::string& why) { return Refusal{100, why}; }

// What the request shows by itself, whoever it goes to.
std::optional<Refusal> check_form(const Site& site, const Call& call) {
    const auto random_id = call.number("random_id");
    if (!random_id) return wrong("random_id is a required parameter");
    if (*random_id > 2'147'483'647 || *random_id < -2'147'483'648LL) return wrong("random_id is no int32");
    const std::string text = call.text("message");
    if (characters(text) > kMostText) return Refusal{914};
    const bool has_place = call.has("lat") && call.has("long");
    const std::vector<std::string> attachments = parts_in(call.text("attachment"));
    const bool has_content = !text.empty() || !attachments.empty() || has_place || call.has("sticker_id");
    if (!has_content && !call.has("template")) return wrong("message is empty or invalid");
    if (attachments.size() > kMostAttachments) return wrong("attachment: too many");
    for (const std::string& name : attachments)
        if (file_named(site, name) == nullptr) return wrong("attachment: " + name + " is not there");
    if (call.text("payload").size() > kMostPayload) return wrong("payload is too long");
    if (call.has("forward") && !parse_json(call.text("forward"))) return wrong("forward is no JSON");
    if (!call.has("keyboard")) return std::nullopt;
    if (!call.group->has_bot_features) return Refusal{912};
    const std::string why = check_keyboard(call.text("keyboard"));
    return why.empty() ? std::nullopt : std::optional(Refusal{911, why});
}

// The quoted message of this conversation; null and no refusal when nothing is quoted.
std::expected<const Message*, Refusal> quoted_in(Conversation& conversation, const Call& call, std::int64_t peer) {
    if (!call.has("forward")) return nullptr;
    const json::value document = *parse_json(call.text("forward"));
    const JsonView forward(document);
    const auto number = forward["conversation_message_ids"].at(0).integer();
    if (!number || forward["peer_id"].integer() != peer) return std::unexpected(Refusal{100, "forward is invalid"});
    const Message* message = conversation.message(*number);
    if (message == nullptr) return std::unexpected(Refusal{100, "forward: there is no such message"});
    return message;
}

json::object members_of(const Site& site, const Call& call, const Message* quoted) {
    json::object more{{"random_id", *call.number("random_id")}};
    json::array attachments;
    for (const std::string& name : parts_in(call.text("attachment")))
        attachments.emplace_back(attachment_of(site, *file_named(site, name)));
    more["attachments"] = std::move(attachments);
    if (call.has("payload")) more["payload"] = call.text("payload");
    if (call.has("keyboard")) more["keyboard"] = *parse_json(call.text("keyboard"));
    if (call.has("lat"))
        more["geo"] =
            json::object{{"type", "point"},
                         {"coordinates", json::object{{"latitude", std::strtod(call.text("lat").c_str(), nullptr)},
                                                      {"longitude", std::strtod(call.text("long").c_str(), nullptr)}}}};
    if (quoted != nullptr)
        more["reply_message"] = json::object{{"id", quoted->id},
                                             {"conversation_message_id", quoted->number},
                                             {"from_id", quoted->body.at("from_id")},
                                             {"text", quoted->body.at("text")}};
    return more;
}

// A number that was used before with this person shows nothing again and names what it showed.
std::expected<const Message*, Refusal> send_to(Site& site, const Call& call, std::int64_t peer) {
    if (auto refusal = check_recipient(site, *call.group, peer)) return std::unexpected(std::move(*refusal));
    Conversation& conversation = conversation_of(site, call.group->id, peer);
    const std::int64_t random_id = *call.number("random_id");
    const auto before = conversation.random_ids.find(random_id);
    if (random_id != 0 && before != conversation.random_ids.end()) return &conversation.messages[before->second];
    const auto quoted = quoted_in(conversation, call, peer);
    if (!quoted) return std::unexpected(quoted.error());
    Message& message = append_message(site, *call.group, site.world.people.at(peer), true, call.text("message"),
                                      members_of(site, call, *quoted));
    conversation.random_ids[random_id] = conversation.messages.size() - 1;
    conversation.typing_until_ms = 0;
    tell(site, *call.group, "message_reply", message.body);
    return &message;
}

std::vector<std::int64_t> recipients_of(const Call& call) {
    if (call.has("peer_ids")) return numbers_in(call.text("peer_ids"));
    for (const std::string_view name : {"peer_id", "user_id"})
        if (const auto one = call.number(name)) return {*one};
    return {};
}

// The message that `cmid` or `message_id` of a call names, if it is the community's own and young enough.
std::expected<Message*, Refusal> own_message(Site& site, const Call& call, std::int64_t number, int if_late) {
    Conversation& conversation = conversation_of(site, call.group->id, call.number("peer_id").value_or(0));
    Message* message = conversation.message(number);
    if (message == nullptr || !message->from_group) return std::unexpected(Refusal{100, "there is no such message"});
    constexpr std::int64_t day = 86'400;
    if (site.now_seconds() - message->body.at("date").as_int64() > day) return std::unexpected(Refusal{if_late});
    return message;
}

}  // namespace

std::optional<Refusal> check_recipient(Site& site, const Group& group, std::int64_t peer) {
    const auto person = site.world.people.find(peer);
    if (person == site.world.people.end()) return Refusal{113};
    if (person->second.is_deleted) return Refusal{18};
    const Conversation& conversation = conversation_of(site, group.id, peer);
    if (conversation.is_blacklisted) return Refusal{900};
    if (person->second.is_private) return Refusal{902};
    if (!conversation.is_allowed) return Refusal{901};
    return std::nullopt;
}

Answer send_message(Site& site, const Call& call) {
    const std::vector<std::int64_t> peers = recipients_of(call);
    if (peers.empty()) return refuse(100, "peer_id is a required parameter");
    if (peers.size() > kMostRecipients) return refuse(100, "peer_ids: too many");
    if (auto refusal = check_form(site, call)) return std::unexpected(std::move(*refusal));
    if (!call.has("peer_ids")) {
        const auto sent = send_to(site, call, peers.front());
        if (!sent) return std::unexpected(sent.error());
        return json::value((*sent)->id);
    }
    json::array out;
    for (const std::int64_t peer : peers) {
        const auto sent = send_to(site, call, peer);
        if (sent)
            out.push_back(json::object{
                {"peer_id", peer}, {"message_id", (*sent)->id}, {"conversation_message_id", (*sent)->number}});
        else
            out.push_back(json::object{
                {"peer_id", peer},
                {"message_id", 0},
                {"error", json::object{{"code", sent.error().code}, {"description", words_of(sent.error())}}}});
    }
    return json::value(std::move(out));
}

// What it does not name of files and quotes the message has no more.
Answer edit_message(Site& site, const Call& call) {
    const auto message = own_message(site, call, call.number("cmid").value_or(0), 909);
    if (!message) return std::unexpected(message.error());
    if ((*message)->is_deleted) return refuse(100, "there is no such message");
    const std::string text = call.text("message");
    if (characters(text) > kMostText) return refuse(914);
    const std::vector<std::string> names = parts_in(call.text("attachment"));
    if (text.empty() && names.empty()) return refuse(100, "message is empty or invalid");
    json::array attachments;
    for (const std::string& name : names) {
        const File* file = file_named(site, name);
        if (file == nullptr) return refuse(100, "attachment: " + name + " is not there");
        attachments.emplace_back(attachment_of(site, *file));
    }
    (*message)->body["text"] = text;
    (*message)->body["attachments"] = std::move(attachments);
    if (!call.flag("keep_forward_messages")) (*message)->body.erase("reply_message");
    (*message)->body["update_time"] = site.now_seconds();
    tell(site, *call.group, "message_edit", (*message)->body);
    return json::value(1);
}

Answer get_by_number(Site& site, const Call& call) {
    const auto peer = call.number("peer_id");
    if (!peer || !call.has("conversation_message_ids")) return refuse(100, "conversation_message_ids is required");
    json::array items;
    for (const std::int64_t number : numbers_in(call.text("conversation_message_ids"))) {
        const Message* message = conversation_of(site, call.group->id, *peer).message(number);
        if (message != nullptr && !message->is_deleted) items.push_back(message->body);
    }
    return json::value{{"count", items.size()}, {"items", std::move(items)}};
}

Answer delete_messages(Site& site, const Call& call) {
    json::array out;
    for (const std::int64_t number : numbers_in(call.text("cmids"))) {
        const auto message = own_message(site, call, number, 924);
        if (!message) return std::unexpected(message.error());
        (*message)->is_deleted = true;
        out.push_back(json::object{{"conversation_message_id", number}, {"response", 1}});
    }
    return json::value(std::move(out));
}

Answer set_activity(Site& site, const Call& call) {
    const auto peer = call.number("peer_id");
    if (!peer || call.text("type") != "typing") return refuse(100, "type should be typing, audiomessage or photo");
    if (!site.world.people.contains(*peer)) return refuse(936);
    conversation_of(site, call.group->id, *peer).typing_until_ms = site.pace_ms() + 10'000;
    return json::value(1);
}

Answer mark_as_read(Site& site, const Call& call) {
    const auto peer = call.number("peer_id");
    if (!peer || !site.world.people.contains(*peer)) return refuse(100, "peer_id is invalid");
    const bool is_all = call.flag("mark_conversation_as_read");
    for (Message& message : conversation_of(site, call.group->id, *peer).messages)
        if (!message.from_group && (is_all || message.id <= call.number("start_message_id").value_or(0)))
            message.is_read = true;
    return json::value(1);
}

Answer answer_press(Site& site, const Call& call) {
    const auto press = site.world.presses.find(call.text("event_id"));
    const bool is_known = press != site.world.presses.end() && press->second.group == call.group->id &&
                          press->second.person == call.number("user_id") &&
                          press->second.person == call.number("peer_id");
    if (!is_known || site.now() > press->second.until) return refuse(100, "event_id is invalid");
    const std::string data = call.text("event_data");
    if (!data.empty() && !parse_json(data)) return refuse(100, "event_data is no JSON");
    press->second.is_answered = true;
    press->second.event_data = data;
    return json::value(1);
}

Answer is_allowed(Site& site, const Call& call) {
    const auto person = call.number("user_id");
    if (!person) return refuse(100, "user_id is a required parameter");
    return json::value{{"is_allowed", check_recipient(site, *call.group, *person) ? 0 : 1}};
}

}  // namespace okno::sim::vk
