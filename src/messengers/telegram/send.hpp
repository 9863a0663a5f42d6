// Our messages as calls of the Bot API (channels page of Telegram, section 6).
#pragma once

#include "base/json.hpp"
#include "messengers/telegram/address.hpp"
#include "messengers/telegram/bot_api.hpp"

namespace okno::telegram {

// A method and its parameters; `file_field` names the parameter that carries the file, empty: there is none.
struct Call {
    std::string method;
    boost::json::object parameters;
    std::string file_field{};
};

// The error says what of the message cannot be sent here.
Result<Call> call_for(const OutboundMessage& message);
// The chat of the person, the bot's own before that of a business account.
std::optional<Chat> chat_for(const std::vector<Address>& to);
// What is tried once in place of what was refused so. Empty: nothing is.
std::optional<Call> other_call(const OutboundMessage& message, Reaction refused_so);

// `text` beside a file is its caption. The error names the field of our API and says what to change.
Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content);

}  // namespace okno::telegram
