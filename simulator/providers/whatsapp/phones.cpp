#include "providers/whatsapp/phones.hpp"

#include "core/base64.hpp"
#include "core/reading.hpp"
#include "core/samples.hpp"
#include "providers/whatsapp/rates.hpp"
#include "providers/whatsapp/webhooks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::sim::whatsapp {

namespace {

constexpr auto kInboundMediaLife = 7 * 24h;
constexpr auto kEditLimit = 15min;

// Where one wish is carried out.
struct Act {
    Site& site;
    Phone& phone;
    Number& number;
    const json::object& wish;
    Message message;     // to become the inbound message
    json::object extra;  // members beside its content
};

using Problem = std::optional<NotPossible>;

Problem not_possible(int status, std::string why) { return NotPossible{status, std::move(why)}; }

Problem write_text(Act& act) {
    const std::string text = text_at(act.wish, "text");
    if (text.empty()) return not_possible(400, "A text needs text.");
    act.message.content = {{"body", text}};
    act.message.shown = {{"text", text}};
    return std::nullopt;
}

// The file of the wish: a stored one, given bytes, or a sample.
std::expected<const Media*, NotPossible> file_of(Act& act, std::string_view kind) {
    World& world = act.site.world;
    if (const std::string id = text_at(act.wish, "media_id"); !id.empty()) {
        const auto found = world.media.find(id);
        if (found == world.media.end()) return std::unexpected(NotPossible{404, "There is no such media."});
        return &found->second;
    }
    Sample sample = sample_of(kind);
    std::string mime(sample.mime_type);
    std::string filename(sample.filename);
    std::string bytes = std::move(sample.bytes);
    if (const std::string data = text_at(act.wish, "data"); !data.empty()) {
        auto decoded = from_base64(data);
        if (!decoded) return std::unexpected(NotPossible{400, "data is no base64."});
        bytes = std::move(*decoded);
    }
    if (const std::string given = text_at(act.wish, "mime_type"); !given.empty()) mime = given;
    if (const std::string given = text_at(act.wish, "filename"); !given.empty()) filename = given;
    return &world.add_media("", mime, filename, std::move(bytes), act.site.now() + kInboundMediaLife);
}

Problem send_file(Act& act) {
    const std::string kind = text_at(act.wish, "type");
    const auto media = file_of(act, kind);
    if (!media) return media.error();
    const std::string caption = text_at(act.wish, "caption");
    const std::string filename = text_at(act.wish, "filename");
    json::object& content = act.message.content;
    act.message.type = kind == "voice" ? "audio" : kind;
    if (!caption.empty() && act.message.type != "audio") content["caption"] = caption;
    if (kind == "document") content["filename"] = filename.empty() ? (*media)->filename : filename;
    content["mime_type"] = (*media)->mime_type;
    content["sha256"] = (*media)->sha256_base64;
    content["id"] = (*media)->id;
    if (act.message.type == "audio") content["voice"] = kind == "voice";
    if (kind == "sticker") content["animated"] = false;
    act.message.shown = {{"media", content}};
    if (!caption.empty()) act.message.shown["text"] = caption;
    return std::nullopt;
}

Problem send_list(Act& act) {
    const std::string type = text_at(act.wish, "type");
    act.message.content = {{"list", array_at(act.wish, type)}};
    act.message.shown = {{type, array_at(act.wish, type)}};
    return std::nullopt;
}

// Location, order and whatever else is simply an object under its own name.
Problem send_object(Act& act) {
    const std::string type = text_at(act.wish, "type");
    const json::value* content = act.wish.if_contains(type);
    if (content == nullptr || !content->is_object())
        return not_possible(400, fmt::format("The object {} is missing.", type));
    act.message.content = content->get_object();
    act.message.shown = {{"media", act.message.content}};
    return std::nullopt;
}

Problem send_unsupported(Act& act) {
    const std::string what = text_at(act.wish, "what");
    act.extra["errors"] =
        json::array{json::object{{"code", 131051},
                                 {"title", "Message type unknown"},
                                 {"message", "Message type unknown"},
                                 {"error_data", {{"details", "Message type is currently not supported."}}}}};
    act.extra["unsupported"] = {{"type", what.empty() ? "unknown" : what}};
    act.message.type = "unsupported";
    act.message.shown = {{"text", fmt::format("({})", what.empty() ? "unsupported" : what)}};
    return std::nullopt;
}

// The message of this chat that the wish points at; `from_customer` says whose it must be, if that matters.
std::expected<Message*, NotPossible> target_of(Act& act, std::optional<bool> from_customer) {
    Message* target = act.site.world.message(text_at(act.wish, "message"));
    if (target == nullptr || target->wa_id != act.phone.wa_id || target->number_id != act.number.id)
        return std::unexpected(NotPossible{404, "There is no such message in this chat."});
    if (from_customer && target->from_customer != *from_customer)
        return std::unexpected(NotPossible{409, "The message is not from the side it would have to be."});
    return target;
}

Problem react(Act& act) {
    const auto target = target_of(act, std::nullopt);
    if (!target) return target.error();
    const std::string emoji = text_at(act.wish, "emoji");
    (*target)->emoji_of_customer = emoji;
    act.message.content = {{"message_id", (*target)->id}};
    if (!emoji.empty()) act.message.content["emoji"] = emoji;
    return std::nullopt;
}

// What can be pressed in a message, each with all names it answers to.
struct Choice {
    std::string type;  // button_reply, list_reply, button, contact_request
    std::string id;    // or the payload
    std::string title;
    std::string description;
};

std::vector<Choice> choices_of(const Message& message) {
    std::vector<Choice> choices;
    const json::object& action = object_at(message.shown, "action");
    for (const json::value& button : array_at(action, "buttons")) {
        const json::object& reply = object_at(button.as_object(), "reply");
        choices.push_back({"button_reply", text_at(reply, "id"), text_at(reply, "title"), ""});
    }
    for (const json::value& section : array_at(action, "sections"))
        for (const json::value& row : array_at(section.as_object(), "rows"))
            choices.push_back({"list_reply", text_at(row.as_object(), "id"), text_at(row.as_object(), "title"),
                               text_at(row.as_object(), "description")});
    for (const json::value& button : array_at(message.shown, "buttons")) {
        const json::object& one = button.as_object();
        const bool is_quick = text_at(one, "type") == "quick_reply";
        choices.push_back(
            {is_quick ? "button" : text_at(one, "type"), text_at(one, "payload"), text_at(one, "text"), ""});
    }
    if (text_at(action, "name") == "request_contact_info") choices.push_back({"contact_request", "", "", ""});
    return choices;
}

void answer_choice(Act& act, const Choice& choice) {
    Message& message = act.message;
    message.shown = {{"text", choice.title}};
    if (choice.type == "button") {
        message.type = "button";
        message.content = {{"payload", choice.id}, {"text", choice.title}};
    } else if (choice.type == "contact_request") {
        message.type = "contacts";
        const json::object contact{
            {"name", {{"formatted_name", act.phone.name}, {"first_name", act.phone.name}}},
            {"phones",
             json::array{json::object{{"phone", "+" + act.phone.wa_id}, {"wa_id", act.phone.wa_id}, {"type", "CELL"}}}},
            {"origin", "contact_request"}};
        message.content = {{"list", json::array{contact}}};
        message.shown = {{"contacts", json::array{contact}}};
    } else {
        message.type = "interactive";
        json::object reply{{"id", choice.id}, {"title", choice.title}};
        if (!choice.description.empty()) reply["description"] = choice.description;
        message.content = {{"type", choice.type}};
        message.content[choice.type] = std::move(reply);
    }
}

Problem press(Act& act) {
    const auto target = target_of(act, false);
    if (!target) return target.error();
    const std::vector<Choice> choices = choices_of(**target);
    const std::string wanted = text_at(act.wish, "button");
    const std::int64_t index = number_at(act.wish, "index", -1);
    auto found = choices.end();
    if (!wanted.empty())
        found =
            std::ranges::find_if(choices, [&](const Choice& one) { return one.id == wanted || one.title == wanted; });
    else if (index >= 0 && index < static_cast<std::int64_t>(choices.size()))
        found = choices.begin() + index;
    if (found == choices.end()) return not_possible(404, "The message has no such button.");
    static constexpr std::string_view told[] = {"button_reply", "list_reply", "button", "contact_request"};
    if (std::ranges::find(told, found->type) == std::end(told))
        return not_possible(409, "This button opens a page or a call; the business hears nothing of it.");
    act.message.reply_to = (*target)->id;
    answer_choice(act, *found);
    return std::nullopt;
}

std::string arrival_of_edits(const Number& number) {
    if (!number.edits_arrive_as.empty()) return number.edits_arrive_as;
    return number.is_coexistence ? "edit" : "unsupported";
}

Problem edit(Act& act) {
    const auto target = target_of(act, true);
    if (!target) return target.error();
    Message& original = **target;
    if (act.site.now() > original.at + kEditLimit)
        return not_possible(409, "Only messages of the last 15 minutes can be edited.");
    const std::string text = text_at(act.wish, "text");
    original.shown["text"] = text;
    original.is_edited = true;
    if (arrival_of_edits(act.number) != "edit") {
        const json::object wish{{"what", "edit"}};
        Act plain{act.site, act.phone, act.number, wish, act.message, {}};
        Problem problem = send_unsupported(plain);
        act.message = std::move(plain.message);
        act.extra = std::move(plain.extra);
        return problem;
    }
    json::object inner{{"type", original.type}};
    if (original.type == "text")
        inner["text"] = {{"body", text}};
    else {
        json::object content = original.content;
        content["caption"] = text;
        inner[original.type] = std::move(content);
    }
    act.message.content = {{"original_message_id", original.id}, {"message", std::move(inner)}};
    return std::nullopt;
}

Problem remove(Act& act) {
    const auto target = target_of(act, true);
    if (!target) return target.error();
    (*target)->is_deleted = true;
    act.message.type = "revoke";
    if (arrival_of_edits(act.number) != "edit") {
        const json::object wish{{"what", "unknown"}};
        Act plain{act.site, act.phone, act.number, wish, act.message, {}};
        Problem problem = send_unsupported(plain);
        act.message = std::move(plain.message);
        act.extra = std::move(plain.extra);
        return problem;
    }
    act.message.content = {{"original_message_id", (*target)->id}};
    return std::nullopt;
}

struct Kind {
    std::string_view name;
    Problem (*carry_out)(Act&);
    bool is_bubble = true;  // stands in the chat as a message of its own
};
constexpr Kind kKinds[] = {
    {"text", write_text},      {"image", send_file},
    {"video", send_file},      {"audio", send_file},
    {"voice", send_file},      {"document", send_file},
    {"sticker", send_file},    {"contacts", send_list},
    {"location", send_object}, {"reaction", react, false},
    {"press", press},          {"edit", edit, false},
    {"delete", remove, false}, {"unsupported", send_unsupported},
};

void open_window(Act& act, std::string_view kind) {
    if (kind == "edit" || kind == "delete") return;
    if (kind == "reaction" && act.site.core.settings.get("reaction_opens_window") == 0) return;
    Chat& chat = act.site.world.chat(act.number.id, act.phone.wa_id);
    chat.last_user_message = act.message.at;
    if (!object_at(act.wish, "referral").empty()) chat.referred_at = act.message.at;
}

}  // namespace

std::expected<std::string, NotPossible> act_on_phone(Site& site, Phone& phone, Number& number,
                                                     const json::object& wish) {
    const std::string name = text_at(wish, "type").empty() ? "text" : text_at(wish, "type");
    const auto* kind = std::ranges::find(kKinds, name, &Kind::name);
    Act act{site, phone, number, wish, {}, {}};
    act.message.id = new_message_id(phone.wa_id);
    act.message.number_id = number.id;
    act.message.wa_id = phone.wa_id;
    act.message.from_customer = true;
    act.message.type = name;
    act.message.at = site.now();
    act.message.status = "delivered";
    act.message.reply_to = text_at(wish, "reply_to");
    act.message.is_forwarded = flag_at(wish, "forwarded");
    const Problem problem = kind == std::end(kKinds) ? send_object(act) : kind->carry_out(act);
    if (problem) return std::unexpected(*problem);
    if (const json::object& referral = object_at(wish, "referral"); !referral.empty()) act.extra["referral"] = referral;

    open_window(act, name);
    count_inbound(number, site.pace_ms());
    ++site.world.version;
    const std::string id = act.message.id;
    if (kind == std::end(kKinds) || kind->is_bubble) {
        act.message.sequence = site.world.next_sequence();
        tell_message(site, site.world.add(std::move(act.message)), act.extra);
    } else if (const bool is_silent = (name == "edit" || name == "delete") && arrival_of_edits(number) == "silent";
               !is_silent) {
        tell_message(site, act.message, act.extra);
    }
    return id;
}

std::expected<std::string, NotPossible> act_in_business_app(Site& site, Number& number, const json::object& wish) {
    if (!number.is_coexistence) return std::unexpected(NotPossible{409, "The number is not used in the Business app."});
    Phone* phone = site.world.phone_by_number(text_at(wish, "to"));
    if (phone == nullptr) return std::unexpected(NotPossible{404, "There is no such phone."});
    const std::string name = text_at(wish, "type").empty() ? "text" : text_at(wish, "type");
    Message message;
    message.id = new_message_id(phone->wa_id);
    message.number_id = number.id;
    message.wa_id = phone->wa_id;
    message.type = name;
    message.at = site.now();
    message.status = "delivered";
    json::object content;
    if (name == "edit" || name == "delete") {
        Message* original = site.world.message(text_at(wish, "message"));
        if (original == nullptr || original->from_customer)
            return std::unexpected(NotPossible{404, "There is no such message of the business."});
        content["original_message_id"] = original->id;
        if (name == "edit") {
            original->shown["text"] = text_at(wish, "text");
            original->is_edited = true;
            content["message"] = {{"type", "text"}, {"text", {{"body", text_at(wish, "text")}}}};
        } else {
            original->is_deleted = true;
            message.type = "revoke";
        }
    } else {
        Act act{site, *phone, number, wish, std::move(message), {}};
        const auto* kind = std::ranges::find(kKinds, name, &Kind::name);
        const Problem problem = kind == std::end(kKinds) ? send_object(act) : kind->carry_out(act);
        if (problem) return std::unexpected(*problem);
        message = std::move(act.message);
        content = message.content;
        message.sequence = site.world.next_sequence();
        site.world.add(message);
    }
    ++site.world.version;
    json::object echo{{"from", digits_of(number.display)}};
    if (!phone->hides_number) echo["to"] = phone->wa_id;
    echo["to_user_id"] = phone->bsuid;
    echo["id"] = message.id;
    echo["timestamp"] = unix_text(message.at);
    echo["type"] = message.type;
    const json::value* list = content.if_contains("list");
    if (list != nullptr)
        echo[message.type] = *list;
    else
        echo[message.type] = content;
    tell_number(site, number, "smb_message_echoes",
                {{"messaging_product", "whatsapp"},
                 {"metadata", metadata_of(number)},
                 {"message_echoes", json::array{std::move(echo)}}},
                {{"what", "echo"}, {"id", message.id}, {"type", message.type}, {"wa_id", phone->wa_id}});
    return message.id;
}

}  // namespace okno::sim::whatsapp
