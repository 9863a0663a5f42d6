// What people do in Viber.
#pragma once

#include "providers/viber/site.hpp"

#include <expected>

namespace okno::sim::viber {

// A message, a press, an opened link, a subscription; see README.md. The error is a sentence.
std::expected<json::object, std::string> act(Site& site, const Bot& bot, const Person& person,
                                             const json::object& wish);

}  // namespace okno::sim::viber
