// The reply window, for whatever times a provider names.
#include "domain/reply_window.hpp"

#include "properties/holds.hpp"

using namespace okno;
using okno::tests::holds;

static const MessengerTraits limited{.reply_window = 24h, .has_templates = true};
constexpr std::int64_t week = 7LL * 24 * 3600 * 1000;

static Timestamp any_time() { return from_millis(1'795'000'000'000 + *rc::gen::inRange<std::int64_t>(-week, week)); }

static std::optional<Timestamp> maybe_time() {
    return *rc::gen::arbitrary<bool>() ? std::optional(any_time()) : std::nullopt;
}

TEST_CASE("a message of the customer never closes the window earlier, nor opens it for longer than its length") {
    CHECK(holds([] {
        const auto before = maybe_time();
        const Timestamp arrival = any_time();
        const auto after = window_after(limited, before, maybe_time(), arrival);
        RC_ASSERT(after.has_value());
        if (before) RC_ASSERT(*after >= *before);
        RC_ASSERT(*after <= std::max(before.value_or(arrival), arrival + 24h));
    }));
}

TEST_CASE("messages of the customer in any order and repetition leave the same window") {
    CHECK(holds([] {
        std::vector<std::pair<std::optional<Timestamp>, Timestamp>> messages;
        for (int i = *rc::gen::inRange(1, 8); i > 0; --i)
            messages.emplace_back(maybe_time(), any_time());
        const auto end_of = [](const auto& all) {
            std::optional<Timestamp> closes;
            for (const auto& [told, arrival] : all)
                closes = window_after(limited, closes, told, arrival);
            return closes;
        };
        const auto once = end_of(messages);
        std::ranges::reverse(messages);
        messages.push_back(messages.front());
        RC_ASSERT(end_of(messages) == once);
    }));
}

TEST_CASE("a person may write up to the last millisecond, an automatic author stops 60 s before") {
    CHECK(holds([] {
        const Timestamp closes = any_time();
        const Timestamp now = closes + std::chrono::milliseconds(*rc::gen::inRange<std::int64_t>(-120'000, 120'000));
        const bool may_person = check_reply_window(limited, closes, AuthorKind::person, now) == ReplyVerdict::free_text;
        const bool may_robot =
            check_reply_window(limited, closes, AuthorKind::automatic, now) == ReplyVerdict::free_text;
        RC_ASSERT(may_person == (now < closes));
        RC_ASSERT(may_robot == (now + 60s < closes));
        RC_ASSERT(check_reply_window({}, closes, AuthorKind::person, now) == ReplyVerdict::free_text);
    }));
}

TEST_CASE("a window that has closed stays closed while nobody writes") {
    CHECK(holds([] {
        const auto closes = maybe_time();
        const Timestamp now = any_time();
        const auto later = now + std::chrono::milliseconds(*rc::gen::inRange<std::int64_t>(0, week));
        for (const AuthorKind author : {AuthorKind::person, AuthorKind::automatic})
            if (check_reply_window(limited, closes, author, now) != ReplyVerdict::free_text)
                RC_ASSERT(check_reply_window(limited, closes, author, later) != ReplyVerdict::free_text);
    }));
}

TEST_CASE("a provider's refusal never lengthens a window, and never closes one opened after it was said") {
    CHECK(holds([] {
        const auto closes = maybe_time();
        const Timestamp said = any_time();
        const Timestamp now = said + std::chrono::milliseconds(*rc::gen::inRange<std::int64_t>(0, week));
        const auto after = window_refused(limited, closes, said, now);
        RC_ASSERT(after.has_value());
        if (closes) RC_ASSERT(*after <= *closes);
        if (closes && *closes - 24h > said) RC_ASSERT(after == closes);
        if (!closes || *closes - 24h <= said) RC_ASSERT(*after <= now);
    }));
}
