// The provider's list of templates, page by page.
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"

#include <string>
#include <vector>

namespace okno::whatsapp {

// One element of `data[]`.
Template read_template(const JsonView& element);

// Names of {{variables}} in the order of their first use.
std::vector<std::string> variables_of(const std::string& text);

}  // namespace okno::whatsapp
