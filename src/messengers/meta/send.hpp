// Bodies of the Send API (channels page of Messenger, section 4).
#pragma once

#include "base/json.hpp"
#include "app/ports/messenger.hpp"
#include "messengers/meta/platform.hpp"

#include <string>
#include <vector>

namespace okno::meta {

// The JSON body of a message. `attachment_id`: of its file, which is uploaded before; empty: none. Errors:
// `type_not_supported`, `bad_content` naming the field, `no_address`.
Result<std::string> body_of(const Platform& platform, const OutboundMessage& message, const std::string& attachment_id);

// The body of something that the account does: `mark_seen`, `typing_on`.
std::string action_body(const std::string& person, const std::string& action);

// True for the kinds that are files.
bool is_file(const std::string& type);

// Neither platform shows words beside a file: the file is the first part, its words follow.
std::vector<std::string> parts_of(const Platform& platform, const std::string& type, const std::string& text);

Result<void> check_limits(const Platform& platform, const std::string& type, const JsonView& content);

}  // namespace okno::meta
