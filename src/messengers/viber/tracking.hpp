// What travels with each of our messages and comes back with whatever the person sends next (`tracking_data`).
//
// It tells which message of ours the person saw last, what stood on its buttons, and which link led to the welcome.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace okno::viber {

struct Choice {
    std::string id;
    std::string title;
    std::string description{};
};

struct Tracking {
    std::string reference{};        // of our message; empty: a welcome, or not written by us
    std::string token{};            // of the link that led to the welcome
    bool has_choices = false;       // a text that begins with `press_mark` is a pressed button
    std::vector<Choice> choices{};  // without descriptions; empty also when they did not fit
    bool asks_phone = false;        // a card that comes next is the answer to the button
};

// A pressed button sends its body as a text: ours begin so.
constexpr const char* press_mark = "b:";

// At most 4000 bytes: titles that do not fit are left out.
std::string write_tracking(const Tracking& tracking);
// Nothing but defaults when another program wrote it.
Tracking read_tracking(const std::string& text);

}  // namespace okno::viber
