// What VK takes as a keyboard (911).
#pragma once

#include <string>

namespace okno::sim::vk {

// Empty, or what is wrong with it.
std::string check_keyboard(const std::string& text);

}  // namespace okno::sim::vk
