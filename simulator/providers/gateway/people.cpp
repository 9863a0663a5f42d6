#include "providers/gateway/people.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "core/base64.hpp"
#include "core/samples.hpp"
#include "providers/gateway/events.hpp"
#include "providers/gateway/files.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::gateway {

namespace {

using Done = std::expected<json::object, std::string>;

std::unexpected<std::string> not_possible(std::string why) { return std::unexpected(std::move(why)); }

std::string random_id() {
    const std::string bytes = random_token(12);
    std::string out = to_hex(bytes.data(), 10);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

bool is_file(std::string_view type) {
    constexpr std::array<std::string_view, 6> types{"image", "video", "voice", "audio", "document", "sticker"};
    return std::ranges::find(types, type) != types.end();
}

File file_of(Site& site, const std::string& type, const JsonView& wish) {
    const Sample sample = sample_of(type);
    const auto given = wish["data"].is_there() ? from_base64(wish["data"].text_or("")) : std::nullopt;
    File out;
    out.name = wish["filename"].text_or(type == "document" ? std::string(sample.filename) : std::string());
    out.mime = wish["mime_type"].text_or(sample.mime_type);
    out.bytes = std::make_shared<const std::string>(given ? *given : sample.bytes);
    renew_link(site, out);
    return out;
}

Done say(Site& site, Session& session, const Person& person, const JsonView& wish, bool is_from_account) {
    const std::string type = wish["type"].text_or("text");
    Message message;
    message.id = random_id();
    message.is_from_account = is_from_account;
    message.at = site.now();
    message.type = type == "voice" ? "audio" : type;
    message.text = wish["text"].text_or("");
    message.quoted = wish["reply_to"].text_or("");
    if (is_file(type)) message.file = file_of(site, type, wish);
    if (type == "location")
        message.location =
            json::object{{"latitude", wish["latitude"].text_or("55.75")},
                         {"longitude", wish["longitude"].text_or("37.61")},
                         {"live", false},
                         {"name", wish["name"].is_there() ? json::value(wish["name"].text_or("")) : json::value()}};
    if (type == "contact")
        message.vcards.emplace_back(
            "BEGIN:VCARD\nVERSION:3.0\nFN:Oleg Gromov\nTEL;type=CELL;waid=79165550102:+7 916 555-01-02\nEND:VCARD");
    Chat& chat = session.chats[person.number];
    if (!is_from_account) chat.is_blocked = false;
    chat.messages.push_back(std::move(message));
    ++chat.version;
    Message& said = chat.messages.back();
    if (!wish["is_untold"].boolean().value_or(false)) tell_message(site, session, person, said);
    return json::object{{"id", said.id}};
}

Done change(Site& site, Session& session, const Person& person, const std::string& type, const JsonView& wish) {
    Chat& chat = session.chats[person.number];
    Message* message = chat.message(wish["message"].text_or(""));
    if (message == nullptr) return not_possible("There is no such message.");
    ++chat.version;
    if (type == "reaction") {
        message->emoji_of_person = wish["emoji"].text_or("");
        tell_reaction(site, session, person, *message);
        return json::object{{"id", message->id}};
    }
    if (message->is_from_account) return not_possible("That is no message of this person.");
    if (type == "edit") {
        message->text = wish["text"].text_or("");
        message->is_edited = true;
        tell_edit(site, session, person, *message);
    } else {
        message->is_deleted = true;
        tell_removal(site, session, person, *message);
    }
    return json::object{{"id", message->id}};
}

Done ring(Site& site, Session& session, const Person& person, const JsonView& wish) {
    const std::string id = random_id();
    tell_call(site, session, person, id, wish["video"].boolean().value_or(false));
    return json::object{{"id", id}};
}

json::object shown(const Message& message, const Chat& chat) {
    constexpr std::array<std::string_view, 6> statuses{"failed", "sending", "sent", "delivered", "read", "played"};
    json::object out{{"id", message.id},
                     {"direction", message.is_from_account ? "from_business" : "from_customer"},
                     {"type", message.type},
                     {"text", message.text},
                     {"at", to_rfc3339(message.at)},
                     {"status", statuses[static_cast<std::size_t>(message.ack + 1)]},
                     {"edited", message.is_edited},
                     {"deleted", message.is_deleted},
                     {"emoji_of_customer", message.emoji_of_person},
                     {"emoji_of_business", message.emoji_of_account},
                     {"location", message.location},
                     {"vcards", message.vcards}};
    if (message.file)
        out["file"] = json::object{{"message", message.id}, {"name", message.file->name}, {"mime", message.file->mime}};
    const auto quoted = std::ranges::find(chat.messages, message.quoted, &Message::id);
    if (!message.quoted.empty() && quoted != chat.messages.end())
        out["reply_to"] =
            json::object{{"from_customer", !quoted->is_from_account}, {"type", quoted->type}, {"text", quoted->text}};
    return out;
}

}  // namespace

Done act(Site& site, Session& session, Person& person, const json::object& wish) {
    const json::value whole(wish);
    const JsonView view(whole);
    const std::string type = view["type"].text_or("text");
    if (type == "reaction" || type == "edit" || type == "delete") return change(site, session, person, type, view);
    if (type == "call") return ring(site, session, person, view);
    return say(site, session, person, view, false);
}

Done answer_by_hand(Site& site, Session& session, const Person& person, const json::object& wish) {
    const json::value whole(wish);
    return say(site, session, person, JsonView(whole), true);
}

void read_all(Site& site, Session& session, const Person& person) {
    Chat& chat = session.chats[person.number];
    ++chat.version;
    for (Message& message : chat.messages)
        if (message.is_from_account && message.ack >= 0) acknowledge(site, session, person, message, 3);
}

json::object chat_of(Site& site, Session& session, const Person& person, std::int64_t since) {
    Chat& chat = session.chats[person.number];
    json::object out{{"now", to_rfc3339(site.now())},
                     {"version", chat.version + 1},
                     {"typing", chat.is_typing},
                     {"blocked", chat.is_blocked}};
    if (since == chat.version + 1) return out;
    json::array messages;
    for (const Message& message : chat.messages)
        messages.push_back(shown(message, chat));
    out["messages"] = std::move(messages);
    return out;
}

}  // namespace okno::sim::gateway
