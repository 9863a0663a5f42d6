// What Meta's answers mean for a message, for a call and for the channel.
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"
#include "messengers/meta/error_table.hpp"
#include "messengers/meta/platform.hpp"

#include <optional>

namespace okno::meta {

// How the call was refused; empty: it was not, or with an unknown code.
std::optional<Reaction> reaction_to(const Result<HttpReply>& reply);

// What became of a message that was sent to `person`. What got no answer may have arrived: the echo of it tells.
SendOutcome outcome_of(const Result<HttpReply>& reply, const std::string& person);

// The same of an answer that left late, as a person's: Meta refuses it where the app lacks the Human Agent feature.
SendOutcome outcome_of_late(SendOutcome outcome);

// What a step before the sending means for the message: nothing of it has left, so that it is never Unanswered.
SendOutcome outcome_of_step(const Result<HttpReply>& reply);

// The document of a reply. Errors: those of the transport; `unavailable` may pass; `conflict` with the word of the
// table and Meta's own sentence.
Result<boost::json::value> read_reply(const Result<HttpReply>& reply);

}  // namespace okno::meta
