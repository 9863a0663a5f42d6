#include "providers/vk/people.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "core/base64.hpp"
#include "core/pages.hpp"
#include "providers/vk/conversations.hpp"
#include "providers/vk/events.hpp"

#include <algorithm>

namespace okno::sim::vk {

namespace {

using Done = std::expected<json::object, std::string>;

std::unexpected<std::string> not_possible(std::string why) { return std::unexpected(std::move(why)); }

struct Sample {
    std::string_view kind;
    std::string_view name;
    std::string_view mime;
    std::string_view page;  // of the embedded files; empty: a few words
};
constexpr Sample kSamples[] = {{"photo", "photo.png", "image/png", "sample_photo.png"},
                               {"graffiti", "graffiti.png", "image/png", "sample_photo.png"},
                               {"audio_message", "voice.ogg", "audio/ogg", "sample_voice.ogg"},
                               {"doc", "price list.txt", "text/plain", ""}};

// An attachment of this kind: a file with the given or sample bytes, or what has none.
std::expected<json::object, std::string> attachment(Site& site, const Person& person, const std::string& kind,
                                                    const JsonView& wish) {
    const auto* sample = std::ranges::find(kSamples, kind, &Sample::kind);
    if (sample != std::end(kSamples)) {
        const auto given = wish["data"].is_there() ? from_base64(wish["data"].text_or("")) : std::nullopt;
        File file;
        file.kind = kind;
        file.owner_id = person.id;
        file.name = wish["filename"].text_or(sample->name);
        file.mime = wish["mime_type"].text_or(sample->mime);
        file.bytes = std::make_shared<const std::string>(given ? *given
                                                         : sample->page.empty()
                                                             ? std::string("All prices of today.\n")
                                                             : std::string(embedded_pages().at(sample->page)));
        return attachment_of(site, add_file(site, std::move(file)));
    }
    if (kind == "sticker") {
        const auto picture = attachment(site, person, "graffiti", wish);
        const json::value url = picture->at("graffiti").at("url");
        return json::object{
            {"type", "sticker"},
            {"sticker",
             json::object{{"product_id", 1},
                          {"sticker_id", 9},
                          {"images", json::array{json::object{{"url", url}, {"width", 64}, {"height", 64}},
                                                 json::object{{"url", url}, {"width", 256}, {"height", 256}}}}}}};
    }
    if (kind == "video")
        return json::object{
            {"type", "video"},
            {"video", json::object{{"id", ++site.world.last_file_id}, {"owner_id", person.id}, {"title", "My video"}}}};
    if (kind == "link")
        return json::object{{"type", "link"},
                            {"link", json::object{{"url", "https://shop.example/a"}, {"title", "A shop"}}}};
    if (const JsonView own = wish[kind]; own.is_there()) return json::object{{"type", kind}, {kind, *own.raw()}};
    return not_possible("There is no attachment of the kind " + kind + ".");
}

json::value quote_of(const Message& message) {
    return json::object{{"id", message.id},
                        {"conversation_message_id", message.number},
                        {"date", message.body.at("date")},
                        {"from_id", message.body.at("from_id")},
                        {"text", message.body.at("text")}};
}

// What the words of a wish are, beside its text.
std::expected<json::object, std::string> members_of(Site& site, Conversation& conversation, const Person& person,
                                                    const JsonView& wish) {
    json::object more;
    json::array attachments;
    const std::string type = wish["type"].text_or("text");
    std::vector<std::string> kinds;
    for (std::size_t i = 0; i < wish["attachments"].size(); ++i)
        kinds.push_back(wish["attachments"].at(i).text_or(""));
    if (type == "voice") kinds.emplace_back("audio_message");
    if (type != "text" && type != "voice" && type != "location" && type != "button") kinds.push_back(type);
    for (const std::string& kind : kinds) {
        auto made = attachment(site, person, kind, wish);
        if (!made) return made;
        attachments.push_back(std::move(*made));
    }
    more["attachments"] = std::move(attachments);
    if (type == "location")
        more["geo"] =
            json::object{{"type", "point"},
                         {"coordinates", json::object{{"latitude", wish["latitude"].number().value_or(55.75)},
                                                      {"longitude", wish["longitude"].number().value_or(37.61)}}}};
    for (const std::string_view name : {"ref", "ref_source", "payload"})
        if (wish[name].is_there()) more[name] = wish[name].text_or("");
    if (const JsonView keyboard = wish["keyboard"]; keyboard.is_there()) more["keyboard"] = *keyboard.raw();
    if (const auto number = wish["reply_to"].integer()) {
        const Message* quoted = conversation.message(*number);
        if (quoted == nullptr) return not_possible("There is no message to reply to.");
        more["reply_message"] = quote_of(*quoted);
    }
    if (wish["forwarded"].is_there())
        more["fwd_messages"] = json::array{json::object{{"date", site.now_seconds()},
                                                        {"from_id", 5},
                                                        {"text", wish["forwarded"].text_or("")},
                                                        {"attachments", json::array()}}};
    return more;
}

Done say(Site& site, Group& group, Person& person, const JsonView& wish) {
    Conversation& conversation = conversation_of(site, group.id, person.id);
    if (conversation.is_blacklisted) return not_possible("The person is on the community's black list.");
    auto more = members_of(site, conversation, person, wish);
    if (!more) return not_possible(more.error());
    conversation.is_allowed = true;
    const Message& message = append_message(site, group, person, false, wish["text"].text_or(""), std::move(*more));
    tell(site, group, "message_new", new_message_object(person, message));
    return json::object{{"id", message.id}, {"conversation_message_id", message.number}};
}

// The button that is meant: by its place or by its words.
const json::object* button_meant(const Message& message, const JsonView& wish) {
    const json::value* keyboard = message.body.if_contains("keyboard");
    if (keyboard == nullptr) return nullptr;
    std::int64_t place = 0;
    for (const json::value& row : keyboard->at("buttons").as_array())
        for (const json::value& button : row.as_array()) {
            const json::object& action = button.at("action").as_object();
            const bool is_named =
                action.contains("label") && wish["button"].text_or("\n") == action.at("label").as_string();
            if (is_named || wish["index"].integer() == place++) return &action;
        }
    return nullptr;
}

Done press(Site& site, Group& group, Person& person, const JsonView& wish) {
    Conversation& conversation = conversation_of(site, group.id, person.id);
    const Message* message = conversation.message(wish["message"].integer().value_or(0));
    const json::object* action = message == nullptr ? nullptr : button_meant(*message, wish);
    if (action == nullptr) return not_possible("There is no such button.");
    const std::string type(action->at("type").as_string());
    const json::value payload = action->contains("payload") ? action->at("payload") : json::value("");
    if (type == "open_link") return json::object{{"opened", action->at("link")}};
    if (type == "callback") {
        const std::string id = to_hex(random_token(6).data(), 6);
        site.world.presses[id] = {person.id, group.id, site.now() + 60s, false, {}};
        const auto object = parse_json(payload.is_string() ? std::string_view(payload.as_string()) : "");
        tell(site, group, "message_event",
             {{"user_id", person.id},
              {"peer_id", person.id},
              {"event_id", id},
              {"payload", object ? *object : payload},
              {"conversation_message_id", message->number}});
        return json::object{{"event_id", id}};
    }
    json::object words{{"type", type == "location" ? "location" : "button"}, {"payload", payload}};
    if (type == "text") words["text"] = action->at("label");
    const json::value wished(std::move(words));
    return say(site, group, person, JsonView(wished));
}

Done edit(Site& site, Group& group, const Person& person, const JsonView& wish) {
    Message* message = conversation_of(site, group.id, person.id).message(wish["message"].integer().value_or(0));
    if (message == nullptr || message->from_group) return not_possible("There is no such message of this person.");
    message->body["text"] = wish["text"].text_or("");
    message->body["update_time"] = site.now_seconds();
    tell(site, group, "message_edit", message->body);
    return json::object{{"id", message->id}, {"conversation_message_id", message->number}};
}

}  // namespace

Done act(Site& site, Group& group, Person& person, const json::object& wish) {
    const json::value whole(wish);
    const JsonView view(whole);
    const std::string type = view["type"].text_or("text");
    if (type == "press") return press(site, group, person, view);
    if (type == "edit") return edit(site, group, person, view);
    if (type != "start") return say(site, group, person, view);
    json::object words = wish;
    words["type"] = "button";
    words["text"] = "Начать";
    words["payload"] = R"({"command":"start"})";
    const json::value started(std::move(words));
    return say(site, group, person, JsonView(started));
}

void read_all(Site& site, Group& group, const Person& person) {
    const Message* newest = nullptr;
    for (Message& message : conversation_of(site, group.id, person.id).messages)
        if (message.from_group && !message.is_read) {
            message.is_read = true;
            newest = &message;
        }
    if (newest == nullptr) return;
    tell(site, group, "message_read",
         {{"from_id", person.id},
          {"peer_id", person.id},
          {"read_message_id", newest->id},
          {"conversation_message_id", newest->number}});
}

void allow(Site& site, Group& group, const Person& person, const std::string& key) {
    conversation_of(site, group.id, person.id).is_allowed = true;
    tell(site, group, "message_allow", {{"user_id", person.id}, {"key", key}});
}

void deny(Site& site, Group& group, const Person& person) {
    conversation_of(site, group.id, person.id).is_allowed = false;
    tell(site, group, "message_deny", {{"user_id", person.id}});
}

Done answer_by_hand(Site& site, Group& group, const Person& person, const json::object& wish) {
    const json::value whole(wish);
    auto more = members_of(site, conversation_of(site, group.id, person.id), person, JsonView(whole));
    if (!more) return not_possible(more.error());
    (*more)["admin_author_id"] = 5;
    const Message& message =
        append_message(site, group, person, true, JsonView(whole)["text"].text_or(""), std::move(*more));
    tell(site, group, "message_reply", message.body);
    return json::object{{"id", message.id}, {"conversation_message_id", message.number}};
}

json::object chat_of(Site& site, const Group& group, const Person& person) {
    Conversation& conversation = conversation_of(site, group.id, person.id);
    json::array messages;
    for (const Message& message : conversation.messages) {
        if (message.is_deleted) continue;
        json::object shown = message.body;
        shown["direction"] = message.from_group ? "from_group" : "from_person";
        shown["is_read"] = message.is_read;
        messages.push_back(std::move(shown));
    }
    return {{"now", to_rfc3339(site.now())},
            {"messages", std::move(messages)},
            {"is_allowed", conversation.is_allowed},
            {"is_blacklisted", conversation.is_blacklisted},
            {"is_typing", conversation.typing_until_ms > site.pace_ms()}};
}

}  // namespace okno::sim::vk
