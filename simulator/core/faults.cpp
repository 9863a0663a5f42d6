#include "core/faults.hpp"

#include <algorithm>

namespace okno::sim {

namespace json = boost::json;

namespace {

constexpr std::string_view kKinds[] = {
    "slow",
    "429",
    "500",
    "expired_token",
    "restricted_number",
    "timeout_after_accept",
    "lost_webhook",
    "duplicate_webhook",
    "timeout_before_accept",
    "hold_webhooks",
    "reorder_webhooks",
    "captcha",
    "flood",
};

std::string text_of(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

// API faults are for sending alone unless they say otherwise: a test that breaks sending wants its media calls whole.
bool is_for(const json::object& fault, const json::object& at_hand) {
    const json::value* match = fault.if_contains("match");
    const json::object none;
    const json::object& wanted = match != nullptr && match->is_object() ? match->get_object() : none;
    if (at_hand.contains("edge") && !wanted.contains("edge") && text_of(at_hand.at("edge")) != "messages") return false;
    return std::ranges::all_of(wanted, [&](const auto& member) {
        if (member.key() == "edge" && member.value() == "*") return true;
        const json::value* found = at_hand.if_contains(member.key());
        return found != nullptr && text_of(*found) == text_of(member.value());
    });
}

// Of what matches, one in `every` is taken: a share that is the same in every run.
bool is_turn_of(json::object& fault) {
    std::int64_t& seen = fault["seen"].get_int64();
    return ++seen % fault_number(fault, "every", 1) == 0;
}

}  // namespace

std::optional<json::object> Faults::add(json::object fault) {
    const json::value* kind = fault.if_contains("kind");
    if (kind == nullptr || std::ranges::find(kKinds, text_of(*kind)) == std::end(kKinds)) return std::nullopt;
    const std::scoped_lock lock(mutex_);
    fault["kind"] = text_of(*kind);
    fault["count"] = fault_number(fault, "count", 1);
    fault["every"] = std::max<std::int64_t>(1, fault_number(fault, "every", 1));
    fault["seen"] = std::int64_t{0};
    fault["id"] = ++last_id_;
    faults_.push_back(fault);
    return fault;
}

json::array Faults::all() const {
    const std::scoped_lock lock(mutex_);
    return json::array(faults_.begin(), faults_.end());
}

bool Faults::remove(std::int64_t id) {
    const std::scoped_lock lock(mutex_);
    return std::erase_if(faults_, [&](const json::object& fault) { return fault.at("id") == id; }) > 0;
}

void Faults::clear() {
    const std::scoped_lock lock(mutex_);
    faults_.clear();
}

std::optional<json::object> Faults::take(std::string_view kind, const json::object& at_hand) {
    const std::scoped_lock lock(mutex_);
    const auto found = std::ranges::find_if(faults_, [&](json::object& fault) {
        return fault.at("kind").get_string() == kind && is_for(fault, at_hand) && is_turn_of(fault);
    });
    if (found == faults_.end()) return std::nullopt;
    json::object taken = *found;
    std::int64_t& count = (*found)["count"].get_int64();
    if (count > 0 && --count == 0) faults_.erase(found);
    return taken;
}

std::int64_t fault_number(const json::object& fault, std::string_view name, std::int64_t otherwise) {
    const json::value* value = fault.if_contains(name);
    return value != nullptr && value->is_int64() ? value->get_int64() : otherwise;
}

}  // namespace okno::sim
