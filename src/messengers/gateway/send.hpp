// What holds for messages of ours whatever the shape (channels page of the gateway, section 1).
#pragma once

#include "base/json.hpp"
#include "messengers/gateway/shape.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace okno::gateway {

Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content);

bool is_file(std::string_view type);

// The error of what a shape cannot send.
std::unexpected<Error> not_here(const std::string& detail);

struct Place {
    double latitude = 0;
    double longitude = 0;
    std::string name;  // both may be empty
    std::string address;
};
Result<Place> read_place(const JsonView& content);

std::string digits_of(std::string_view phone);

// A contact card for each phone that is told; `words` is all of them as text.
struct Card {
    std::string name;
    std::string company;
    std::string phone;
};
struct Cards {
    std::vector<Card> cards;
    std::string words;
};
Cards read_cards(const JsonView& contacts);

// The bytes of the file in base64.
Result<std::string> read_base64(const std::string& path);
// The other way round, into a file. Error: it is no base64, or the file cannot be written.
Result<void> write_base64(std::string_view base64, const std::string& path);

}  // namespace okno::gateway
