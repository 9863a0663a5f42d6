#include "domain/purpose.hpp"

#include <algorithm>

namespace okno {

std::string_view name_of(Purpose purpose) {
    switch (purpose) {
        case Purpose::support: return "support";
        case Purpose::sales: return "sales";
        case Purpose::marketing: return "marketing";
        case Purpose::research: return "research";
        case Purpose::notification: return "notification";
    }
    return "";
}

std::optional<Purpose> read_purpose(std::string_view name) {
    const auto* found = std::ranges::find_if(all_purposes, [&](Purpose one) { return name_of(one) == name; });
    return found == all_purposes.end() ? std::nullopt : std::optional(*found);
}

}  // namespace okno
