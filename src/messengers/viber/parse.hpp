// Reads a callback of Viber (channels page of Viber, sections 2 to 5). Pure.
#pragma once

#include "domain/events.hpp"

#include <string>

namespace okno::viber {

ParsedWebhook parse(const std::string& body);

}  // namespace okno::viber
