// Bodies of messages that are more than a text or a file: choices and contact cards. What each messenger takes of them
// it says itself; here stands only their form.
#pragma once

#include "app/compose.hpp"
#include "http/body_reader.hpp"

namespace okno::http {

// `interactive`: a body with buttons, a list of rows, a link or a request.
void read_choices(BodyReader& body, NewMessage& wanted);

// `contacts`: cards with names, numbers and the like.
void read_contacts(BodyReader& body, NewMessage& wanted);

}  // namespace okno::http
