// What a message to a customer is for: consent, the rules of a channel, limits, cost and reports go by it.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace okno {

// `notification`: a service notice that nobody asked for (an order has left, a bill is due).
enum class Purpose { support, sales, marketing, research, notification };

constexpr std::array all_purposes{Purpose::support, Purpose::sales, Purpose::marketing, Purpose::research,
                                  Purpose::notification};

std::string_view name_of(Purpose purpose);
// Empty for a word that names none.
std::optional<Purpose> read_purpose(std::string_view name);

}  // namespace okno
