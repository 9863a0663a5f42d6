// The marks of `parse_mode`: HTML, MarkdownV2 and the old Markdown.
#pragma once

#include "providers/telegram/text.hpp"

namespace okno::sim::telegram {

std::expected<Text, Refusal> read_marks(std::string_view text, std::string_view parse_mode);

}  // namespace okno::sim::telegram
