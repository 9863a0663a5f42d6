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
    return message[type]["caption"].text_or("");
}

bool is_known(std::string_view type) {
    for (const std::string_view known : media_types)
        if (type == known) return true;
    for (const std::string_view known : {"text", "location", "contacts", "interactive", "button", "order"})
        if (type == known) return true;
    return false;
}

std::optional<MediaHint> media_of(const JsonView& message, const std::string& type) {
    const JsonView own = message[type];
    const std::string id = own["id"].text_or("");
    if (id.empty() || std::ranges::find(media_types, type) == media_types.end()) return std::nullopt;
    return MediaHint{type, id, own["filename"].text_or(""), own["mime_type"].text_or(""), own["sha256"].text_or("")};
}

Result<ProviderEvent> change_of(const JsonView& message, const Person& from, MessageChange::Kind kind,
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
    return ProviderEvent{{}, change};
}

// The person got a new number or a new BSUID; other system messages are shown as they are.
std::optional<ProviderEvent> address_change_of(const JsonView& message, const Person& from) {
    const JsonView system = message["system"];
    AddressChange change;
    change.before = from.addresses;
    const std::string number = system["wa_id"].text_or(system["new_wa_id"].text_or(""));
    const std::string bsuid = system["user_id"].text_or("");
    if (!bsuid.empty()) change.after.push_back({"bsuid", bsuid, bsuid});
    if (!number.empty()) change.after.push_back(phone_address(number));
    if (change.after.empty() || change.before.empty()) return std::nullopt;
    return ProviderEvent{{}, change};
}

Result<ProviderEvent> edit_of(const JsonView& message, const Person& from) {
    const JsonView edited = message["edit"]["message"];
    return change_of(message, from, MessageChange::Kind::edit, message["edit"]["original_message_id"].text_or(""),
                     text_of(edited, edited["type"].text_or("text")));
}

}  // namespace

Result<ProviderEvent> parse_message(const JsonView& message, const Person& from, AuthorKind author) {
    const std::string type = message["type"].text_or("unsupported");
    if (type == "reaction" && author == AuthorKind::customer)
        return change_of(message, from, MessageChange::Kind::reaction, message["reaction"]["message_id"].text_or(""),
                         message["reaction"]["emoji"].text_or(""));
    if (type == "edit") return edit_of(message, from);
    if (type == "revoke")
        return change_of(message, from, MessageChange::Kind::remove,
                         message["revoke"]["original_message_id"].text_or(""), "");
    if (type == "system")
        if (auto change = address_change_of(message, from)) return *change;

    const auto id = message["id"].required_text();
    if (!id) return std::unexpected(id.error());
    if (from.addresses.empty())
        return fail(ErrorKind::invalid, "missing_field", "`" + message.path() + "` names nobody it came from.");
    InboundMessage inbound;
    inbound.from = from;
    inbound.provider_id = ProviderMessageId{*id};
    inbound.author = author;
    inbound.provider_time = time_of(message["timestamp"]);
    inbound.type = is_known(type) ? type : "unsupported";
    inbound.text = type == "system" ? message["system"]["body"].text_or("") : text_of(message, type);
    inbound.content = content_of(message, type);
    if (inbound.type == "unsupported")
        inbound.content = json::serialize(json::object{{"type", type}, {"raw", copy_of(message)}});
    inbound.media = media_of(message, type);
    inbound.reply_to = ProviderMessageId{message["context"]["id"].text_or("")};
    inbound.opens_window = author == AuthorKind::customer && type != "system";
    return ProviderEvent{{}, inbound};
}

Result<std::vector<ProviderEvent>> parse_status(const JsonView& status) {
    const auto id = status["id"].required_text();
    if (!id) return std::unexpected(id.error());
    const std::string name = status["status"].text_or("");
    // A voice message that was played was also read.
    const auto known = read_message_status(name == "played" ? "read" : name);
    const bool is_final = known == MessageStatus::sent || known == MessageStatus::delivered ||
                          known == MessageStatus::read || known == MessageStatus::failed;
    if (!is_final) return std::vector<ProviderEvent>{};  // `deleted`, `warning` and what Meta adds later
    StatusReport report;
    report.provider_id = ProviderMessageId{*id};
    report.reference = status["biz_opaque_callback_data"].text_or("");
    report.status = *known;
    const auto time = time_of(status["timestamp"]);
    if (!time) return fail(ErrorKind::invalid, "missing_field", "`" + status.path() + ".timestamp` is no time.");
    report.time = *time;
    if (const JsonView error = status["errors"].at(0); error.is_there()) {
        const std::int64_t code = error["code"].integer().value_or(0);
        report.error_code = word_for(code);
        report.error_message = sentence_of(error);
        report.closes_window = closes_window(code);
    }
    return std::vector<ProviderEvent>{{{}, report}};
}

}  // namespace okno::whatsapp
