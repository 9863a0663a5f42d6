#include "domain/reply_window.hpp"

#include <doctest/doctest.h>

using namespace okno;

static const MessengerTraits limited{.reply_window = 24h, .has_templates = true};
static const Timestamp closes = from_millis(1'795'000'000'000);

TEST_CASE("an operator may write freely until the window closes") {
    CHECK(check_reply_window(limited, closes, AuthorKind::person, closes - 1ms) == ReplyVerdict::free_text);
    CHECK(check_reply_window(limited, closes, AuthorKind::person, closes) == ReplyVerdict::template_only);
}

TEST_CASE("automatic authors stop a minute early") {
    CHECK(check_reply_window(limited, closes, AuthorKind::automatic, closes - 61s) == ReplyVerdict::free_text);
    CHECK(check_reply_window(limited, closes, AuthorKind::automatic, closes - 60s) == ReplyVerdict::template_only);
}

TEST_CASE("somebody who never wrote gets a template, or nothing where there are none") {
    CHECK(check_reply_window(limited, std::nullopt, AuthorKind::person, closes) == ReplyVerdict::template_only);
    const MessengerTraits without{.reply_window = 24h};
    CHECK(check_reply_window(without, std::nullopt, AuthorKind::person, closes) == ReplyVerdict::not_allowed);
}

TEST_CASE("a messenger without a window takes free text at any time") {
    CHECK(check_reply_window({}, std::nullopt, AuthorKind::automatic, closes) == ReplyVerdict::free_text);
}

TEST_CASE("the window counts from the provider's time and never shrinks") {
    const Timestamp arrival = closes;
    CHECK(window_after(limited, std::nullopt, arrival - 1h, arrival) == arrival + 23h);
    CHECK(window_after(limited, arrival + 24h, arrival - 1h, arrival) == arrival + 24h);
    CHECK(window_after(limited, std::nullopt, arrival + 1h, arrival) == arrival + 24h);
    CHECK_FALSE(window_after({}, std::nullopt, arrival, arrival));
}

TEST_CASE("a provider's refusal closes the window, unless the customer wrote after it") {
    const Timestamp now = closes - 20h;  // the customer wrote four hours ago
    CHECK(window_refused(limited, closes, now - 3h, now) == now);
    CHECK(window_refused(limited, closes, now - 5h, now) == closes);
    CHECK(window_refused(limited, now - 1h, now, now) == now - 1h);
    CHECK(window_refused(limited, std::nullopt, now, now) == now);
    CHECK_FALSE(window_refused({}, std::nullopt, now, now));
}

TEST_CASE("a refusal by a provider whose clock is ahead closes the window by ours") {
    const Timestamp now = closes - 20h;
    CHECK(window_refused(limited, closes, now + 25h, now) == now);
}

TEST_CASE("a person may answer longer than others where the messenger says so") {
    const MessengerTraits longer{.reply_window = 24h, .person_window = 7 * 24h};
    const Timestamp later = closes + 6 * 24h;
    CHECK(closes_for(longer, closes, AuthorKind::person) == later);
    CHECK(closes_for(longer, closes, AuthorKind::automatic) == closes);
    CHECK_FALSE(closes_for(longer, std::nullopt, AuthorKind::person));
    CHECK(check_reply_window(longer, closes, AuthorKind::person, later - 1ms) == ReplyVerdict::free_text);
    CHECK(check_reply_window(longer, closes, AuthorKind::person, later) == ReplyVerdict::not_allowed);
    CHECK(check_reply_window(longer, closes, AuthorKind::automatic, closes) == ReplyVerdict::not_allowed);
    CHECK(check_reply_window(longer, std::nullopt, AuthorKind::person, closes) == ReplyVerdict::not_allowed);
}

TEST_CASE("a late answer that is refused closes the longer window too, an earlier one the shorter alone") {
    const MessengerTraits longer{.reply_window = 24h, .person_window = 7 * 24h};
    const Timestamp late = closes + 48h;
    const auto refused = window_refused(longer, closes, late, late);
    CHECK(check_reply_window(longer, refused, AuthorKind::person, late) == ReplyVerdict::not_allowed);
    const Timestamp early = closes - 1h;
    const auto shorter = window_refused(longer, closes, early, early);
    CHECK(shorter == early);
    CHECK(check_reply_window(longer, shorter, AuthorKind::person, early) == ReplyVerdict::free_text);
}
