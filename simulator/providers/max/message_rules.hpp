// What a message may look like: lengths, attachments, keyboards.
#pragma once

#include "providers/max/call.hpp"

namespace okno::sim::max {

// A message as the bot wrote it, with its attachments as they are told to people.
struct Written {
    json::value text;                        // null: not given
    std::optional<json::array> attachments;  // empty: not given
    json::object link;
};

// What NewMessageBody says, or why it is refused. Files are looked up, the quoted message is sought in `dialog`.
std::expected<Written, Refusal> read_message(Site& site, Dialog& dialog, const json::object& body);

}  // namespace okno::sim::max
