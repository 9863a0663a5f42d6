// Messages, their deliveries to the provider and how the shown status follows from them.
#pragma once

#include "base/time.hpp"
#include "domain/ids.hpp"
#include "domain/purpose.hpp"
#include "domain/wanted_change.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okno {

enum class Direction { inbound, outbound, note, event };

// In the order in which a delivery advances; a status of an attempt never goes back. `failed` stands below
// `delivered` because a message reported failed on one device may still arrive on another.
enum class MessageStatus { queued, sending, unknown, sent, failed, delivered, read };

constexpr std::size_t message_status_count = 7;

enum class AuthorKind { customer, person, phone, automatic };

std::string_view name_of(Direction direction);
std::string_view name_of(MessageStatus status);
std::string_view name_of(AuthorKind kind);
std::optional<MessageStatus> read_message_status(std::string_view name);

struct Author {
    AuthorKind kind = AuthorKind::customer;
    UserId user;       // nil unless a person of the workspace
    std::string name;  // shown; may be empty
};

// `content` is a JSON object with what belongs to the `type` alone (template name and values, coordinates,
// a provider's media id); "{}" when there is nothing.
struct Message {
    MessageId id;
    ConversationId conversation;
    std::string client_id;  // the API's idempotency key; empty for what we did not send
    Direction direction = Direction::inbound;
    std::string type = "text";
    std::string text;
    std::string content = "{}";
    std::optional<MessageStatus> status;  // none unless outbound
    std::array<std::optional<Timestamp>, message_status_count> status_times{};
    std::string error_code;  // empty: no error
    std::string error_message;
    ProviderMessageId provider_id;  // empty until the provider named it
    std::optional<MessageId> reply_to;
    Author author;
    int attempt = 0;  // of the newest delivery, from 1; 0 when nothing was to be delivered
    bool is_edited = false;
    bool is_deleted = false;
    std::optional<WantedChange> wanted_change{};  // of what has left: on its way, or why it could not be
    Purpose purpose = Purpose::support;           // of an outbound message
    bool is_broadcast = false;                    // one of many alike, sent to an audience
    std::string price;                            // as Delivery::price, of the attempt that is shown
    Timestamp created_at;
    Timestamp position;  // its place in the conversation, given once
};

// One try to hand a message to the provider. `reference` travels with it and comes back in statuses.
struct Delivery {
    DeliveryId id;
    MessageId message;
    int part = 0;
    int attempt = 1;
    ProviderMessageId provider_id;
    MessageStatus status = MessageStatus::queued;
    std::array<std::optional<Timestamp>, message_status_count> status_times{};
    std::string error_code;
    std::string error_message;
    std::string price{};  // what the provider said about charging: a JSON object; empty: nothing yet
};

// What a delivery shows after a report: the higher of the two.
MessageStatus advance(MessageStatus current, MessageStatus reported);

// What each part shows, in the order of parts: its newest attempt, unless an older one proves that it was delivered.
std::vector<Delivery> shown_parts(const std::vector<Delivery>& deliveries);

// What the message shows: the least advanced of its parts, a failed one before all. `deliveries` must not be empty.
Delivery shown_delivery(const std::vector<Delivery>& deliveries);

// Where a message stands in its conversation: the provider's time when that is within the 10 minutes before its
// arrival, else its arrival. A time in whole seconds stands for all of the second: what answers a message of that
// second does not stand before it. A millisecond after `newest`, the newest message there, when that came later than
// now: our clock went back since, and ids, which order what came in one millisecond, may have gone back with it.
Timestamp place_in_conversation(std::optional<Timestamp> provider_time, Timestamp arrival, Timestamp newest);

}  // namespace okno
