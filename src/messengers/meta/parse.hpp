// Reads webhooks of Messenger and Instagram (channels page of Messenger, sections 2, 3, 10). Pure.
#pragma once

#include "base/json.hpp"
#include "domain/events.hpp"
#include "messengers/meta/platform.hpp"

#include <optional>
#include <string>
#include <vector>

namespace okno::meta {

ParsedWebhook parse(const Platform& platform, const std::string& body);

// What is shown as one message of ours.
struct Part {
    std::string type = "text";
    std::string text;
    boost::json::object content{};
    std::optional<MediaHint> media{};
};

// A `message` as parts: one an attachment, the text with the first. At least one.
std::vector<Part> parts_of(const JsonView& message);

}  // namespace okno::meta
