// A customer answers with a number to choices that left as numbered lines: it becomes the press that it stands for.
#pragma once

#include "app/ports/storage.hpp"
#include "domain/choices.hpp"
#include "domain/reply_window.hpp"

namespace okno {

// In the order in which they are numbered; `content` is that of a message of the type "interactive".
std::vector<Choice> choices_in(const std::string& content);

// Makes `message`, a text of the customer that is not stored yet, the press of a choice of the last question of the
// conversation, when that left as numbered lines and the text is the number of one.
void understand_number(Transaction& tx, const MessengerTraits& traits, Message& message);

}  // namespace okno
