// Reads an update of MAX, from a webhook or from long polling (channels page of MAX, section 2). Pure.
#pragma once

#include "base/json.hpp"
#include "domain/events.hpp"

#include <optional>
#include <string>
#include <vector>

namespace okno::max {

constexpr std::size_t most_parts = 30;

ParsedWebhook parse(const std::string& body);

// What is shown as one message of ours.
struct Part {
    std::string type = "text";
    std::string text;
    boost::json::object content{};
    std::optional<MediaHint> media{};
    std::string own_phone{};  // digits of the sender's own number, which they shared; empty: they did not
};

// A message of MAX as parts: one an attachment, the text with the first, what was forwarded after them. At least one.
std::vector<Part> parts_of(const JsonView& message);

// "First Last", else what the person calls themselves; may be empty.
std::string name_of_user(const JsonView& user);

// The words with the addresses of links behind them, of which only the words are in the text.
std::string with_links(const std::string& text, const JsonView& markup);

// A contact card as our messages hold it; `phones` and `emails` may be empty.
struct Card {
    std::string name;
    std::vector<std::string> phones;
    std::vector<std::string> emails;
};
Card read_vcard(const std::string& vcard);

}  // namespace okno::max
