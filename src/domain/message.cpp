#include "domain/message.hpp"

#include "domain/whole_seconds.hpp"

#include <algorithm>
#include <map>

namespace okno {

std::string_view name_of(Direction direction) {
    switch (direction) {
        case Direction::inbound: return "inbound";
        case Direction::outbound: return "outbound";
        case Direction::note: return "note";
        case Direction::event: return "event";
    }
    return "";
}

std::string_view name_of(MessageStatus status) {
    switch (status) {
        case MessageStatus::queued: return "queued";
        case MessageStatus::sending: return "sending";
        case MessageStatus::unknown: return "unknown";
        case MessageStatus::sent: return "sent";
        case MessageStatus::failed: return "failed";
        case MessageStatus::delivered: return "delivered";
        case MessageStatus::read: return "read";
    }
    return "";
}

std::string_view name_of(AuthorKind kind) {
    switch (kind) {
        case AuthorKind::customer: return "customer";
        case AuthorKind::person: return "operator";
        case AuthorKind::phone: return "phone";
        case AuthorKind::automatic: return "system";
    }
    return "";
}

std::optional<MessageStatus> read_message_status(std::string_view name) {
    for (std::size_t i = 0; i < message_status_count; ++i)
        if (const auto status = static_cast<MessageStatus>(i); name_of(status) == name) return status;
    return std::nullopt;
}

MessageStatus advance(MessageStatus current, MessageStatus reported) { return std::max(current, reported); }

// What one part shows: its newest attempt, unless an older one proves that the customer has it.
static const Delivery* shown_part(const std::vector<Delivery>& deliveries, int part) {
    const Delivery* newest = nullptr;
    for (const Delivery& delivery : deliveries)
        if (delivery.part == part && (newest == nullptr || delivery.attempt > newest->attempt)) newest = &delivery;
    const Delivery* shown = newest;
    for (const Delivery& delivery : deliveries)
        if (delivery.part == part && delivery.status >= MessageStatus::delivered && delivery.status > shown->status)
            shown = &delivery;
    return shown;
}

// Among the parts of one text a failed one is the furthest behind: it needs a person.
static int progress_of(MessageStatus status) { return status == MessageStatus::failed ? -1 : static_cast<int>(status); }

std::vector<Delivery> shown_parts(const std::vector<Delivery>& deliveries) {
    std::map<int, Delivery> parts;
    for (const Delivery& delivery : deliveries)
        if (!parts.contains(delivery.part)) parts.emplace(delivery.part, *shown_part(deliveries, delivery.part));
    std::vector<Delivery> out;
    for (auto& [number, part] : parts)
        out.push_back(std::move(part));
    return out;
}

Delivery shown_delivery(const std::vector<Delivery>& deliveries) {
    const std::vector<Delivery> parts = shown_parts(deliveries);
    return *std::ranges::min_element(parts, {}, [](const Delivery& part) { return progress_of(part.status); });
}

Timestamp place_in_conversation(std::optional<Timestamp> provider_time, Timestamp arrival, Timestamp newest) {
    if (newest > arrival) return newest + 1ms;
    const bool is_near = provider_time && *provider_time <= arrival && *provider_time >= arrival - 10min;
    return is_near ? std::min(arrival, latest_of(*provider_time)) : arrival;
}

}  // namespace okno
