// How Viber names people and messages.
#pragma once

#include "domain/events.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace okno::viber {

// Base64 with `+`, `/` and `=`; of this person for this bot alone.
inline Address person_address(const std::string& id) { return {"viber", id, id}; }

inline std::optional<std::string> person_in(const std::vector<Address>& to) {
    const auto found = std::ranges::find(to, "viber", &Address::kind);
    return found == to.end() ? std::nullopt : std::optional(found->value);
}

}  // namespace okno::viber
