// The form of a message to be sent: what must be there, how long it may be, which words are known.
//
// Only what the body itself tells; templates, media ids, windows and rates are checked elsewhere.
#pragma once

#include "providers/whatsapp/graph_errors.hpp"

#include <boost/json.hpp>

#include <optional>

namespace okno::sim::whatsapp {

std::optional<Refusal> check_form(const json::object& body);

// The kind of message a body is; Meta takes `text` when `type` is left out.
std::string type_of_message(const json::object& body);

}  // namespace okno::sim::whatsapp
