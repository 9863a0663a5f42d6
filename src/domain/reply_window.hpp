// Decides what may be sent to a customer now, given when their reply window closes.
//
// Messengers that limit business messages open a window at each inbound message. The rule is data in
// MessengerTraits, so a new messenger does not change this file.
#pragma once

#include "base/time.hpp"
#include "domain/message.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace okno {

// What a messenger takes of one kind of file.
struct MediaLimit {
    std::string_view kind;   // as Media::kind
    std::string_view mimes;  // separated by blanks; empty: any
    std::int64_t most_bytes = 0;
};

// Limits and abilities of a messenger, as data.
struct MessengerTraits {
    std::optional<std::chrono::milliseconds> reply_window;  // none: free text at any time
    bool has_templates = false;
    std::size_t max_text = 4096;                   // characters of one message; longer texts leave in parts
    double messages_per_second = 80;               // of one channel, where its settings name no other rate
    std::chrono::milliseconds person_interval{0};  // between messages to one person after a burst; 0: no limit
    int person_burst = 1;
    std::vector<MediaLimit> media{};  // empty: takes no files
    // How long after the customer's last message a person may still answer, counted as `reply_window` is; none: no
    // longer than anybody.
    std::optional<std::chrono::milliseconds> person_window{};
    bool is_official = true;  // false: the messenger's owner does not allow it, the account may be blocked
    // The floor of a channel's rules, which no admin goes below (domain/channel_policy.hpp).
    bool is_reply_only = false;
    bool takes_broadcasts = true;
    bool finds_by_phone = false;    // somebody who never wrote can be written to by their number
    std::size_t most_choices = 10;  // shown as buttons or a list; more leave as numbered lines
    bool tells_delivered = true;    // false: whether a message reached the phone is never known
    bool tells_read = true;
    // How long after it left a message's text, or the words beside its file, may be changed, and the message be deleted
    // for the customer too; none: at any time; 0: never.
    std::optional<std::chrono::milliseconds> edit_within = std::chrono::milliseconds{0};
    std::optional<std::chrono::milliseconds> delete_within = std::chrono::milliseconds{0};
};

enum class ReplyVerdict { free_text, template_only, not_allowed };

std::string_view name_of(ReplyVerdict verdict);

// `closes_at` is empty when the customer has never written to us; automatic authors stop 60 s early.
ReplyVerdict check_reply_window(const MessengerTraits& messenger, std::optional<Timestamp> closes_at, AuthorKind author,
                                Timestamp now);

// When the window that closes at `closes_at` closes for this author, but for the minute that automatic ones stop early.
std::optional<Timestamp> closes_for(const MessengerTraits& messenger, std::optional<Timestamp> closes_at,
                                    AuthorKind author);

// When the window closes after an inbound message: never earlier than before. A provider's time in the future
// does not lengthen it.
std::optional<Timestamp> window_after(const MessengerTraits& messenger, std::optional<Timestamp> closes_at,
                                      std::optional<Timestamp> provider_time, Timestamp arrival);

// When the window closes once the provider said, at `said`, that it is closed: now, unless the customer wrote after
// that, as when the provider repeats an old report. What was refused after it closed was an answer of a person: then it
// closes for persons too.
std::optional<Timestamp> window_refused(const MessengerTraits& messenger, std::optional<Timestamp> closes_at,
                                        Timestamp said, Timestamp now);

}  // namespace okno
