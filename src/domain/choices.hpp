// Choices that a messenger without buttons shows as numbered lines, and which of them an answer in words means.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okno {

struct Choice {
    std::string id;
    std::string title;
};

// Whether it may be the number of a choice at all: cheap to ask of every message.
bool may_be_number(std::string_view answer);

// The choice that "2", "2.", "2)" or "№ 2" means; empty: the answer is no number or there is no such choice.
std::optional<Choice> choice_meant(std::string_view answer, const std::vector<Choice>& choices);

}  // namespace okno
