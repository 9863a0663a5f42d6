// What somebody wants of a message of ours that has left already: other words, or that it be gone from the customer's
// chat too. Until the provider has done it, the message stays what it is.
#pragma once

#include "base/time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace okno {

enum class ChangeKind { edit, remove };

std::string_view name_of(ChangeKind kind);
std::optional<ChangeKind> read_change_kind(std::string_view name);

struct WantedChange {
    ChangeKind kind = ChangeKind::edit;
    std::string text;           // the new one of an edit
    std::string by;             // who wants it, as shown
    std::string error_code;     // why it could not be; empty: it is on its way
    std::string error_message;  // in words

    bool has_failed() const { return !error_code.empty(); }
};

// As it is stored; empty for none. What cannot be read is none.
std::string write_wanted_change(const std::optional<WantedChange>& change);
std::optional<WantedChange> read_wanted_change(const std::string& stored);

// Whether a messenger that allows it for `within` after the message left (none: at any time; 0: never) still does.
bool is_in_time(std::optional<std::chrono::milliseconds> within, Timestamp left, Timestamp now);

}  // namespace okno
