// What a request says that its message is for.
#pragma once

#include "app/compose.hpp"
#include "http/body_reader.hpp"

namespace okno::http {

// `purpose`, support when it is absent, and `broadcast`, false when it is.
void read_purpose(BodyReader& body, NewMessage& wanted);

}  // namespace okno::http
