// What Meta's answers and errors mean for us.
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"

#include <string>

namespace okno::whatsapp {

// The stable word for a code: `window_closed`, `token_broken`, `person_unreachable`, ... or `provider_<code>`.
std::string word_for(std::int64_t code);
// True for 131047: more than 24 hours since the person's last message.
bool closes_window(std::int64_t code);
// What a refusal says of the whole channel; empty: nothing.
std::optional<ChannelNotice::Kind> concern_of(std::int64_t code);
// Meta's sentence for people: details, else message, else title.
std::string sentence_of(const JsonView& error);
// Meta's code in a reply, also where it is told as another; empty: the reply is no refusal of Meta's.
std::optional<std::int64_t> code_of(const HttpReply& reply);

// What a reply to a send means. A success names the message; a 5xx without Meta's error may have arrived.
SendOutcome outcome_of(const HttpReply& reply);
// What a call that got no reply means.
SendOutcome outcome_of(const Error& error);

}  // namespace okno::whatsapp
