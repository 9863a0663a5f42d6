// What an interactive message must keep beyond the lengths of its fields: totals, uniqueness, headers.
#pragma once

#include "providers/whatsapp/graph_errors.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string_view>

namespace okno::sim::whatsapp {

std::optional<Refusal> check_interactive_kind(std::string_view kind);
// `interactive` has passed the field rules of its kind.
std::optional<Refusal> check_interactive(const json::object& interactive);

}  // namespace okno::sim::whatsapp
