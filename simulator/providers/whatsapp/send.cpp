#include "providers/whatsapp/send.hpp"

#include "core/reading.hpp"
#include "providers/whatsapp/delivery.hpp"
#include "providers/whatsapp/graph_errors.hpp"
#include "providers/whatsapp/media_rules.hpp"
#include "providers/whatsapp/pricing.hpp"
#include "providers/whatsapp/rates.hpp"
#include "providers/whatsapp/send_rules.hpp"
#include "providers/whatsapp/template_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::sim::whatsapp {

namespace {

// States of a number that may not send.
struct NumberRule {
    std::string_view status;
    int code;
};
constexpr NumberRule kNumberStates[] = {
    {"RESTRICTED", 131031},   {"BANNED", 131031},     {"PENDING", 133010},      {"OFFLINE", 133010},  {"DELETED", 33},
    {"DISCONNECTED", 133010}, {"UNVERIFIED", 133010}, {"RATE_LIMITED", 131048}, {"MIGRATED", 133010},
};

// What keeps a message from a person although the request is right: told by a failed status after the 200.
struct RecipientRule {
    bool Phone::* flag;
    bool when;  // the flag's value that refuses
    bool is_for_marketing_only;
    int code;
    std::string_view details;
};
constexpr RecipientRule kRecipientRules[] = {
    {&Phone::is_on_whatsapp, false, false, 131026, "Message Undeliverable."},
    {&Phone::is_blocked, true, false, 130403, "The recipient is on the block list of this number."},
    {&Phone::is_in_experiment, true, true, 130472,
     "Message was not sent because this user's number is part of an experiment."},
    {&Phone::has_stopped_marketing, true, true, 131050,
     "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages."},
    {&Phone::has_had_enough_marketing, true, true, 131049,
     "This message was not delivered to maintain healthy ecosystem engagement."},
};

struct Recipient {
    std::string wa_id;
    Phone* phone = nullptr;  // null: nobody has this number
    std::string given;       // to or recipient
    std::string input;
};

std::expected<Recipient, Refusal> find_recipient(World& world, const Number& number, const json::object& body) {
    Recipient found;
    found.given = text_at(body, "to").empty() ? "recipient" : "to";
    found.input = text_at(body, found.given);
    if (found.given == "recipient") {
        found.phone = world.phone_by_bsuid(found.input);
        if (found.phone == nullptr)
            return std::unexpected(Refusal{131009, "The recipient is no user id of this business portfolio."});
        found.wa_id = found.phone->wa_id;
        return found;
    }
    const std::string digits = digits_of(found.input);
    const bool has_odd_characters = found.input.find_first_not_of("+0123456789 -()") != std::string::npos;
    if (has_odd_characters || digits.size() < 7 || digits.size() > 15 || digits.front() == '0')
        return std::unexpected(Refusal{131009, "Param to is not a valid phone number."});
    if (digits == digits_of(number.display))
        return std::unexpected(Refusal{131021, "Recipient phone number and sender phone number are the same."});
    if (!number.test_recipients.empty() && !number.test_recipients.contains(digits))
        return std::unexpected(Refusal{131030, "Recipient phone number not in allowed list."});
    found.phone = world.phone_by_number(digits);
    found.wa_id = found.phone == nullptr ? digits : found.phone->wa_id;
    return found;
}

std::optional<Refusal> check_number(const Number& number) {
    const auto* rule = std::ranges::find(kNumberStates, number.status, &NumberRule::status);
    if (rule == std::end(kNumberStates)) return std::nullopt;
    return Refusal{rule->code, fmt::format("The phone number's status is {}.", number.status)};
}

// What the request does not show and Meta finds out afterwards.
std::optional<Refusal> check_fate(Site& site, const Recipient& recipient, const Message& message, const Chat& chat,
                                  std::string_view category) {
    if (recipient.phone == nullptr) return Refusal{131026, "Message Undeliverable."};
    const Phone& phone = *recipient.phone;
    for (const RecipientRule& rule : kRecipientRules)
        if (phone.*rule.flag == rule.when && (!rule.is_for_marketing_only || category == "marketing"))
            return Refusal{rule.code, std::string(rule.details)};
    if (phone.fails_with != 0) return Refusal{static_cast<int>(phone.fails_with), ""};
    if (message.type != "template" && !is_window_open(chat, site.now()))
        return Refusal{131047,
                       "Message failed to send because more than 24 hours have passed since the customer last "
                       "replied to this number."};
    if (message.type != "reaction") return std::nullopt;
    const Message* target = site.world.message(text_at(message.content, "message_id"));
    const bool fits = target != nullptr && target->from_customer && target->number_id == message.number_id &&
                      target->wa_id == message.wa_id && target->type != "reaction" && !target->is_deleted &&
                      site.now() < target->at + 30 * 24h;
    return fits ? std::nullopt : std::optional(Refusal{131009, "The message to react to was not found."});
}

// What a phone draws for a message that is no template.
json::object shown_of(const Message& message, const json::object& body) {
    json::object shown;
    const json::object& content = object_at(body, message.type);
    if (message.type == "text") {
        shown["text"] = text_at(content, "body");
    } else if (message.type == "interactive") {
        shown["text"] = text_at(object_at(content, "body"), "text");
        shown["footer"] = text_at(object_at(content, "footer"), "text");
        const json::object& header = object_at(content, "header");
        const std::string header_type = text_at(header, "type");
        if (header_type == "text")
            shown["header_text"] = text_at(header, "text");
        else if (!header_type.empty())
            shown["header_" + header_type] = object_at(header, header_type);
        shown["interactive"] = text_at(content, "type");
        shown["action"] = object_at(content, "action");
    } else if (message.type == "contacts") {
        shown["contacts"] = array_at(body, "contacts");
    } else {
        shown["media"] = content;
        if (const std::string caption = text_at(content, "caption"); !caption.empty()) shown["text"] = caption;
    }
    return shown;
}

json::object acceptance(const Recipient& recipient, const Message& message) {
    json::object contact{{"input", recipient.input}};
    if (recipient.given == "recipient")
        contact["user_id"] = recipient.input;
    else
        contact["wa_id"] = recipient.wa_id;
    json::object sent{{"id", message.id}};
    if (message.type == "template") sent["message_status"] = "accepted";
    return {{"messaging_product", "whatsapp"},
            {"contacts", json::array{std::move(contact)}},
            {"messages", json::array{std::move(sent)}}};
}

std::optional<Refusal> check_mark(Site& site, const Number& number, const json::object& body) {
    if (text_at(body, "messaging_product") != "whatsapp")
        return Refusal{100, "The parameter messaging_product is required."};
    if (text_at(body, "status") != "read") return Refusal{100, "Param status must be one of {READ}."};
    if (text_at(body, "message_id").empty()) return Refusal{100, "The parameter message_id is required."};
    const Message* message = site.world.message(text_at(body, "message_id"));
    if (message == nullptr || !message->from_customer || message->number_id != number.id)
        return Refusal{131009, "The message to mark as read was not found."};
    if (site.now() > message->at + 30 * 24h)
        return Refusal{131009, "The message to mark as read is older than 30 days."};
    const json::value* typing = body.if_contains("typing_indicator");
    if (typing != nullptr && (!typing->is_object() || text_at(typing->get_object(), "type") != "text"))
        return Refusal{100, "Param typing_indicator['type'] must be one of {TEXT}."};
    return std::nullopt;
}

// Read mark, with or without "typing".
net::ServerReply mark_read(Site& site, const Number& number, const json::object& body, json::object& entry) {
    entry["type"] = body.contains("typing_indicator") ? "typing" : "read";
    entry["wamid"] = text_at(body, "message_id");
    if (const auto refusal = check_mark(site, number, body)) {
        entry["code"] = refusal->code;
        return graph_error(*refusal);
    }
    const Message& last = *site.world.message(text_at(body, "message_id"));
    Chat& chat = site.world.chat(last.number_id, last.wa_id);
    for (const std::string& id : chat.messages) {
        Message* one = site.world.message(id);
        if (one != nullptr && one->from_customer) one->status = "read";
        if (id == last.id) break;
    }
    if (body.contains("typing_indicator")) chat.typing_until_ms = site.core.journal.elapsed() + 25'000;
    ++site.world.version;
    return json_reply(200, {{"success", true}});
}

// The message ready to go, or why not.
std::expected<Message, Refusal> prepare(Site& site, Number& number, const json::object& body,
                                        const Recipient& recipient, std::string& category) {
    Message message;
    message.id = new_message_id(recipient.wa_id);
    message.number_id = number.id;
    message.wa_id = recipient.wa_id;
    message.type = type_of_message(body);
    message.at = site.now();
    message.status = "accepted";
    message.callback_data = text_at(body, "biz_opaque_callback_data");
    message.recipient_given = recipient.given;
    message.content = object_at(body, message.type);
    if (message.type == "template") {
        auto filled = fill_template(site.world, number, message.content);
        if (!filled) return std::unexpected(filled.error());
        message.shown = std::move(filled->shown);
        category = filled->source->category;
        std::ranges::transform(category, category.begin(), [](unsigned char c) { return std::tolower(c); });
        if (category == "authentication" && recipient.given == "recipient")
            return std::unexpected(Refusal{131062, "Authentication templates need a phone number."});
    } else {
        message.shown = shown_of(message, body);
        // A template message carries no quote.
        message.reply_to = message.type == "reaction" ? "" : text_at(object_at(body, "context"), "message_id");
    }
    if (auto refusal = check_media_ids(site, number, message)) return std::unexpected(*refusal);
    return message;
}

std::optional<Refusal> check_rates(Site& site, Number& number, Chat& chat) {
    if (!take_throughput(number, site.pace_ms()))
        return Refusal{130429, "Cloud API message throughput has been reached."};
    if (number.has_pair_limit && !may_send_to_pair(chat, site.pace_ms()))
        return Refusal{131056,
                       "Too many messages sent from this phone number to the same phone number in a short "
                       "period of time."};
    return std::nullopt;
}

void open_free_entry(Chat& chat, Timestamp now) {
    if (!chat.referred_at || chat.free_entry_until || now >= *chat.referred_at + 24h) return;
    chat.free_entry_until = now + 72h;
}

}  // namespace

net::ServerReply send_message(Site& site, Number& number, const json::object& body, json::object& entry) {
    if (body.contains("status")) return mark_read(site, number, body, entry);
    const auto refuse = [&](const Refusal& refusal) {
        entry["code"] = refusal.code;
        return graph_error(refusal);
    };
    entry["type"] = type_of_message(body);
    if (const auto refusal = check_number(number)) return refuse(*refusal);
    if (const auto refusal = check_form(body)) return refuse(*refusal);
    const auto recipient = find_recipient(site.world, number, body);
    if (!recipient) return refuse(recipient.error());
    entry["to"] = recipient->wa_id;
    std::string category = "service";
    auto prepared = prepare(site, number, body, *recipient, category);
    if (!prepared) return refuse(prepared.error());
    Chat& chat = site.world.chat(number.id, recipient->wa_id);
    if (const auto refusal = check_rates(site, number, chat)) return refuse(*refusal);

    auto fate = check_fate(site, *recipient, *prepared, chat, category);
    if (!fate) fate = check_media_fate(site, *prepared);
    if (fate && site.core.settings.get("refuse_at_once") != 0) return refuse(*fate);
    if (!fate) {
        open_free_entry(chat, site.now());
        prepared->pricing = price_of(site, number, chat, category);
    }
    const Message& message = site.world.add(std::move(*prepared));
    entry["wamid"] = message.id;
    if (fate) entry["fails_with"] = fate->code;
    start_delivery(site, message.id, fate);
    return json_reply(200, acceptance(*recipient, message));
}

}  // namespace okno::sim::whatsapp
