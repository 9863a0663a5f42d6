// What people do in MAX.
#pragma once

#include "providers/max/site.hpp"

#include <expected>

namespace okno::sim::max {

// A message, a press, an edit, Start, Stop; see README.md. The error is a sentence.
std::expected<json::object, std::string> act(Site& site, Bot& bot, Person& person, const json::object& wish);

}  // namespace okno::sim::max
