// The parts of a message's JSON that take more than a line: templates, choices, contact cards.
#pragma once

#include "base/json.hpp"

namespace okno::whatsapp {

// Content {"name", "language", "values"}. Values by their names: "1" or "first_name" of the body, "header:1" of the
// header's text, "header:image" (also video, document) the address of its file, "url:0" what ends the address of the
// button at that place, "copy_code:0" the code it copies.
Result<boost::json::value> template_of(const JsonView& content);

// Content {"kind": "buttons" | "list" | "link" | "location_request" | "contact_request", "header"?, "body", "footer"?}
// with "buttons" [{id, title}]; "button" and "sections" [{title?, rows: [{id, title, description?}]}]; "title" and
// "url".
Result<boost::json::value> interactive_of(const JsonView& content);

// Content {"contacts": [{"name": {...}, "phones": [...], ...}]} as messages of customers have it.
Result<boost::json::value> contacts_of(const JsonView& content);

}  // namespace okno::whatsapp
