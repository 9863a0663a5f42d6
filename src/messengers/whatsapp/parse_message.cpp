#include "messengers/whatsapp/account_notices.hpp"
#include "messengers/whatsapp/errors.hpp"
#include "messengers/whatsapp/parse.hpp"
#include "messengers/whatsapp/phone.hpp"

#include <algorithm>
#include <array>

namespace okno::whatsapp {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 5> media_types{"image", "video", "audio", "document", "sticker"};

json::value copy_of(const JsonView& view) { return view.raw() != nullptr ? *view.raw() : json::value(); }

// What belongs to the type alone, as the provider wrote it, beside what may accompany any type.
std::string content_of(const JsonView& message, const std::string& type) {
    json::object out;
    if (const JsonView own = message[type]; own.raw() != nullptr && type != "text") {
        if (own.raw()->is_object())
            out = own.raw()->get_object();
        else
            out[type] = copy_of(own);
    }
    out.erase("caption");
    for (const std::string_view extra : {"referral", "errors"})
        if (message[extra].is_there()) out[json::string_view(extra.data(), extra.size())] = copy_of(message[extra]);
    const JsonView context = message["context"];
    if (context["forwarded"].boolean().value_or(false) || context["frequently_forwarded"].boolean().value_or(false))
        out["forwarded"] = true;
    if (context["referred_product"].is_there()) out["referred_product"] = copy_of(context["referred_product"]);
    return json::serialize(out);
}

// What people read of a message: its text, the caption of a file, the title of a pressed button.
std::string text_of(const JsonView& message, const std::string& type) {
    if (type == "text") return message["text"]["body"].text_or("");
    if (type == "button") return message["button"]["text"].text_or("");
    if (type == "interactive") {
        const JsonView answer = message["interactive"][message["interactive"]["type"].text_or("")];
        return answer["title"].text_or(answer["body"].text_or(""));
    }
    if (type == "location") return message["location"]["name"].text_or("");
    if (type == "contacts") return message["contacts"].at(0)["name"]["formatted_name"].text_or("");
    if (type == "order") return message["order"]["text"].text_or("");
    if (type == "reaction") return message["reaction"]["emoji"].text_or("");
    if (type == "system") return message["system"]["body"].text_or("");
    return message[type]["caption"].text_or("");
}

bool is_media(std::string_view type) { return std::ranges::find(media_types, type) != media_types.end(); }

// Whether we can show what it says. A file without an id is one that Meta could not take in (131052).
bool is_known(const JsonView& message, const std::string& type) {
    constexpr std::array<std::string_view, 6> kinds{"text", "location", "contacts", "button", "order", "reaction"};
    constexpr std::array<std::string_view, 3> answers{"button_reply", "list_reply", "nfm_reply"};
    if (message["group_id"].is_there()) return false;  // answering it would write to one person of the group
    if (is_media(type)) return message[type]["id"].is_there();
    if (type == "interactive")
        return std::ranges::find(answers, message["interactive"]["type"].text_or("")) != answers.end();
    return std::ranges::find(kinds, type) != kinds.end() && message[type].is_there();
}

// What we cannot show: which kind it is, why as far as Meta says, and all of it as it came.
std::string unsupported_content(const JsonView& message, const std::string& type) {
    std::string kind = message["unsupported"]["type"].text_or(type);
    if (type == "interactive") kind = message["interactive"]["type"].text_or(type);
    if (message["group_id"].is_there()) kind = "group " + type;
    json::object out{{"kind", kind}};
    if (const JsonView error = message["errors"].at(0); error.is_there()) out["reason"] = sentence_of(error);
    out["raw"] = copy_of(message);
    return json::serialize(out);
}

std::optional<MediaHint> media_of(const JsonView& message, const std::string& type) {
    const JsonView own = message[type];
    const std::string id = own["id"].text_or("");
    if (id.empty() || !is_media(type)) return std::nullopt;
    return MediaHint{type, id, own["filename"].text_or(""), own["mime_type"].text_or(""), own["sha256"].text_or("")};
}

Result<Events> change_of(const JsonView& message, const Person& from, MessageChange::Kind kind,
                         const std::string& target, const std::string& text) {
    if (target.empty())
        return fail(ErrorKind::invalid, "missing_field",
                    "`" + message.path() + "` does not say which message it changes.");
    MessageChange change;
    change.from = from;
    change.kind = kind;
    change.target = ProviderMessageId{target};
    change.key = message["id"].text_or("");
    change.text = text;
    change.provider_time = time_of(message["timestamp"]);
    change.opens_window = !from.addresses.empty() && kind == MessageChange::Kind::reaction;
    return Events{{{}, change}};
}

// The person got a new number or a new BSUID.
std::optional<ProviderEvent> address_change_of(const JsonView& message, const Person& from) {
    const JsonView system = message["system"];
    AddressChange change;
    change.before = from.addresses;
    const std::string number = system["wa_id"].text_or(system["new_wa_id"].text_or(""));  // older payloads: the latter
    const std::string bsuid = system["user_id"].text_or("");
    if (!bsuid.empty()) change.after.push_back({"bsuid", bsuid, bsuid});
    if (!number.empty()) change.after.push_back(phone_address(number));
    const bool is_new = std::ranges::any_of(change.after, [&](const Address& one) {
        return std::ranges::find(change.before, one.value, &Address::value) == change.before.end();
    });
    if (!is_new || change.before.empty()) return std::nullopt;
    return ProviderEvent{{}, change};
}

Result<Events> edit_of(const JsonView& message, const Person& from) {
    const JsonView edited = message["edit"]["message"];
    return change_of(message, from, MessageChange::Kind::edit, message["edit"]["original_message_id"].text_or(""),
                     text_of(edited, edited["type"].text_or("text")));
}

Result<Events> inbound_of(const JsonView& message, const Person& from, AuthorKind author, const std::string& type) {
    const auto id = message["id"].required_text();
    if (!id) return std::unexpected(id.error());
    if (from.addresses.empty())
        return fail(ErrorKind::invalid, "missing_field", "`" + message.path() + "` names nobody it came from.");
    InboundMessage inbound;
    inbound.from = from;
    inbound.provider_id = ProviderMessageId{*id};
    inbound.author = author;
    inbound.provider_time = time_of(message["timestamp"]);
    inbound.is_event = type == "system";
    const bool is_shown = inbound.is_event || is_known(message, type);
    inbound.type = is_shown ? type : "unsupported";
    inbound.text = text_of(message, type);
    inbound.content = is_shown ? content_of(message, type) : unsupported_content(message, type);
    inbound.media = media_of(message, type);
    inbound.reply_to = ProviderMessageId{message["context"]["id"].text_or("")};
    inbound.opens_window = author == AuthorKind::customer && !inbound.is_event && !message["group_id"].is_there();
    return Events{{{}, inbound}};
}

// What changed first, then the line in the conversation, which is found by the new address.
Result<Events> system_of(const JsonView& message, Person from) {
    const std::string customer = message["system"]["customer"].text_or("");  // older payloads: the number before
    if (from.addresses.empty() && !customer.empty()) from.addresses.push_back(phone_address(customer));
    const auto change = address_change_of(message, from);
    if (!change) return inbound_of(message, from, AuthorKind::customer, "system");
    const Person now{std::get<AddressChange>(change->what).after, from.name};
    Result<Events> line = inbound_of(message, now, AuthorKind::customer, "system");
    if (line) line->insert(line->begin(), *change);
    return line;
}

// A refusal may speak of the whole account: a dead token, a missing payment.
void note_concern(Events& events, const JsonView& error) {
    const std::int64_t code = error["code"].integer().value_or(0);
    if (concern_of(code)) events.push_back({{}, notice_of(error)});
}

std::string price_of(const JsonView& pricing) {
    if (!pricing.is_there()) return {};
    const auto billable = pricing["billable"].boolean();
    return json::serialize(json::object{{"billable", billable ? json::value(*billable) : json::value(nullptr)},
                                        {"category", pricing["category"].text_or("")},
                                        {"type", pricing["type"].text_or("")}});
}

std::vector<Address> recipient_of(const JsonView& status) {
    if (status["recipient_type"].text_or("individual") != "individual") return {};
    const JsonView nobody = status["nobody"];
    return person_of(nobody, status["recipient_id"].text_or(""), status["recipient_user_id"].text_or("")).addresses;
}

}  // namespace

Result<Events> parse_message(const JsonView& message, const Person& from, AuthorKind author) {
    const std::string type = message["type"].text_or("unsupported");
    if (type == "reaction" && author == AuthorKind::customer)
        return change_of(message, from, MessageChange::Kind::reaction, message["reaction"]["message_id"].text_or(""),
                         message["reaction"]["emoji"].text_or(""));
    if (type == "edit") return edit_of(message, from);
    if (type == "revoke")
        return change_of(message, from, MessageChange::Kind::remove,
                         message["revoke"]["original_message_id"].text_or(""), "");
    if (type == "system") return system_of(message, from);
    return inbound_of(message, from, author, type);
}

Result<Events> parse_status(const JsonView& status) {
    const auto id = status["id"].required_text();
    if (!id) return std::unexpected(id.error());
    const std::string name = status["status"].text_or("");
    // A voice message that was played was also read.
    const auto known = read_message_status(name == "played" ? "read" : name);
    const bool is_final = known == MessageStatus::sent || known == MessageStatus::delivered ||
                          known == MessageStatus::read || known == MessageStatus::failed;
    if (!is_final) return Events{};  // `deleted`, `warning` and what Meta adds later
    StatusReport report;
    report.provider_id = ProviderMessageId{*id};
    report.reference = status["biz_opaque_callback_data"].text_or("");
    report.status = *known;
    const auto time = time_of(status["timestamp"]);
    if (!time) return fail(ErrorKind::invalid, "missing_field", "`" + status.path() + ".timestamp` is no time.");
    report.time = *time;
    report.price = price_of(status["pricing"]);
    report.to = recipient_of(status);
    const JsonView error = status["errors"].at(0);
    if (error.is_there()) {
        const std::int64_t code = error["code"].integer().value_or(0);
        report.error_code = word_for(code);
        report.error_message = sentence_of(error);
        report.closes_window = closes_window(code);
    } else if (*known == MessageStatus::failed) {
        report.error_code = "provider_error";
        report.error_message = sentence_of(error);
    }
    Events out{{{}, report}};
    if (error.is_there()) note_concern(out, error);
    return out;
}

}  // namespace okno::whatsapp
