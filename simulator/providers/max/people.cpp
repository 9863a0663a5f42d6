#include "providers/max/people.hpp"

#include "base/json.hpp"
#include "core/base64.hpp"
#include "core/samples.hpp"
#include "providers/max/objects.hpp"
#include "providers/max/updates.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::max {

namespace {

using Done = std::expected<json::object, std::string>;

std::unexpected<std::string> not_possible(std::string why) { return std::unexpected(std::move(why)); }

struct Kind {
    std::string_view name;    // in a wish
    std::string_view type;    // of MAX
    std::string_view sample;  // of core/samples.hpp
};
constexpr std::array kKinds{Kind{"image", "image", "photo"},      Kind{"video", "video", "video"},
                            Kind{"voice", "audio", "voice"},      Kind{"audio", "audio", "voice"},
                            Kind{"file", "file", "document"},     Kind{"document", "file", "document"},
                            Kind{"sticker", "sticker", "sticker"}};

struct Scene {
    Site& site;
    Bot& bot;
    Person& person;
    Dialog& dialog;
    JsonView wish;
};

Done file_attachment(const Scene& scene, const Kind& kind) {
    const JsonView& wish = scene.wish;
    const Sample sample = sample_of(kind.sample);
    File file;
    file.kind = kind.type;
    file.name = wish["filename"].text_or(sample.filename);
    file.mime = wish["mime_type"].text_or(sample.mime_type);
    const auto given = wish["data"].is_there() ? from_base64(wish["data"].text_or("")) : std::nullopt;
    if (wish["data"].is_there() && !given) return not_possible("data is no base64.");
    file.bytes = std::make_shared<const std::string>(given ? *given : sample.bytes);
    json::object out = attachment_of(scene.site, add_file(scene.site, std::move(file)));
    if (wish["transcription"].is_there()) out["transcription"] = wish["transcription"].text_or("");
    return out;
}

// Their own card, or one of somebody else.
json::object card(const Scene& scene) {
    const JsonView other = scene.wish["contact"];
    const std::string name = other["name"].text_or(scene.person.first_name);
    const std::string phone = other["phone"].text_or(scene.person.phone);
    json::object payload{
        {"vcf_info", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:" + name + "\r\nTEL;TYPE=cell:" + phone + "\r\nEND:VCARD\r\n"},
        {"max_info", nullptr}};
    if (!other.is_there()) payload["max_info"] = user_object(scene.person);
    return {{"type", "contact"}, {"payload", std::move(payload)}};
}

Done attachment(const Scene& scene, const std::string& name) {
    const auto* kind = std::ranges::find(kKinds, name, &Kind::name);
    if (kind != kKinds.end()) return file_attachment(scene, *kind);
    if (name == "location")
        return json::object{{"type", "location"},
                            {"latitude", scene.wish["latitude"].number().value_or(55.75)},
                            {"longitude", scene.wish["longitude"].number().value_or(37.61)}};
    if (name == "contact") return card(scene);
    if (name == "share")
        return json::object{
            {"type", "share"}, {"payload", json::object{{"url", "https://shop.example/a"}}}, {"title", "A shop"}};
    if (const JsonView own = scene.wish["attachment"]; own.is_there()) return own.raw()->get_object();
    return not_possible("There is no attachment of the kind " + name + ".");
}

Done linked(const Scene& scene) {
    if (const std::string text = scene.wish["forwarded"].text_or(""); !text.empty())
        return json::object{
            {"type", "forward"},
            {"sender", json::object{{"user_id", 5}, {"first_name", "Oleg"}, {"last_name", nullptr}, {"is_bot", false}}},
            {"chat_id", 4},
            {"message",
             json::object{{"mid", "mid.foreign"}, {"seq", 1}, {"text", text}, {"attachments", json::array()}}}};
    const std::string mid = scene.wish["reply_to"].text_or("");
    if (mid.empty()) return json::object{};
    const Message* quoted = scene.dialog.message(mid);
    if (quoted == nullptr) return not_possible("There is no message to reply to.");
    return json::object{{"type", "reply"}, {"message", body_object(*quoted)}};
}

json::object created(const Scene& scene, const Message& message) {
    return {{"message", message_object(scene.bot, scene.person, scene.dialog, message)}, {"user_locale", "ru"}};
}

Done say(const Scene& scene) {
    if (!scene.dialog.is_started || scene.dialog.is_stopped)
        return not_possible("The person has to press Start first.");
    const std::string type = scene.wish["type"].text_or("text");
    json::array attachments;
    std::vector<std::string> kinds;
    for (std::size_t i = 0; i < scene.wish["attachments"].size(); ++i)
        kinds.push_back(scene.wish["attachments"].at(i).text_or(""));
    if (type != "text") kinds.push_back(type);
    for (const std::string& kind : kinds) {
        auto made = attachment(scene, kind);
        if (!made) return made;
        attachments.push_back(std::move(*made));
    }
    auto link = linked(scene);
    if (!link) return link;
    Message& message = append_message(scene.site, scene.dialog, false);
    message.text = scene.wish["text"].text_or(scene.wish["caption"].text_or(""));
    message.attachments = std::move(attachments);
    message.link = std::move(*link);
    if (const JsonView markup = scene.wish["markup"]; markup.is_there()) message.markup = markup.raw()->get_array();
    tell(scene.site, scene.bot, "message_created", created(scene, message));
    return json::object{{"id", message.mid}};
}

// The button that is meant: by its place or by its words.
const json::object* button_meant(const Message& message, const JsonView& wish) {
    std::int64_t place = 0;
    for (const json::value& one : message.attachments) {
        if (one.at("type").as_string() != "inline_keyboard") continue;
        for (const json::value& row : one.at("payload").at("buttons").as_array())
            for (const json::value& button : row.as_array()) {
                const bool is_named = wish["button"].text_or("\n") == button.at("text").as_string();
                if (is_named || wish["index"].integer() == place++) return &button.as_object();
            }
    }
    return nullptr;
}

Done press(const Scene& scene) {
    Message* message = scene.dialog.message(scene.wish["message"].text_or(""));
    const json::object* found = message == nullptr ? nullptr : button_meant(*message, scene.wish);
    if (found == nullptr) return not_possible("There is no such button.");
    const json::object button = *found;
    const std::string type(button.at("type").as_string());
    if (type == "link") return json::object{{"opened", button.at("url")}};
    if (type == "callback") {
        json::object shown = message_object(scene.bot, scene.person, scene.dialog, *message);
        message->answer.clear();
        tell(scene.site, scene.bot, "message_callback",
             {{"callback", json::object{{"timestamp", millis_now(scene.site)},
                                        {"callback_id", message->keyboard},
                                        {"payload", button.at("payload")},
                                        {"user", user_object(scene.person)}}},
              {"message", std::move(shown)},
              {"user_locale", "ru"}});
        return json::object{{"callback_id", message->keyboard}};
    }
    json::object words{{"type", type == "request_contact" ? "contact" : "location"}};
    if (type == "message") words = {{"type", "text"}, {"text", button.at("text")}};
    const json::value wished(std::move(words));
    return say({scene.site, scene.bot, scene.person, scene.dialog, JsonView(wished)});
}

Message* own_message(const Scene& scene) {
    Message* message = scene.dialog.message(scene.wish["message"].text_or(""));
    return message == nullptr || message->from_bot || message->is_deleted ? nullptr : message;
}

Done edit(const Scene& scene) {
    Message* message = own_message(scene);
    if (message == nullptr) return not_possible("There is no such message of this person.");
    message->text = scene.wish["text"].text_or("");
    message->is_edited = true;
    ++scene.site.world.version;
    tell(scene.site, scene.bot, "message_edited",
         {{"message", message_object(scene.bot, scene.person, scene.dialog, *message)}});
    return json::object{{"id", message->mid}};
}

Done remove(const Scene& scene) {
    Message* message = own_message(scene);
    if (message == nullptr) return not_possible("There is no such message of this person.");
    message->is_deleted = true;
    ++scene.site.world.version;
    tell(scene.site, scene.bot, "message_removed",
         {{"message_id", message->mid}, {"chat_id", scene.dialog.chat}, {"user_id", scene.person.id}});
    return json::object{{"id", message->mid}};
}

json::object of_dialog(const Scene& scene) {
    return {{"chat_id", scene.dialog.chat}, {"user", user_object(scene.person)}, {"user_locale", "ru"}};
}

Done start(const Scene& scene) {
    const std::string payload = scene.wish["payload"].text_or("");
    if (payload.size() > 128) return not_possible("A payload has at most 128 characters.");
    scene.dialog.is_started = true;
    scene.dialog.is_stopped = false;
    ++scene.site.world.version;
    json::object members = of_dialog(scene);
    members["payload"] = payload.empty() ? json::value(nullptr) : json::value(payload);
    tell(scene.site, scene.bot, "bot_started", std::move(members));
    return json::object{{"chat_id", scene.dialog.chat}};
}

// Stopping may come with the removal of the dialog.
Done stop(const Scene& scene, bool removes) {
    scene.dialog.is_stopped = true;
    ++scene.site.world.version;
    tell(scene.site, scene.bot, "bot_stopped", of_dialog(scene));
    if (removes) tell(scene.site, scene.bot, "dialog_removed", of_dialog(scene));
    return json::object{{"chat_id", scene.dialog.chat}};
}

}  // namespace

Done act(Site& site, Bot& bot, Person& person, const json::object& wish) {
    const json::value whole(wish);
    const Scene scene{site, bot, person, site.world.dialog(bot.id, person.id), JsonView(whole)};
    const std::string type = scene.wish["type"].text_or("text");
    if (type == "press") return press(scene);
    if (type == "edit") return edit(scene);
    if (type == "delete") return remove(scene);
    if (type == "start") return start(scene);
    if (type == "stop" || type == "block") return stop(scene, false);
    if (type == "remove_dialog") return stop(scene, true);
    return say(scene);
}

}  // namespace okno::sim::max
