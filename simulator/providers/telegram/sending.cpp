#include "providers/telegram/sending.hpp"

#include "providers/telegram/destination.hpp"
#include "providers/telegram/files.hpp"
#include "providers/telegram/markup_rules.hpp"
#include "providers/telegram/objects.hpp"
#include "providers/telegram/text.hpp"
#include "providers/telegram/updates.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::sim::telegram {

namespace {

constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kLongestCaption = 1024;
constexpr std::size_t kLargestAlbum = 10;

// A message that has its content and waits for its chat.
struct Draft {
    std::string type;
    json::object content;
    std::optional<File> file;
    FileDetails details;
};

Problem add_caption(const json::object& from, json::object& content) {
    auto caption =
        read_text(text_at(from, "caption"), text_at(from, "parse_mode"), from.if_contains("caption_entities"));
    if (!caption) return caption.error();
    if (utf16_length(caption->text) > kLongestCaption) return bad_request("message caption is too long");
    if (caption->text.empty()) return std::nullopt;
    content["caption"] = caption->text;
    if (!caption->entities.empty()) content["caption_entities"] = caption->entities;
    return std::nullopt;
}

// The message it answers; 0: none. Unknown ones are refused unless the caller does without.
std::expected<std::int64_t, Refusal> find_reply(Site& site, const Call& call, const ChatKey& key) {
    auto given = call.structure("reply_parameters");
    if (!given) return std::unexpected(given.error());
    const json::object& parameters = given->is_object() ? given->get_object() : call.args;
    const std::string_view member = given->is_object() ? "message_id" : "reply_to_message_id";
    const std::int64_t id = number_at(parameters, member);
    if (id == 0) return 0;
    if (site.world.message(key, id) != nullptr) return id;
    const json::value* may_go = parameters.if_contains("allow_sending_without_reply");
    if (may_go != nullptr && truth_of(*may_go)) return 0;
    return std::unexpected(bad_request("message to be replied not found"));
}

// A keyboard of a chat stays until another takes its place.
void show_keyboard(Chat& chat, const Message& message) {
    if (message.markup.contains("keyboard")) {
        chat.keyboard = message.markup;
        chat.keyboard_of = message.id;
    } else if (message.markup.contains("remove_keyboard")) {
        chat.keyboard.clear();
        chat.keyboard_of = 0;
    }
}

const Message& put_into_chat(Site& site, const ChatKey& key, Draft draft, const json::object& markup,
                             std::int64_t reply_to) {
    Message message;
    message.chat = key;
    message.by_bot = true;
    message.from = key.connection.empty() ? key.bot : site.world.connections.find(key.connection)->second.owner;
    message.type = draft.file ? draft.file->kind : draft.type;
    message.at = site.now();
    message.markup = markup;
    message.reply_to = reply_to;
    if (draft.file) {
        const File& file = draft.file->unique_id.empty() ? site.world.add_file(std::move(*draft.file)) : *draft.file;
        message.content = file_members(site, key.bot, file, draft.details);
    }
    for (const auto& [name, value] : draft.content)
        message.content[name] = value;
    const Message& added = site.world.add(std::move(message));
    Chat& chat = site.world.chats[key];
    chat.typing_until_ms = 0;
    show_keyboard(chat, added);
    return added;
}

// The bot hears of what it wrote for the owner, as of everything in the owner's chats.
void tell_echo(Site& site, const Message& message) {
    if (message.chat.connection.empty()) return;
    tell(site, *site.world.bot(message.chat.bot),
         {"business_message", message_object(site, message),
          fmt::format("business:{}:{}", message.chat.connection, message.chat.person), message.chat.person, 24h});
}

Problem check_person(Site& site, const ChatKey& key, const std::vector<Draft>& drafts) {
    const Person* person = site.world.person(key.person);
    const bool is_voice = std::ranges::any_of(drafts, [](const Draft& one) {
        return one.file && (one.file->kind == "voice" || one.file->kind == "video_note");
    });
    if (is_voice && person != nullptr && person->forbids_voice) return bad_request("VOICE_MESSAGES_FORBIDDEN");
    return std::nullopt;
}

Answer deliver(Site& site, Call& call, std::vector<Draft> drafts) {
    const auto key = find_chat(site, call);
    if (!key) return std::unexpected(key.error());
    auto given = call.structure("reply_markup");
    if (!given) return std::unexpected(given.error());
    const auto markup = check_markup(*given, !key->connection.empty());
    if (!markup) return std::unexpected(markup.error());
    const auto reply_to = find_reply(site, call, *key);
    if (!reply_to) return std::unexpected(reply_to.error());
    if (const Problem wrong = check_person(site, *key, drafts)) return std::unexpected(*wrong);
    if (const Problem wrong = check_rates(site, *call.bot, *key, static_cast<std::int64_t>(drafts.size())))
        return std::unexpected(*wrong);
    json::array sent;
    json::array ids;
    for (Draft& draft : drafts) {
        if (call.flag("protect_content")) draft.content["has_protected_content"] = true;
        const Message& message = put_into_chat(site, *key, std::move(draft), *markup, *reply_to);
        call.entry["type"] = message.type;
        ids.push_back(message.id);
        sent.push_back(message_object(site, message));
        tell_echo(site, message);
    }
    call.entry["message_id"] = ids.front();
    if (ids.size() == 1) return sent.front();
    call.entry["message_ids"] = std::move(ids);
    return sent;
}

Answer deliver(Site& site, Call& call, Draft draft) {
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    return deliver(site, call, std::move(drafts));
}

std::expected<json::object, Refusal> read_place(const Call& call) {
    const auto latitude = call.decimal("latitude");
    const auto longitude = call.decimal("longitude");
    if (!latitude) return std::unexpected(bad_request("latitude is empty"));
    if (!longitude) return std::unexpected(bad_request("longitude is empty"));
    if (*latitude < -90 || *latitude > 90 || *longitude < -180 || *longitude > 180)
        return std::unexpected(bad_request("wrong location specified"));
    return json::object{{"latitude", *latitude}, {"longitude", *longitude}};
}

FileDetails details_of(const json::object& from, std::string_view kind) {
    FileDetails details;
    if (kind == "sticker") details.emoji = text_at(from, "emoji");
    if (kind == "audio") {
        details.title = text_at(from, "title");
        details.performer = text_at(from, "performer");
    }
    details.duration = number_at(from, "duration", 1);
    return details;
}

// An album's kinds; documents and music keep to themselves.
Problem check_album_kinds(const std::vector<std::string>& kinds) {
    for (const std::string& kind : kinds)
        if (kind != "photo" && kind != "video" && kind != "document" && kind != "audio")
            return bad_request(
                fmt::format("can't parse InputMedia: type \"{}\" must be of photo, video, document, audio", kind));
    for (const std::string_view alone : {"document", "audio"}) {
        const auto count = std::ranges::count(kinds, alone);
        if (count != 0 && count != static_cast<std::ptrdiff_t>(kinds.size()))
            return bad_request(fmt::format("{} can't be mixed with other media types", alone));
    }
    return std::nullopt;
}

std::expected<Draft, Refusal> read_album_item(Site& site, const Call& call, const json::object& item) {
    Draft draft;
    const std::string kind = text_at(item, "type");
    const std::string media = text_at(item, "media");
    if (media.empty()) return std::unexpected(bad_request("can't parse InputMedia: media not found"));
    auto file = read_input_file(site, call, kind, media);
    if (!file) return std::unexpected(file.error());
    if (const Problem wrong = add_caption(item, draft.content)) return std::unexpected(*wrong);
    draft.details = details_of(item, kind);
    draft.file = std::move(*file);
    return draft;
}

}  // namespace

Answer send_text(Site& site, Call& call) {
    auto text = read_text(call.text("text"), call.text("parse_mode"), call.args.if_contains("entities"));
    if (!text) return std::unexpected(text.error());
    if (text->text.empty()) return std::unexpected(bad_request("message text is empty"));
    if (utf16_length(text->text) > kLongestText) return std::unexpected(bad_request("message is too long"));
    Draft draft{"text", {{"text", text->text}}, {}, {}};
    if (!text->entities.empty()) draft.content["entities"] = text->entities;
    return deliver(site, call, std::move(draft));
}

Answer send_place(Site& site, Call& call) {
    auto place = read_place(call);
    if (!place) return std::unexpected(place.error());
    return deliver(site, call, Draft{"location", {{"location", *place}}, {}, {}});
}

Answer send_venue(Site& site, Call& call) {
    auto place = read_place(call);
    if (!place) return std::unexpected(place.error());
    const std::string title = call.text("title");
    const std::string address = call.text("address");
    if (title.empty() || address.empty())
        return std::unexpected(bad_request("venue title and address must be non-empty"));
    return deliver(
        site, call,
        Draft{"venue",
              {{"venue", {{"location", *place}, {"title", title}, {"address", address}}}, {"location", *place}},
              {},
              {}});
}

Answer send_contact(Site& site, Call& call) {
    const std::string phone = call.text("phone_number");
    const std::string name = call.text("first_name");
    if (phone.empty()) return std::unexpected(bad_request("phone number is empty"));
    if (name.empty()) return std::unexpected(bad_request("first name is empty"));
    json::object contact{{"phone_number", phone}, {"first_name", name}};
    for (const std::string_view more : {"last_name", "vcard"})
        if (const std::string value = call.text(more); !value.empty()) contact[more] = value;
    return deliver(site, call, Draft{"contact", {{"contact", std::move(contact)}}, {}, {}});
}

Answer send_file(Site& site, Call& call, const std::string& kind) {
    auto file = read_own_file(site, call, kind);
    if (!file) return std::unexpected(file.error());
    Draft draft;
    if (kind != "sticker" && kind != "video_note")
        if (const Problem wrong = add_caption(call.args, draft.content)) return std::unexpected(*wrong);
    draft.details = details_of(call.args, kind);
    draft.file = std::move(*file);
    return deliver(site, call, std::move(draft));
}

Answer send_album(Site& site, Call& call) {
    auto media = call.structure("media");
    if (!media) return std::unexpected(media.error());
    if (!media->is_array()) return std::unexpected(bad_request("can't parse media JSON object"));
    const json::array& items = media->get_array();
    if (items.size() < 2) return std::unexpected(bad_request("there are not enough messages to send as an album"));
    if (items.size() > kLargestAlbum) return std::unexpected(bad_request("too many messages to send as an album"));
    std::vector<std::string> kinds;
    for (const json::value& item : items)
        kinds.push_back(item.is_object() ? text_at(item.get_object(), "type") : "");
    if (const Problem wrong = check_album_kinds(kinds)) return std::unexpected(*wrong);
    const std::string group = random_number();
    std::vector<Draft> drafts;
    for (const json::value& item : items) {
        auto draft = read_album_item(site, call, item.get_object());
        if (!draft) return std::unexpected(draft.error());
        draft->content["media_group_id"] = group;
        drafts.push_back(std::move(*draft));
    }
    call.args.erase("reply_markup");  // no keyboard is possible under an album
    return deliver(site, call, std::move(drafts));
}

}  // namespace okno::sim::telegram
