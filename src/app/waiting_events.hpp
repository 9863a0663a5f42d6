// Statuses, edits and reactions that came before the message they speak of, as stored text.
#pragma once

#include "domain/events.hpp"

#include <optional>
#include <string>

namespace okno {

std::string write_waiting(const StatusReport& report);
std::string write_waiting(const MessageChange& change);
// Empty when the text holds the other kind.
std::optional<StatusReport> read_waiting_status(const std::string& text);
std::optional<MessageChange> read_waiting_change(const std::string& text);

// A message's content with the mark that it was missed and came late.
std::string marked_late(const std::string& content);
// `content` with the customer's reaction set, or taken away when `emoji` is empty.
std::string with_reaction(const std::string& content, const std::string& emoji);

}  // namespace okno
