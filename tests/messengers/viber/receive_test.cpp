// Who calls, what is answered at once, and how a bot is connected.
#include "messengers/viber/a_bot.hpp"

#include "base/crypto.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::viber;
namespace json = boost::json;

static std::string signature_of(const std::string& body) {
    const Sha256 mac = hmac_sha256(a_bot().credential("auth_token").reveal(), body);
    return to_hex(mac.data(), mac.size());
}

static WebhookRequest signed_post(const std::string& body) {
    WebhookRequest request{"POST", {}, {}, body};
    request.headers.set("X-Viber-Content-Signature", signature_of(body));
    return request;
}

static int refusal(const Receipt& receipt) {
    const auto* refused = std::get_if<Refuse>(&receipt);
    return refused == nullptr ? 0 : refused->status;
}

static const std::string a_text = R"({"event":"message","message_token":1})";

TEST_CASE("what is signed with the token is kept, with the signature, and answered with nothing") {
    const ViberMessenger viber;
    const Receipt receipt = viber.receive(signed_post(a_text), a_bot());
    REQUIRE(std::holds_alternative<Keep>(receipt));
    CHECK(std::get<Keep>(receipt).body.empty());
    CHECK(std::get<Keep>(receipt).proof == signature_of(a_text));
    CHECK(viber.verifies(a_text, signature_of(a_text), a_bot()));
}

TEST_CASE("the signature may stand in the address alone") {
    const ViberMessenger viber;
    const WebhookRequest by_query{"POST", {{"sig", signature_of(a_text)}}, {}, a_text};
    CHECK(std::holds_alternative<Keep>(viber.receive(by_query, a_bot())));
    const WebhookRequest wrong{"POST", {{"sig", signature_of("other")}}, {}, a_text};
    CHECK(refusal(viber.receive(wrong, a_bot())) == 403);
}

TEST_CASE("a changed body, no signature, another token or no token at all is refused") {
    const ViberMessenger viber;
    WebhookRequest changed = signed_post(a_text);
    changed.body += " ";
    CHECK(refusal(viber.receive(changed, a_bot())) == 403);
    CHECK(refusal(viber.receive({"POST", {}, {}, a_text}, a_bot())) == 403);
    Channel other = a_bot();
    other.credentials["auth_token"] = Secret("another");
    CHECK(refusal(viber.receive(signed_post(a_text), other)) == 403);
    CHECK_FALSE(viber.verifies(a_text, signature_of(a_text), other));
    other.credentials.clear();
    CHECK(refusal(viber.receive(signed_post(a_text), other)) == 403);
    CHECK(refusal(viber.receive({"GET", {}, {}, ""}, a_bot())) == 405);
}

TEST_CASE("the call with which Viber tries the webhook is answered at once and kept nowhere") {
    const Receipt receipt =
        ViberMessenger{}.receive(signed_post(R"({"event":"webhook","timestamp":1,"message_token":2})"), a_bot());
    REQUIRE(std::holds_alternative<Answer>(receipt));
    CHECK(std::get<Answer>(receipt).status == 200);
}

static std::string welcome(const std::string& callback, const Channel& channel) {
    const Receipt receipt = ViberMessenger{}.receive(signed_post(callback), channel);
    REQUIRE(std::holds_alternative<Keep>(receipt));
    return std::get<Keep>(receipt).body;
}

static Channel a_bot_that_greets() {
    Channel channel = a_bot();
    channel.settings["welcome_text"] = "Hello! Press the button to begin.";
    channel.settings["welcome_button"] = "Begin";
    return channel;
}

TEST_CASE("who opens the chat by a link is greeted, and its token lies in the button and in the tracking data") {
    const std::string callback =
        R"({"event":"conversation_started","context":"TOKEN-1","user":{"id":"A="},"subscribed":false})";
    const json::object message = json::parse(welcome(callback, a_bot_that_greets())).as_object();
    CHECK(message.at("type") == "text");
    CHECK(message.at("text") == "Hello! Press the button to begin.");
    CHECK(message.at("sender").at("name") == "Shop");
    CHECK_FALSE(message.contains("receiver"));
    const json::object& button = message.at("keyboard").at("Buttons").at(0).as_object();
    CHECK(button.at("ActionBody") == "b:start:TOKEN-1");
    CHECK(button.at("Text") == "Begin");
    CHECK(json::parse(message.at("tracking_data").as_string()).at("s") == "TOKEN-1");
}

TEST_CASE("without a text nobody is greeted, nor is a subscriber") {
    const std::string fresh = R"({"event":"conversation_started","user":{"id":"A="},"subscribed":false})";
    CHECK(welcome(fresh, a_bot()).empty());
    const std::string known = R"({"event":"conversation_started","user":{"id":"A="},"subscribed":true})";
    CHECK(welcome(known, a_bot_that_greets()).empty());
    Channel wordless = a_bot_that_greets();
    wordless.settings.erase("welcome_button");
    CHECK_FALSE(json::parse(welcome(fresh, wordless)).as_object().contains("keyboard"));
}

static const std::string our_url = "https://okno.example/hooks/KEY";

static std::string account(
    const std::string& uri, const std::string& webhook,
    const std::string& events = R"(["delivered","seen","failed","subscribed","unsubscribed","conversation_started"])") {
    return R"({"status":0,"status_message":"ok","uri":")" + uri + R"(","name":"Yasno","webhook":")" + webhook +
           R"(","event_types":)" + events + "}";
}

static Result<Account> check(RecordedReplies& http, const std::string& url = our_url) {
    return wait_for(ViberMessenger{}.check(a_bot(), url, http));
}

TEST_CASE("a check has Viber call us with our events, and leaves alone what is so already") {
    RecordedReplies http;
    http.answer(200, account("yasno", ""));
    http.answer(200, R"({"status":0,"status_message":"ok"})");
    const auto connected = check(http);
    REQUIRE(connected);
    CHECK(connected->handle == "viber://pa?chatURI=yasno");
    CHECK(connected->settings.at("webhook_url") == our_url);
    REQUIRE(http.asked.size() == 2);
    CHECK(http.asked[0].url == "https://chatapi.viber.com/pa/get_account_info");
    CHECK(http.asked[0].headers.get("X-Viber-Auth-Token") == a_bot().credential("auth_token").reveal());
    CHECK(http.asked[1].url == "https://chatapi.viber.com/pa/set_webhook");
    const json::object asked = body_of_call(http.asked[1]);
    CHECK(std::string(asked.at("url").as_string()) == our_url);
    CHECK(asked.at("event_types").as_array().size() == 6);
    CHECK(asked.at("send_name") == true);

    http.asked.clear();
    http.answer(200, account("Yasno", our_url));
    REQUIRE(check(http));
    CHECK(http.asked.size() == 1);

    http.asked.clear();
    http.answer(200, account("yasno", our_url, R"(["delivered"])"));
    http.answer(200, R"({"status":0,"status_message":"ok"})");
    REQUIRE(check(http));
    CHECK(http.asked.size() == 2);
}

TEST_CASE("a check tells a dead token, another bot, a refused and a missing address in words") {
    RecordedReplies http;
    http.answer(200, refusal_with(2));
    CHECK(check(http).error().code == "token_broken");
    http.answer(200, account("other", ""));
    CHECK(check(http).error().code == "other_account");
    http.answer(200, account("yasno", ""));
    CHECK(check(http, "").error().code == "no_public_address");
    http.answer(200, account("yasno", ""));
    http.answer(200, refusal_with(1));
    const auto refused = check(http);
    CHECK(refused.error().code == "webhook_refused");
    CHECK(refused.error().detail.find(our_url) != std::string::npos);
    CHECK(refused.error().kind == ErrorKind::conflict);
    http.answer(502, "<html>");
    CHECK(check(http).error().kind == ErrorKind::unavailable);
    http.answer(200, refusal_with(999));
    CHECK(check(http).error().kind == ErrorKind::unavailable);
}

TEST_CASE("a disconnected bot calls nobody, unless somebody else is called already") {
    RecordedReplies http;
    http.answer(200, account("yasno", our_url));
    http.answer(200, R"({"status":0,"status_message":"ok"})");
    CHECK(wait_for(ViberMessenger{}.disconnect(a_bot(), http)));
    REQUIRE(http.asked.size() == 2);
    CHECK(body_of_call(http.asked[1]).at("url") == "");
    http.asked.clear();
    http.answer(200, account("yasno", "https://shop.example/viber"));
    CHECK(wait_for(ViberMessenger{}.disconnect(a_bot(), http)));
    CHECK(http.asked.size() == 1);
}

TEST_CASE("a bot is connected by its name in links and a token, the error names what is wrong") {
    const ViberMessenger viber;
    const std::map<std::string, Secret> token{{"auth_token", Secret("t")}};
    CHECK(viber.address_of({{"uri", "yasno"}}, token) == "yasno");
    for (const char* wrong : {"", "viber://pa?chatURI=yasno", "ya sno"})
        CHECK(viber.address_of({{"uri", wrong}}, token).error().where == "settings.uri");
    CHECK(viber.address_of({{"uri", "yasno"}}, {}).error().where == "credentials.auth_token");
    CHECK(viber.address_of({{"uri", "yasno"}}, {{"auth_token", Secret("a\r\nb")}}).error().where ==
          "credentials.auth_token");
    const auto with = [&](const char* name, const std::string& value) {
        return viber.address_of({{"uri", "yasno"}, {name, value}}, token).error().where;
    };
    CHECK(with("sender_name", std::string(29, 'x')) == "settings.sender_name");
    CHECK(with("sender_avatar", "http://a.example/x.png") == "settings.sender_avatar");
    CHECK(with("welcome_text", std::string(7001, 'x')) == "settings.welcome_text");
    CHECK(with("welcome_button", std::string(61, 'x')) == "settings.welcome_button");
}

TEST_CASE("nobody is found by a phone number, nothing is polled, read marks and typing ask nothing of Viber") {
    RecordedReplies http;
    CHECK(ViberMessenger{}.address_of_phone("+79161234567").error().code == "not_allowed");
    CHECK(wait_for(ViberMessenger{}.mark_read(ProviderMessageId{"1"}, a_bot(), http)));
    CHECK(wait_for(ViberMessenger{}.show_typing(ProviderMessageId{"1"}, a_bot(), http)));
    CHECK(http.asked.empty());
}
