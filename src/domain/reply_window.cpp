#include "domain/reply_window.hpp"

#include <algorithm>

namespace okno {

std::string_view name_of(ReplyVerdict verdict) {
    switch (verdict) {
        case ReplyVerdict::free_text: return "free_text";
        case ReplyVerdict::template_only: return "template_only";
        case ReplyVerdict::not_allowed: return "not_allowed";
    }
    return "";
}

// How much longer a person may answer than others.
static std::chrono::milliseconds longer_for_persons(const MessengerTraits& messenger) {
    if (!messenger.reply_window || !messenger.person_window) return 0ms;
    return std::max(0ms, *messenger.person_window - *messenger.reply_window);
}

std::optional<Timestamp> closes_for(const MessengerTraits& messenger, std::optional<Timestamp> closes_at,
                                    AuthorKind author) {
    if (!closes_at || author != AuthorKind::person) return closes_at;
    return *closes_at + longer_for_persons(messenger);
}

ReplyVerdict check_reply_window(const MessengerTraits& messenger, std::optional<Timestamp> closes_at, AuthorKind author,
                                Timestamp now) {
    if (!messenger.reply_window) return ReplyVerdict::free_text;
    const std::chrono::milliseconds reserve = author == AuthorKind::automatic ? 60s : 0s;
    const auto closes = closes_for(messenger, closes_at, author);
    if (closes && now < *closes - reserve) return ReplyVerdict::free_text;
    return messenger.has_templates ? ReplyVerdict::template_only : ReplyVerdict::not_allowed;
}

std::optional<Timestamp> window_after(const MessengerTraits& messenger, std::optional<Timestamp> closes_at,
                                      std::optional<Timestamp> provider_time, Timestamp arrival) {
    if (!messenger.reply_window) return std::nullopt;
    const Timestamp opened = std::min(provider_time.value_or(arrival), arrival);
    const Timestamp closes = opened + *messenger.reply_window;
    return closes_at ? std::max(*closes_at, closes) : closes;
}

std::optional<Timestamp> window_refused(const MessengerTraits& messenger, std::optional<Timestamp> closes_at,
                                        Timestamp said, Timestamp now) {
    if (!messenger.reply_window) return closes_at;
    said = std::min(said, now);  // the provider's clock may be ahead of ours
    if (closes_at && *closes_at - *messenger.reply_window > said) return closes_at;
    const bool was_late = closes_at && *closes_at <= said;
    return was_late    ? std::min(*closes_at, said - longer_for_persons(messenger))
           : closes_at ? std::min(*closes_at, now)
                       : now;
}

}  // namespace okno
