// What a provider told us, in words that fit every messenger.
#pragma once

#include "base/time.hpp"
#include "domain/message.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace okno {

// One name of a person at the provider: `kind` is "phone", "wa_id", "bsuid" ... `value` as the provider wrote it,
// `key` the canonical form that is compared (digits of a phone, regional prefixes removed).
struct Address {
    std::string kind;
    std::string value;
    std::string key;
};

// Everybody named by `addresses` is one person, the most stable name first; at least one.
struct Person {
    std::vector<Address> addresses;
    std::string name;  // profile name; may be empty
};

// A file that the provider holds for us.
struct MediaHint {
    std::string kind;  // as Media::kind
    std::string provider_id;
    std::string name;
    std::string mime;
    std::string sha256;  // as the provider wrote it; empty: not told
};

// A message of a customer, or (author `phone`) one typed in the provider's own app.
struct InboundMessage {
    Person from;
    ProviderMessageId provider_id;
    AuthorKind author = AuthorKind::customer;
    std::optional<Timestamp> provider_time;
    std::string type = "text";
    std::string text;
    std::string content = "{}";
    ProviderMessageId reply_to;  // empty: no reply
    std::optional<MediaHint> media{};
    // What a link, an ad or the site's button gave along that led the person here; empty: they came by themselves.
    std::string referral{};
    bool opens_window = true;
    // It was missed and is told only now: it stands where it was written, and is marked.
    bool is_late = false;
    bool is_event = false;  // nobody wrote it: the provider tells what happened in the conversation
};

// The customer reacted to a message, changed or removed one of theirs.
struct MessageChange {
    enum class Kind { edit, remove, reaction };
    Person from;  // may have no address: the target tells whom it concerns
    Kind kind = Kind::edit;
    ProviderMessageId target;
    std::string key;   // unique in the channel; empty: the provider gave none
    std::string text;  // new text, or the emoji (empty: taken back)
    std::optional<Timestamp> provider_time;
    bool opens_window = false;
};

struct StatusReport {
    ProviderMessageId provider_id;
    std::string reference;  // what we gave to the provider with the message; may be empty
    MessageStatus status = MessageStatus::sent;
    Timestamp time;  // 1970: not told, it was when the report came
    std::string error_code;
    std::string error_message;
    bool closes_window = false;  // the provider says the window is closed
    std::string price{};         // as Delivery::price
    std::vector<Address> to{};   // the person, as the provider names them; may be empty
};

// All that had been sent to this person until then has come so far: delivered or read.
struct Watermark {
    Person from;
    MessageStatus status = MessageStatus::delivered;
    Timestamp until;
};

// Addresses of a person were replaced by others of the same kinds. `before` may name more of them, to find the person.
struct AddressChange {
    std::vector<Address> before;
    std::vector<Address> after;
};

// The person wants nothing from us any more, or will have it again. A message of theirs says the latter by itself.
struct PersonNotice {
    Person from;
    bool is_blocked = false;
    std::optional<Timestamp> provider_time;
};

// The account itself: the provider's word about the channel.
struct ChannelNotice {
    // `broken`: nothing may leave until an admin acts. `working`: what was broken works again. `warning`: words alone.
    enum class Kind { broken, working, warning };
    Kind kind = Kind::warning;
    std::string reason;
};

struct ProviderEvent {
    // Address of the channel it belongs to (WhatsApp: phone number id); empty: the channel of the URL.
    std::string channel_address;
    std::variant<InboundMessage, MessageChange, StatusReport, Watermark, AddressChange, PersonNotice, ChannelNotice>
        what;
    // News of every channel of this account at the provider (Messenger::account_of), whatever URL it came to. Empty:
    // of one channel.
    std::string account{};
};

// One element that could not be read: kept as bytes for the admin.
struct UnreadableElement {
    std::string channel_address;
    std::string reason;
    std::string bytes;
};

// Both in the order of the body.
struct ParsedWebhook {
    std::vector<ProviderEvent> events;
    std::vector<UnreadableElement> unreadable;
};

}  // namespace okno
