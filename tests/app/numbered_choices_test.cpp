// A number typed in answer to choices that a messenger without buttons shows as numbered lines, over the real storage.
#include "app/numbered_choices.hpp"
#include "app/record_events.hpp"

#include "base/json.hpp"
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

const MessengerTraits without_buttons{.most_choices = 0};
const MessengerTraits with_buttons{.most_choices = 10};
const std::string question = R"({"buttons":[{"id":"today","title":"Today"},{"id":"later","title":"Later"}]})";

ProviderEvent typed(const std::string& id, const std::string& text, Timestamp time) {
    InboundMessage inbound;
    inbound.from = a_person("79161234567");
    inbound.provider_id = ProviderMessageId{id};
    inbound.text = text;
    inbound.provider_time = time;
    return {{}, inbound};
}

MessageId ask(Transaction& tx, const Ground& ground, const std::string& content,
              MessageStatus status = MessageStatus::sent) {
    const auto conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
    Message message;
    message.id = make_id<MessageId>();
    message.conversation = conversation.id;
    message.direction = Direction::outbound;
    message.type = "interactive";
    message.text = "When?";
    message.content = content;
    message.status = status;
    message.created_at = message.position = ground.now;
    tx.insert_message_if_new(ground.channel.id, message);
    return message.id;
}

Message answered(Ground& ground, const MessengerTraits& traits, const std::string& content, const std::string& text,
                 MessageStatus status = MessageStatus::sent) {
    return ground.in_workspace([&](Transaction& tx) {
        ask(tx, ground, content, status);
        record_event(tx, ground.channel, traits, typed("m1", text, ground.now + 1s), ground.now + 1s);
        return *tx.message_by_provider_id(ground.channel.id, ProviderMessageId{"m1"});
    });
}

}  // namespace

TEST_CASE("a number answers the last numbered list as a press would") {
    Ground ground;
    const Message message = answered(ground, without_buttons, question, "2.");
    CHECK(message.type == "button");
    CHECK(message.text == "Later");
    const auto content = parse_json(message.content);
    REQUIRE(content);
    CHECK(JsonView(*content)["payload"].text_or("") == "later");
    CHECK(JsonView(*content)["typed"].text_or("") == "2.");
    CHECK(message.reply_to.has_value());
}

TEST_CASE("rows of a list are numbered through all its sections") {
    Ground ground;
    const Message message = answered(ground, without_buttons,
                                     R"({"sections":[{"rows":[{"id":"a","title":"A"}]},{"rows":[{"id":"b","title":"B"},
                                        {"id":"c","title":"C"}]}]})",
                                     "3");
    CHECK(message.type == "button");
    CHECK(message.text == "C");
}

TEST_CASE("a number stays a number where there are buttons, no such choice, or nothing was asked") {
    SUBCASE("the messenger showed buttons") {
        Ground ground;
        CHECK(answered(ground, with_buttons, question, "2").type == "text");
    }
    SUBCASE("there is no third choice") {
        Ground ground;
        CHECK(answered(ground, without_buttons, question, "3").type == "text");
    }
    SUBCASE("the question never left") {
        Ground ground;
        CHECK(answered(ground, without_buttons, question, "2", MessageStatus::failed).type == "text");
    }
    SUBCASE("a link is no choice") {
        Ground ground;
        CHECK(answered(ground, without_buttons, R"({"kind":"link","title":"Open","url":"https://a.example"})", "1")
                  .type == "text");
    }
    SUBCASE("nothing was asked") {
        Ground ground;
        const Message message = ground.in_workspace([&](Transaction& tx) {
            record_event(tx, ground.channel, without_buttons, typed("m1", "2", ground.now), ground.now);
            return *tx.message_by_provider_id(ground.channel.id, ProviderMessageId{"m1"});
        });
        CHECK(message.type == "text");
        CHECK(message.text == "2");
    }
}

TEST_CASE("of two questions the later one is answered, and a repeated webhook changes nothing") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        ask(tx, ground, question);
        ask(tx, ground, R"({"buttons":[{"id":"x","title":"By post"},{"id":"y","title":"By courier"}]})");
        for (int i = 0; i < 2; ++i)
            record_event(tx, ground.channel, without_buttons, typed("m1", "1", ground.now + 1s), ground.now + 1s);
        const auto conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        const auto all = tx.messages(conversation.id, std::nullopt, 10);
        REQUIRE(all.size() == 3);
        CHECK(all.front().text == "By post");
    });
}
