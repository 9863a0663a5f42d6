// Reads an Update of the Bot API into events (channels page of Telegram, sections 4, 5, 7, 11 and 13). Pure.
#pragma once

#include "base/json.hpp"
#include "domain/events.hpp"
#include "messengers/telegram/address.hpp"

namespace okno::telegram {

ParsedWebhook parse(const std::string& body);

// What a message is: type, text, content and file, and the person's own number where they shared it. `message` is of
// kind Message.
void read_content(const JsonView& message, InboundMessage& into);

// Text whose links hide behind words, with each address after its words. Offsets are UTF-16 code units.
std::string with_links(const std::string& text, const JsonView& entities);

}  // namespace okno::telegram
