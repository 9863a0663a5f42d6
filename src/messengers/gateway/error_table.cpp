#include "messengers/gateway/error_table.hpp"

#include <algorithm>

namespace okno::gateway {

const KnownRefusal* find_refusal(std::span<const KnownRefusal> table, int status, std::string_view body) {
    const auto found = std::ranges::find_if(table, [&](const KnownRefusal& known) {
        return status >= known.first && status <= known.last && body.find(known.words) != std::string_view::npos;
    });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace okno::gateway
