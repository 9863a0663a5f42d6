// What was missed in an outage and is told only afterwards.
#include "app/record_events.hpp"
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

ProviderEvent message(const std::string& id, Timestamp written, bool is_late) {
    InboundMessage inbound;
    inbound.from = a_person("79161234567");
    inbound.provider_id = ProviderMessageId{id};
    inbound.text = id;
    inbound.provider_time = written;
    inbound.is_late = is_late;
    return {{}, inbound};
}

struct Heard : Ground {
    void hear(const ProviderEvent& event, Timestamp arrival) {
        in_workspace([&](Transaction& tx) { record_event(tx, channel, {}, event, arrival); });
    }
    // Texts, oldest first; those that are marked have a star.
    std::vector<std::string> shown() {
        return in_workspace([&](Transaction& tx) {
            std::vector<std::string> out;
            const auto conversation = tx.conversations({}, make_id<UserId>()).front();
            for (const Message& one : tx.messages(conversation.id, std::nullopt, 50)) {
                const bool is_marked = one.content.find("\"late\":true") != std::string::npos;
                out.insert(out.begin(), one.text + (is_marked ? "*" : ""));
            }
            return out;
        });
    }
};

}  // namespace

TEST_CASE("what was missed stands where it was written and is marked") {
    Heard heard;
    heard.hear(message("first", heard.now, false), heard.now);
    heard.hear(message("after", heard.now + 3h, false), heard.now + 3h);
    heard.hear(message("missed", heard.now + 1h, true), heard.now + 4h);
    CHECK(heard.shown() == std::vector<std::string>{"first", "missed*", "after"});
}

TEST_CASE("what was missed in the second of the last message heard stands behind it, in its own order") {
    Heard heard;
    const Timestamp second = std::chrono::floor<std::chrono::seconds>(heard.now);
    heard.hear(message("heard", second, false), second + 300ms);
    heard.hear(message("one", second, true), second + 1h);
    heard.hear(message("two", second, true), second + 1h);
    heard.hear(message("after", second + 1s, false), second + 1s + 200ms);
    CHECK(heard.shown() == std::vector<std::string>{"heard", "one*", "two*", "after"});
}

TEST_CASE("what was heard and is fetched once more is there once, without a mark") {
    Heard heard;
    heard.hear(message("first", heard.now, false), heard.now);
    heard.hear(message("first", heard.now, true), heard.now + 1h);
    CHECK(heard.shown() == std::vector<std::string>{"first"});
}

TEST_CASE("a late message waits for us, and the newest one stays the last") {
    Heard heard;
    heard.hear(message("newest", heard.now + 3h, false), heard.now + 3h);
    heard.hear(message("missed", heard.now + 1h, true), heard.now + 4h);
    heard.in_workspace([&](Transaction& tx) {
        const auto conversation = tx.conversations({}, make_id<UserId>()).front();
        CHECK(conversation.waiting);
        CHECK(tx.message(*conversation.last_message)->text == "newest");
    });
}

TEST_CASE("a late message with a time of the future stands where it came") {
    Heard heard;
    heard.hear(message("first", heard.now, false), heard.now);
    heard.hear(message("odd", heard.now + 48h, true), heard.now + 1h);
    heard.hear(message("last", heard.now + 2h, false), heard.now + 2h);
    CHECK(heard.shown() == std::vector<std::string>{"first", "odd*", "last"});
}

TEST_CASE("an account that waited for its phone works from the provider's word on, and hears it once") {
    Heard heard;
    const ProviderEvent works{{}, ChannelNotice{ChannelNotice::Kind::working, ""}};
    const auto seq = [&] { return heard.in_workspace([](Transaction& tx) { return tx.last_seq(); }); };
    heard.hear(works, heard.now);
    CHECK(heard.in_workspace([&](Transaction& tx) { return tx.channel(heard.channel.id)->state; }) ==
          ChannelState::connected);
    const auto told = seq();
    heard.hear(works, heard.now);
    CHECK(seq() == told);
}
