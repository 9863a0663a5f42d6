// Every messenger of this program: a new one is a folder and a line in registry.cpp.
#pragma once

#include "app/ports/messenger.hpp"

#include <memory>

namespace okno {

const std::vector<std::unique_ptr<Messenger>>& all_messengers();
// Null when there is none of that name.
const Messenger* find_messenger(std::string_view name);

}  // namespace okno
