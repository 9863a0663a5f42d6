// Attachments of what people write.
#pragma once

#include "base/json.hpp"
#include "providers/meta/site.hpp"

#include <expected>

namespace okno::sim::meta {

// One attachment of this kind, as a webhook tells it; `wish` may hold a file's bytes or the attachment's own members.
// The error is a sentence.
std::expected<json::object, std::string> attachment_of(Site& site, const Person& person, const std::string& kind,
                                                       const JsonView& wish);

}  // namespace okno::sim::meta
