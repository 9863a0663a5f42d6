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

ReplyVerdict check_reply_window(const MessengerTraits& messenger, std::optional<Timestamp> closes_at, AuthorKind author,
                                Timestamp now) {
    if (!messenger.reply_window) return ReplyVerdict::free_text;
    const std::chrono::milliseconds reserve = author == AuthorKind::automatic ? 60s : 0s;
    if (closes_at && now < *closes_at - reserve) return ReplyVerdict::free_text;
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
    if (closes_at && *closes_at - *messenger.reply_window > said) return closes_at;
    return closes_at ? std::min(*closes_at, now) : now;
}

}  // namespace okno
