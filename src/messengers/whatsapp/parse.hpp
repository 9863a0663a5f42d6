// Reads a Cloud API webhook body into events. Pure; unknown fields, types and values never lose their neighbours.
#pragma once

#include "base/json.hpp"
#include "domain/events.hpp"

#include <string>

namespace okno::whatsapp {

ParsedWebhook parse(const std::string& body);

// A person as a `contacts[]` element and the ids of a message name them: the BSUID first, since it outlives a number
// that is hidden. Either may be absent.
Person person_of(const JsonView& contact, const std::string& phone, const std::string& bsuid);

using Events = std::vector<ProviderEvent>;

// One element of `messages[]` (or of `message_echoes[]`, whose author is the phone app).
Result<Events> parse_message(const JsonView& message, const Person& from, AuthorKind author);

// One element of `statuses[]`; an empty list means that the status is of no interest.
Result<Events> parse_status(const JsonView& status);

// Unix seconds, as text or number.
std::optional<Timestamp> time_of(const JsonView& seconds);

}  // namespace okno::whatsapp
