// Reads an event of the Callback API or of Long Poll (channels page of VK, sections 2, 3, 5 and 11). Pure.
#pragma once

#include "base/json.hpp"
#include "domain/events.hpp"

#include <optional>
#include <string>
#include <vector>

namespace okno::vk {

ParsedWebhook parse(const std::string& body);

// What is shown as one message of ours.
struct Part {
    std::string type = "text";
    std::string text;
    boost::json::object content{};
    std::optional<MediaHint> media{};
};

// A message of VK as parts: one an attachment, the text with the first, what was forwarded after them. At least one.
std::vector<Part> parts_of(const JsonView& message);

// What stands on a button of ours: "9f3:2" of {"b":"9f3:2"}; of other buttons their payload as it is. VK gives it as
// text or as an object.
std::string choice_in(const JsonView& payload);

}  // namespace okno::vk
