// Proof of the sender, subscriptions, long polling and small answers.
#include "messengers/max/a_bot.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
namespace json = boost::json;

static int refusal(const std::string& method, const std::string& secret, const Channel& channel = a_bot()) {
    WebhookRequest request{method, {}, {}, "{}"};
    if (!secret.empty()) request.headers.set("X-Max-Bot-Api-Secret", secret);
    const Receipt receipt = a_max().receive(request, channel);
    const auto* refuse = std::get_if<Refuse>(&receipt);
    return refuse == nullptr ? 0 : refuse->status;
}

TEST_CASE("an update is kept only with our secret in its header") {
    CHECK(refusal("POST", "s3cret") == 0);
    CHECK(refusal("POST", "s3cre") == 401);
    CHECK(refusal("POST", "") == 401);
    CHECK(refusal("GET", "s3cret") == 405);
    Channel no_secret = a_bot();
    no_secret.credentials.erase("verify_token");
    CHECK(refusal("POST", "", no_secret) == 401);
    CHECK_FALSE(a_max().verifies("{}", "", a_bot()));
}

TEST_CASE("a bot is connected by its nick and token, the error names what is missing") {
    const auto address = [](const std::string& bot, const std::string& token, const std::string& secret = "") {
        std::map<std::string, Secret> credentials{{"access_token", Secret(token)}};
        if (!secret.empty()) credentials["verify_token"] = Secret(secret);
        const auto found = a_max().address_of({{"bot", bot}}, credentials);
        return found ? *found : found.error().where;
    };
    for (const char* nick : {"id7700000000_bot", "@ID7700000000_bot", "https://max.ru/id7700000000_bot?start=x",
                             "max.ru/id7700000000_bot/"})
        CHECK(address(nick, "t") == "id7700000000_bot");
    for (const char* wrong : {"", "a b", "@", "https://max.ru/"})
        CHECK(address(wrong, "t") == "settings.bot");
    CHECK(address("a_bot", "") == "credentials.access_token");
    CHECK(address("a_bot", "two words") == "credentials.access_token");
    CHECK(address("a_bot", "t", "four") == "credentials.verify_token");
    CHECK(address("a_bot", "t", "with blank") == "credentials.verify_token");
    CHECK(address("a_bot", "t", "five-") == "a_bot");
}

static const std::string our_url = "https://okno.example/hooks/KEY";

static Result<Account> check(RecordedReplies& http, const Channel& channel = a_bot(),
                             const std::string& url = our_url) {
    return wait_for(a_max().check(channel, url, http));
}

static std::string subscriptions(const std::vector<std::string>& urls) {
    json::array list;
    for (const std::string& url : urls)
        list.push_back(json::object{{"url", url}, {"time", 1}, {"update_types", nullptr}, {"version", nullptr}});
    return json::serialize(json::object{{"subscriptions", list}});
}

static const char* const me = R"({"user_id":12345,"first_name":"Yasno","username":"id7700000000_bot","is_bot":true})";
static const char* const success = R"({"success":true})";

TEST_CASE("a check subscribes anew with our secret and the updates we read, and leaves others alone") {
    RecordedReplies http;
    http.answer(200, me);
    http.answer(200, success);
    http.answer(200, subscriptions({"https://crm.example/max", our_url}));
    const auto account = check(http);
    REQUIRE(account);
    CHECK(account->handle == "max.ru/id7700000000_bot");
    CHECK_FALSE(account->is_polled);
    REQUIRE(http.asked.size() == 3);
    CHECK(http.asked[1].method == "POST");
    CHECK(http.asked[1].url == "https://platform-api2.max.ru/subscriptions");
    CHECK(json::parse(http.asked[1].body) == json::parse(R"({"url":"https://okno.example/hooks/KEY","secret":"s3cret",
        "update_types":["message_created","message_callback","message_edited","message_removed","bot_started",
                        "bot_stopped","dialog_removed"]})"));
}

TEST_CASE("addresses that this server had before are unsubscribed") {
    RecordedReplies http;
    http.answer(200, me);
    http.answer(200, success);
    http.answer(200, subscriptions({"https://old.example/hooks/KEY", our_url, "https://okno.example/hooks/EARLIER",
                                    "https://okno.example.evil/x"}));
    http.answer(200, success);
    http.answer(200, success);
    REQUIRE(check(http));
    REQUIRE(http.asked.size() == 5);
    CHECK(http.asked[3].method == "DELETE");
    CHECK(http.asked[3].url.ends_with("/subscriptions?url=https%3A%2F%2Fold.example%2Fhooks%2FKEY"));
    CHECK(http.asked[4].url.ends_with("/subscriptions?url=https%3A%2F%2Fokno.example%2Fhooks%2FEARLIER"));
}

TEST_CASE("a check tells a dead token, another bot and a refused address in words") {
    RecordedReplies http;
    http.answer(401, refusal_of_max("verify.token", "Invalid access_token"));
    CHECK(check(http).error().detail == "Invalid access_token");
    http.answer(200, R"({"user_id":1,"username":"other_bot"})");
    CHECK(check(http).error().code == "other_account");
    http.answer(200, me);
    http.answer(400, refusal_of_max("proto.payload", "url must be https"));
    const auto refused = check(http);
    CHECK(refused.error().code == "webhook_refused");
    CHECK(refused.error().detail.ends_with("url must be https"));
    http.answer(200, me);
    http.answer(200, R"({"success":false,"message":"certificate"})");
    CHECK(check(http).error().code == "webhook_refused");
    http.answer(200, me);
    http.answer(200, success);
    http.answer(200, subscriptions({}));
    CHECK(check(http).error().code == "webhook_refused");
    http.answer(200, me);
    http.answer(503, "");
    CHECK(check(http).error().kind == ErrorKind::unavailable);
}

TEST_CASE("where MAX cannot call, nobody stays subscribed, since only then it answers questions") {
    for (const bool is_chosen : {false, true}) {
        RecordedReplies http;
        http.answer(200, me);
        http.answer(200, subscriptions({our_url, "https://crm.example/max"}));
        http.answer(200, success);
        http.answer(200, success);
        Channel channel = a_bot();
        if (is_chosen) channel.settings["updates"] = "polling";
        const auto account = check(http, channel, is_chosen ? our_url : "");
        REQUIRE(account);
        CHECK(account->is_polled);
        CHECK(http.asked.size() == 4);
    }
}

TEST_CASE("a channel that goes takes its own subscription along") {
    RecordedReplies http;
    http.answer(200, subscriptions({"https://crm.example/max", our_url}));
    http.answer(200, success);
    CHECK(wait_for(a_max().disconnect(a_bot(), http)));
    REQUIRE(http.asked.size() == 2);
    CHECK(http.asked[1].url.ends_with("%2Fhooks%2FKEY"));
}

static Result<Polled> poll(RecordedReplies& http, const std::string& cursor) {
    return wait_for(a_max().poll(a_bot(), cursor, http));
}

TEST_CASE("polling goes on at its marker and gives updates as they would have been posted") {
    RecordedReplies http;
    http.answer(200, R"({"updates":[{"update_type":"bot_stopped"},{"update_type":"bot_started"}],"marker":42})");
    const auto first = poll(http, "");
    REQUIRE(first);
    CHECK(first->bodies ==
          std::vector<std::string>{R"({"update_type":"bot_stopped"})", R"({"update_type":"bot_started"})"});
    CHECK(first->cursor == "42");
    const std::string& asked = http.asked[0].url;
    CHECK(asked.find("/updates?limit=100&timeout=25&types=message_created%2C") != std::string::npos);
    CHECK(asked.find("marker") == std::string::npos);
    CHECK(http.asked[0].timeout > 25s);
    http.answer(200, R"({"updates":[],"marker":null})");
    CHECK(poll(http, "42")->cursor == "42");
    CHECK(http.asked[1].url.ends_with("&marker=42"));
    http.answer(429, refusal_of_max("too.many.requests"));
    CHECK(poll(http, "42").error().kind == ErrorKind::unavailable);
    http.answer(401, refusal_of_max("verify.token"));
    CHECK(poll(http, "42").error().code == "token_broken");
}

TEST_CASE("a subscription that somebody made meanwhile is removed, and the question goes on where it was") {
    RecordedReplies http;
    http.answer(405, refusal_of_max("method.not.allowed"));
    http.answer(200, subscriptions({"https://crm.example/max"}));
    http.answer(200, success);
    const auto polled = poll(http, "42");
    REQUIRE(polled);
    CHECK(polled->cursor == "42");
    CHECK(http.asked[2].method == "DELETE");
    http.answer(405, refusal_of_max("method.not.allowed"));
    http.answer(200, subscriptions({}));
    CHECK(poll(http, "42").error().kind == ErrorKind::conflict);
}

TEST_CASE("a press is answered at once with the words on the button, other updates are not") {
    const auto said = a_max().courtesies(R"({"update_type":"message_callback","timestamp":1,
        "callback":{"timestamp":1,"callback_id":"cb 1","payload":"9f3:2","user":{"user_id":54321}},
        "message":{"recipient":{"chat_id":5,"chat_type":"dialog"},"body":{"mid":"m","attachments":[
            {"type":"inline_keyboard","payload":{"buttons":[[{"type":"callback","text":"No","payload":"9f3:2"}]]}}]}}})",
                                         a_bot());
    REQUIRE(said.size() == 1);
    CHECK(said[0].method == "POST");
    CHECK(said[0].url == "https://platform-api2.max.ru/answers?callback_id=cb%201");
    CHECK(json::parse(said[0].body) == json::parse(R"({"notification":"✓ No"})"));
    CHECK(
        a_max()
            .courtesies(R"({"update_type":"message_created","message":{"body":{"text":"message_callback"}}})", a_bot())
            .empty());
    CHECK(a_max().courtesies("message_callback", a_bot()).empty());
}

TEST_CASE("reading and typing are told to the chat, also after a press") {
    RecordedReplies http;
    http.answer(200, success);
    http.answer(200, success);
    CHECK(wait_for(a_max().mark_read(ProviderMessageId{"98765:mid.1/2"}, a_bot(), http)));
    CHECK(http.asked[0].url.ends_with("/chats/98765/actions"));
    CHECK(http.asked[0].body == R"({"action":"mark_seen"})");
    CHECK(wait_for(a_max().show_typing(ProviderMessageId{"98765:press:cb:1"}, a_bot(), http)));
    CHECK(http.asked[1].url.ends_with("/chats/98765/actions"));
    CHECK(http.asked[1].body == R"({"action":"typing_on"})");
    CHECK(wait_for(a_max().mark_read(ProviderMessageId{"press:cb:1"}, a_bot(), http)));
    CHECK(http.asked.size() == 2);
    http.answer(500, refusal_of_max("internal.error"));
    CHECK_FALSE(wait_for(a_max().mark_read(ProviderMessageId{"98765:mid.1"}, a_bot(), http)));
}

TEST_CASE("there is no window, no template and nobody is found by phone") {
    const okno::max::MaxMessenger messenger;
    CHECK_FALSE(messenger.traits().reply_window);
    CHECK_FALSE(messenger.traits().has_templates);
    CHECK(messenger.traits().messages_per_second <= 30);
    CHECK(messenger.traits().person_interval >= 500ms);
    CHECK(messenger.address_of_phone("+79161234567").error().code == "not_allowed");
    RecordedReplies http;
    CHECK(wait_for(messenger.read_templates(a_bot(), http))->empty());
}
