// Reads a webhook of a gateway, and what Okno itself fetched or noticed in the same shape (channels page of the
// gateway, sections 3, 4 and 5). Pure.
#pragma once

#include "base/json.hpp"
#include "domain/events.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>

namespace okno::gateway {

ParsedWebhook parse(const std::string& body);

// Names of events that are Okno's own: a message of the history, and what watching the session showed.
constexpr std::string_view history_event = "okno.history";
constexpr std::string_view notice_event = "okno.notice";

// What is in a message, beside who wrote it and when.
struct Content {
    std::string type = "text";
    std::string text;
    boost::json::object more{};
    std::optional<MediaHint> media{};
};

// Of a message's object as the gateway writes it.
Content content_of(const JsonView& message);

// A file is named "<address> message:<chat>/<id>": the gateway removes its files after minutes and fetches them again
// by their messages. The address is empty when it has not fetched it at all.
constexpr std::string_view by_message = " message:";

}  // namespace okno::gateway
