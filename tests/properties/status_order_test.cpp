// Statuses of a message, in whatever order and number the provider reports them.
#include "domain/message.hpp"

#include "properties/holds.hpp"

#include <algorithm>

using namespace okno;
using okno::tests::holds;

static std::vector<MessageStatus> any_reports() {
    std::vector<MessageStatus> reports;
    for (const int one : *rc::gen::container<std::vector<int>>(rc::gen::inRange<int>(0, message_status_count)))
        reports.push_back(static_cast<MessageStatus>(one));
    return reports;
}

TEST_CASE("reports in any order and repetition end in the furthest of them and never go back") {
    CHECK(holds([] {
        const std::vector<MessageStatus> reports = any_reports();
        MessageStatus shown = MessageStatus::queued;
        for (const MessageStatus report : reports) {
            const MessageStatus before = shown;
            shown = advance(shown, report);
            RC_ASSERT(shown >= before);
        }
        RC_ASSERT(shown == (reports.empty() ? MessageStatus::queued : *std::ranges::max_element(reports)));
    }));
}

TEST_CASE("two copies of the same reports in different orders show the same") {
    CHECK(holds([] {
        std::vector<MessageStatus> reports = any_reports();
        const auto end_of = [](const std::vector<MessageStatus>& all) {
            MessageStatus shown = MessageStatus::queued;
            for (const MessageStatus report : all)
                shown = advance(shown, report);
            return shown;
        };
        const MessageStatus once = end_of(reports);
        std::ranges::reverse(reports);
        reports.insert(reports.end(), reports.begin(), reports.end());
        RC_ASSERT(end_of(reports) == once);
    }));
}

TEST_CASE("a report about any attempt never takes back what the message shows") {
    CHECK(holds([] {
        std::vector<Delivery> attempts(*rc::gen::inRange<std::size_t>(1, 5));
        for (std::size_t i = 0; i < attempts.size(); ++i)
            attempts[i].attempt = static_cast<int>(i) + 1;
        for (const MessageStatus report : any_reports()) {
            const MessageStatus before = shown_delivery(attempts).status;
            Delivery& one = attempts[*rc::gen::inRange<std::size_t>(0, attempts.size())];
            one.status = advance(one.status, report);
            RC_ASSERT(shown_delivery(attempts).status >= before);
        }
    }));
}

TEST_CASE("a message in parts shows one of its parts, and no part is further behind") {
    CHECK(holds([] {
        std::vector<Delivery> parts(*rc::gen::inRange<std::size_t>(1, 6));
        for (std::size_t i = 0; i < parts.size(); ++i) {
            parts[i].part = static_cast<int>(i);
            parts[i].status = static_cast<MessageStatus>(*rc::gen::inRange<int>(0, message_status_count));
        }
        const MessageStatus shown = shown_delivery(parts).status;
        const bool has_failed =
            std::ranges::any_of(parts, [](const Delivery& part) { return part.status == MessageStatus::failed; });
        const MessageStatus least = std::ranges::min_element(parts, {}, &Delivery::status)->status;
        RC_ASSERT(shown == (has_failed ? MessageStatus::failed : least));
        RC_ASSERT(shown_parts(parts).size() == parts.size());
    }));
}
