#include "app/waiting_events.hpp"

#include <doctest/doctest.h>

using namespace okno;

TEST_CASE("a status that waits reads back as it was") {
    StatusReport report;
    report.provider_id = ProviderMessageId{"wamid.A"};
    report.reference = "r-1";
    report.status = MessageStatus::failed;
    report.time = from_millis(1'795'000'000'000);
    report.error_code = "window_closed";
    report.error_message = "more than 24 hours";
    report.closes_window = true;
    report.price = R"({"type":"regular"})";
    report.to = {{"phone", "+7 916", "7916"}};
    const auto read = read_waiting_status(write_waiting(report));
    REQUIRE(read);
    CHECK(read->provider_id == report.provider_id);
    CHECK(read->reference == "r-1");
    CHECK(read->status == MessageStatus::failed);
    CHECK(read->time == report.time);
    CHECK(read->error_code == "window_closed");
    CHECK(read->error_message == "more than 24 hours");
    CHECK(read->closes_window);
    CHECK(read->price == report.price);
    REQUIRE(read->to.size() == 1);
    CHECK(read->to.front().value == "+7 916");
    CHECK_FALSE(read_waiting_change(write_waiting(report)));
}

TEST_CASE("an edit that waits reads back as it was") {
    MessageChange change;
    change.target = ProviderMessageId{"wamid.A"};
    change.kind = MessageChange::Kind::remove;
    change.key = "wamid.E";
    change.text = "новый текст";
    const auto read = read_waiting_change(write_waiting(change));
    REQUIRE(read);
    CHECK(read->target == change.target);
    CHECK(read->kind == MessageChange::Kind::remove);
    CHECK(read->key == "wamid.E");
    CHECK(read->text == "новый текст");
    CHECK_FALSE(read_waiting_status(write_waiting(change)));
}

TEST_CASE("a reaction is set, replaced and taken back without touching the rest") {
    const std::string once = with_reaction(R"({"name":"a"})", "👍");
    CHECK(once == R"({"name":"a","reaction":"👍"})");
    CHECK(with_reaction(once, "❤") == R"({"name":"a","reaction":"❤"})");
    CHECK(with_reaction(once, "") == R"({"name":"a"})");
}
