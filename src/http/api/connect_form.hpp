// What an admin may set of a channel: what its messenger asks for, and what every messenger has.
#pragma once

#include "app/ports/messenger.hpp"
#include "http/body_reader.hpp"

#include <map>
#include <string>

namespace okno::http {

// Of every messenger: how fast it sends, and the way its calls take to the provider.
const std::vector<ConnectField>& common_fields();

// Notes in `body` what is wrong with these values, each by its own name; a name that nobody knows is left alone.
void check_settings(BodyReader& body, const Messenger& messenger, const std::map<std::string, std::string>& settings);

}  // namespace okno::http
