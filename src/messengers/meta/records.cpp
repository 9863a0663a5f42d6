#include "messengers/meta/records.hpp"

#include "base/crypto.hpp"
#include "messengers/meta/parse.hpp"

#include <algorithm>
#include <array>

namespace okno::meta {

namespace json = boost::json;

namespace {

std::optional<Timestamp> time_of(const JsonView& milliseconds) {
    const auto whole = milliseconds.integer();
    constexpr std::int64_t year_9999 = 253'402'300'799'000;
    if (!whole || *whole <= 0 || *whole > year_9999) return std::nullopt;
    return from_millis(*whole);
}

// A record with what every kind asks of it.
struct Record {
    const Platform& platform;
    const JsonView& view;
    std::string person;    // digits
    bool is_ours = false;  // of the account, not of the person
    std::optional<Timestamp> time;

    Person from() const { return {{person_address(platform, person)}, {}}; }
    ProviderMessageId id(const std::string& mid) const { return message_id(person, mid); }
    // Of what has no name at Meta: one at a time from one person. The slash keeps it apart from names of messages.
    ProviderMessageId id_of_event(const std::string& what) const {
        return id("/" + what + "/" + view["timestamp"].text_or("0"));
    }
};

std::unexpected<Error> missing(const JsonView& where, const std::string& field) {
    return fail(ErrorKind::invalid, "missing_field", "`" + where.path() + "." + field + "` is missing or wrong.");
}

Events only(decltype(ProviderEvent::what) what) {
    Events out;
    out.push_back({{}, std::move(what)});
    return out;
}

// What a link, an ad or the site's button gave along.
std::string referral_in(const JsonView& referral) { return referral["ref"].text_or(referral["ad_id"].text_or("")); }

StatusReport report_of(ProviderMessageId id, MessageStatus status, std::optional<Timestamp> time) {
    StatusReport out;
    out.provider_id = std::move(id);
    out.status = status;
    out.time = time.value_or(Timestamp{});
    return out;
}

MessageChange change_of(const Record& record, MessageChange::Kind kind, const std::string& mid, std::string text) {
    MessageChange out;
    out.kind = kind;
    out.target = record.id(mid);
    out.text = std::move(text);
    out.provider_time = record.time;
    return out;
}

Events messages_of(const Record& record, const std::string& mid) {
    const JsonView message = record.view["message"];
    Events out;
    for (Part& part : parts_of(message)) {
        InboundMessage inbound;
        inbound.from = record.from();
        inbound.provider_id = record.id(out.empty() ? mid : mid + "#" + std::to_string(out.size()));
        inbound.author = record.is_ours ? AuthorKind::phone : AuthorKind::customer;
        inbound.provider_time = record.time;
        inbound.type = std::move(part.type);
        inbound.text = std::move(part.text);
        inbound.content = json::serialize(part.content);
        inbound.media = std::move(part.media);
        inbound.opens_window = !record.is_ours;
        if (out.empty()) {
            if (const auto quoted = message["reply_to"]["mid"].text()) inbound.reply_to = record.id(*quoted);
            if (!record.is_ours)
                inbound.referral =
                    referral_in(message["referral"].is_there() ? message["referral"] : record.view["referral"]);
        }
        out.push_back({{}, std::move(inbound)});
    }
    return out;
}

Result<Events> message_of(const Record& record) {
    const JsonView message = record.view["message"];
    const auto mid = message["mid"].required_text();
    if (!mid) return std::unexpected(mid.error());
    if (message["is_deleted"].boolean().value_or(false))
        return only(change_of(record, MessageChange::Kind::remove, *mid, ""));
    // Ours is known by its reference, also when the answer to its sending was lost. Anything else was written in Meta's
    // own inbox or by another app.
    const std::string mark = message["metadata"].text_or("");
    if (!record.is_ours || !mark.starts_with(our_mark)) return messages_of(record, *mid);
    StatusReport report = report_of(record.id(*mid), MessageStatus::sent, record.time);
    report.reference = mark.substr(our_mark.size());
    return only(std::move(report));
}

Result<Events> edit_of(const Record& record) {
    const JsonView edit = record.view["message_edit"];
    const auto mid = edit["mid"].required_text();
    if (!mid) return std::unexpected(mid.error());
    MessageChange change = change_of(record, MessageChange::Kind::edit, *mid, edit["text"].text_or(""));
    change.key = "edit:" + *mid + ":" + edit["num_edit"].text_or(record.view["timestamp"].text_or(""));
    return only(std::move(change));
}

// Pressed on a message, in the menu, or the button before the first message.
Result<Events> press_of(const Record& record) {
    const JsonView postback = record.view["postback"];
    const std::string payload = postback["payload"].text_or("");
    const std::string mid = postback["mid"].text_or("");
    InboundMessage inbound;
    inbound.from = record.from();
    // Without a name: the same press again is the same payload at the same time.
    const Sha256 hash = sha256(payload);
    inbound.provider_id = mid.empty() ? record.id_of_event("press-" + to_hex(hash.data(), 4)) : record.id(mid);
    inbound.provider_time = record.time;
    inbound.type = "button";
    inbound.text = postback["title"].text_or(payload);
    inbound.content = json::serialize(json::object{{"payload", payload}, {"text", inbound.text}});
    inbound.referral = referral_in(postback["referral"]);
    return only(std::move(inbound));
}

// Nobody wrote it: a line in the conversation.
Events line_of(const Record& record, const std::string& what, std::string text, std::string referral = {}) {
    InboundMessage inbound;
    inbound.from = record.from();
    inbound.provider_id = record.id_of_event(what);
    inbound.provider_time = record.time;
    inbound.type = "system";
    inbound.text = std::move(text);
    inbound.referral = std::move(referral);
    inbound.opens_window = false;
    inbound.is_event = true;
    return only(std::move(inbound));
}

// A link opened in a conversation that is there already. It opens no window.
Result<Events> opening_of(const Record& record, const JsonView& referral) {
    const std::string ref = referral_in(referral);
    if (ref.empty()) return Events{};
    const bool is_ad = !referral["ref"].is_there();
    return line_of(record, "opened", (is_ad ? "Came by an ad: " : "Opened a link: ") + ref, ref);
}

Result<Events> delivery_of(const Record& record) {
    const JsonView delivery = record.view["delivery"];
    const auto until = time_of(delivery["watermark"]);
    Events out;
    for (std::size_t i = 0; i < delivery["mids"].size(); ++i)
        if (const auto mid = delivery["mids"].at(i).text())
            out.push_back({{}, report_of(record.id(*mid), MessageStatus::delivered, until)});
    if (until) out.push_back({{}, Watermark{record.from(), MessageStatus::delivered, *until}});
    if (out.empty()) return missing(delivery, "watermark");
    return out;
}

// Messenger tells a time, Instagram the newest message that was seen; those before it were seen too.
Result<Events> reading_of(const Record& record) {
    const JsonView read = record.view["read"];
    Events out;
    if (const auto mid = read["mid"].text())
        out.push_back({{}, report_of(record.id(*mid), MessageStatus::read, record.time)});
    const auto until = out.empty() ? time_of(read["watermark"]) : record.time;
    if (until) out.push_back({{}, Watermark{record.from(), MessageStatus::read, *until}});
    if (out.empty()) return missing(read, "watermark");
    return out;
}

// Where only the word for it is told.
std::string emoji_of(const JsonView& reaction) {
    if (const auto emoji = reaction["emoji"].text(); emoji && !emoji->empty()) return *emoji;
    struct Word {
        std::string_view name;
        const char* emoji;
    };
    static constexpr std::array words{Word{"love", "❤️"},   Word{"smile", "😆"}, Word{"wow", "😮"},    Word{"sad", "😢"},
                                      Word{"angry", "😠"}, Word{"like", "👍"},  Word{"dislike", "👎"}};
    const std::string name = reaction["reaction"].text_or("");
    const auto known = std::ranges::find(words, name, &Word::name);
    return known == words.end() ? "❔" : known->emoji;
}

Result<Events> reaction_of(const Record& record) {
    const JsonView reaction = record.view["reaction"];
    const auto mid = reaction["mid"].required_text();
    if (!mid) return std::unexpected(mid.error());
    if (record.is_ours) return Events{};
    const bool is_taken_back = reaction["action"].text_or("react") == "unreact";
    MessageChange change =
        change_of(record, MessageChange::Kind::reaction, *mid, is_taken_back ? std::string() : emoji_of(reaction));
    change.from = record.from();
    change.key = "reaction:" + *mid + ":" + record.view["timestamp"].text_or("") + ":" + change.text;
    change.opens_window = !is_taken_back;
    return only(std::move(change));
}

std::string app_named(const JsonView& control, const char* field) {
    constexpr std::string_view page_inbox = "263902037430900";
    const std::string app = control[field].text_or("");
    if (app == page_inbox) return "Meta's own inbox";
    return app.empty() ? "another app" : "the app " + app;
}

Result<Events> control_of(const Record& record, const std::string& kind) {
    const JsonView control = record.view[kind];
    if (kind == "pass_thread_control")
        return line_of(record, "passed", "The conversation was handed to " + app_named(control, "new_owner_app_id"));
    if (kind == "take_thread_control")
        return line_of(record, "taken",
                       "The conversation was taken from " + app_named(control, "previous_owner_app_id"));
    return line_of(record, "wanted",
                   "The conversation is asked for by " + app_named(control, "requested_owner_app_id"));
}

// Meta's word about the whole account.
Result<Events> policy_of(const JsonView& policy) {
    const std::string action = policy["action"].text_or("");
    const std::string reason = policy["reason"].text_or("Meta gave no reason.");
    if (action == "unblock") return only(ChannelNotice{ChannelNotice::Kind::working, ""});
    if (action == "block")
        return only(ChannelNotice{ChannelNotice::Kind::broken, "Meta blocked the account: " + reason});
    return only(ChannelNotice{ChannelNotice::Kind::warning, "Meta warns the account: " + reason});
}

Result<Record> record_of(const Platform& platform, const std::string& account, const JsonView& view) {
    Record out{platform, view, {}, false, time_of(view["timestamp"])};
    const std::string sender = view["sender"]["id"].text_or("");
    out.is_ours = view["message"]["is_echo"].boolean().value_or(false) || (!sender.empty() && sender == account);
    out.person = out.is_ours ? view["recipient"]["id"].text_or("") : sender;
    if (out.person.empty() || out.person.find_first_not_of("0123456789") != std::string::npos)
        return fail(ErrorKind::invalid, "missing_field", "`" + view.path() + "` names nobody it came from.");
    return out;
}

Result<Events> events_of(const Record& record) {
    const JsonView& view = record.view;
    if (view["message"].is_there()) return message_of(record);
    if (view["message_edit"].is_there()) return edit_of(record);
    if (view["postback"].is_there()) return press_of(record);
    if (view["delivery"].is_there()) return delivery_of(record);
    if (view["read"].is_there()) return reading_of(record);
    if (view["reaction"].is_there()) return reaction_of(record);
    if (view["referral"].is_there()) return opening_of(record, view["referral"]);
    if (view["optin"].is_there()) return opening_of(record, view["optin"]);
    for (const char* kind : {"pass_thread_control", "take_thread_control", "request_thread_control"})
        if (view[kind].is_there()) return control_of(record, kind);
    return Events{};
}

// Of a conversation; others are of no meaning to it.
constexpr std::array kinds{"message",
                           "message_edit",
                           "postback",
                           "delivery",
                           "read",
                           "reaction",
                           "referral",
                           "optin",
                           "pass_thread_control",
                           "take_thread_control",
                           "request_thread_control"};

}  // namespace

Result<Events> read_record(const Platform& platform, const std::string& account, const JsonView& view) {
    if (view["policy_enforcement"].is_there()) return policy_of(view["policy_enforcement"]);
    const bool is_known = std::ranges::any_of(kinds, [&](const char* kind) { return view[kind].is_there(); });
    // An opt-in with a `user_ref` alone names nobody yet.
    if (!is_known || (view["optin"].is_there() && !view["sender"]["id"].is_there())) return Events{};
    const Result<Record> record = record_of(platform, account, view);
    if (!record) return std::unexpected(record.error());
    return events_of(*record);
}

}  // namespace okno::meta
