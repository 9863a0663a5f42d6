// What the Send API refuses of a body by itself, whoever it goes to.
#pragma once

#include "providers/meta/errors.hpp"
#include "providers/meta/site.hpp"

#include <optional>

namespace okno::sim::meta {

// `account`: whose message it is.
std::optional<Refusal> check_body(const Site& site, const Account& account, const json::object& body);

}  // namespace okno::sim::meta
