// The name of a person whom a messenger tells of in two parts.
#pragma once

#include "base/json.hpp"

#include <string>

namespace okno {

// "First Last" of `person`'s first_name and last_name; empty when it has neither.
std::string full_name(const JsonView& person);

}  // namespace okno
