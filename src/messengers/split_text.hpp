// Cuts texts that are longer than a messenger takes in one message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace okno {

// In what a messenger counts the length of a text. A character beyond U+FFFF is two UTF-16 units; bytes are those of
// UTF-8.
enum class TextUnit { characters, utf16, bytes };

std::size_t length_in(TextUnit unit, std::string_view text);

// At most `most` units each, cut at a blank or line end where one is near; never inside a character.
std::vector<std::string> split_text(const std::string& text, std::size_t most, TextUnit unit = TextUnit::characters);

}  // namespace okno
