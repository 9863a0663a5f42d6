// Texts as the Bot API takes them: with entities, or with marks that become entities.
//
// Offsets and lengths count UTF-16 units, whatever the text was written in.
#pragma once

#include "providers/telegram/refusals.hpp"

namespace okno::sim::telegram {

struct Text {
    std::string text;
    json::array entities;
};

std::size_t utf16_length(std::string_view utf8);

// The text without marks and without blanks around it, with the entities that were given, marked or found (links,
// commands). `entities` is JSON or text holding JSON; a parse_mode wins over it.
std::expected<Text, Refusal> read_text(std::string_view text, std::string_view parse_mode, const json::value* entities);
// As a person's app sends it: what can be found, nothing marked.
Text plain_text(std::string_view text);

}  // namespace okno::sim::telegram
