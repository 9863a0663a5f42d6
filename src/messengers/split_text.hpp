#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace okno {

// At most `most` characters each, cut at a blank or line end where one is near; never inside a character.
std::vector<std::string> split_text(const std::string& text, std::size_t most);

}  // namespace okno
