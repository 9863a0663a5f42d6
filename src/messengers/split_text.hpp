#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace okno {

// What a messenger counts of a text; bytes are those of UTF-8.
enum class LengthIn { characters, bytes };

// At most `most` each, cut at a blank or line end where one is near; never inside a character.
std::vector<std::string> split_text(const std::string& text, std::size_t most, LengthIn unit = LengthIn::characters);

}  // namespace okno
