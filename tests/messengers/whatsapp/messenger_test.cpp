// The class behind the port, against recorded replies.
#include "messengers/whatsapp/whatsapp_messenger.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

#include <deque>

using namespace okno;
using namespace okno::whatsapp;

namespace {

// Answers in order and keeps what was asked.
class RecordedReplies final : public HttpTransport {
public:
    std::deque<Result<HttpReply>> replies;
    std::vector<HttpRequest> asked;

    boost::asio::awaitable<Result<HttpReply>> perform(HttpRequest request) override {
        asked.push_back(std::move(request));
        Result<HttpReply> reply = std::move(replies.front());
        replies.pop_front();
        co_return reply;
    }
    void answer(int status, std::string body) { replies.emplace_back(HttpReply{status, {}, std::move(body)}); }
};

template <typename Value>
Value wait_for(boost::asio::awaitable<Value> work) {
    boost::asio::io_context context;
    auto value = boost::asio::co_spawn(context, std::move(work), boost::asio::use_future);
    context.run();
    return value.get();
}

Channel a_channel() {
    Channel channel;
    channel.address = "1234567890";
    channel.settings["waba_id"] = "99";
    channel.credentials["access_token"] = Secret("EAAG");
    return channel;
}

}  // namespace

TEST_CASE("a message is posted to the number once and its id comes back") {
    RecordedReplies http;
    http.answer(200, R"({"messages":[{"id":"wamid.OUT1"}]})");
    OutboundMessage message;
    message.type = "text";
    message.text = "hello";
    message.to = {{"phone", "79161234567", "79161234567"}};
    const SendOutcome outcome = wait_for(WhatsappMessenger{}.send(message, a_channel(), http));
    REQUIRE(std::holds_alternative<Accepted>(outcome));
    CHECK(std::get<Accepted>(outcome).id.value() == "wamid.OUT1");
    REQUIRE(http.asked.size() == 1);
    CHECK(http.asked.front().url == "https://graph.facebook.com/v25.0/1234567890/messages");
}

TEST_CASE("what cannot be rendered is refused without a call") {
    RecordedReplies http;
    const SendOutcome outcome = wait_for(WhatsappMessenger{}.send(OutboundMessage{}, a_channel(), http));
    CHECK(std::holds_alternative<Rejected>(outcome));
    CHECK(http.asked.empty());
}

TEST_CASE("all pages of templates are read, by cursor, with their variables") {
    RecordedReplies http;
    http.answer(200, R"({"data":[{"name":"accepted","language":"en-US","status":"APPROVED","category":"UTILITY",
        "components":[{"type":"HEADER","format":"TEXT","text":"No. {{1}}"},{"type":"BODY","text":"Hello {{1}}, by {{2}}"},
        {"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Thanks"}]}]}],
        "paging":{"cursors":{"after":"QVFI"},"next":"https://elsewhere.example/?access_token=EAAG"}})");
    http.answer(200,
                R"({"data":[{"name":"b","language":"ru","status":"REJECTED"}],"paging":{"cursors":{"after":"x"}}})");
    const auto templates = wait_for(WhatsappMessenger{}.read_templates(a_channel(), http));
    REQUIRE(templates);
    REQUIRE(templates->size() == 2);
    CHECK(templates->front().language == "en_US");
    CHECK(templates->front().status == "approved");
    CHECK(templates->front().variables == std::vector<std::string>{"1", "2", "header:1"});
    CHECK(templates->front().buttons == std::vector<std::string>{"Thanks"});
    CHECK(http.asked[1].url == "https://graph.facebook.com/v25.0/99/message_templates?limit=100&after=QVFI");
}

TEST_CASE("a check gives the provider's own words when the token is dead or the number is not connected") {
    RecordedReplies http;
    http.answer(401, R"({"error":{"code":190,"message":"Error validating access token"}})");
    http.answer(200, R"({"id":"1234567890","status":"BANNED"})");
    http.answer(200, R"({"id":"1234567890","status":"CONNECTED"})");
    const WhatsappMessenger messenger;
    const auto dead = wait_for(messenger.check(a_channel(), http));
    CHECK(dead.error().code == "token_broken");
    CHECK(dead.error().detail == "Error validating access token");
    CHECK(wait_for(messenger.check(a_channel(), http)).error().detail.find("BANNED") != std::string::npos);
    CHECK(wait_for(messenger.check(a_channel(), http)));
}

TEST_CASE("a read mark names the message") {
    RecordedReplies http;
    http.answer(200, R"({"success":true})");
    CHECK(wait_for(WhatsappMessenger{}.mark_read(ProviderMessageId{"wamid.IN"}, a_channel(), http)));
    CHECK(http.asked.front().body == R"({"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN"})");
}

TEST_CASE("a channel is connected only with its ids and credentials, the error names the missing one") {
    const WhatsappMessenger messenger;
    CHECK(messenger.address_of({{"phone_number_id", "1"}, {"waba_id", "2"}}) == "1");
    CHECK(messenger.address_of({{"phone_number_id", "+7 916"}, {"waba_id", "2"}}).error().where ==
          "settings.phone_number_id");
    CHECK(messenger.address_of({{"phone_number_id", "1"}}).error().where == "settings.waba_id");
    CHECK(messenger.check_credentials({{"access_token", Secret("a")}}).error().where == "credentials.app_secret");
}
