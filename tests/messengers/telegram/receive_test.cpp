// Proof of the sender, connecting, and small answers.
#include "messengers/telegram/a_bot.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::telegram;
namespace json = boost::json;

static Receipt receive(const std::string& secret, const Channel& channel, const std::string& method = "POST") {
    WebhookRequest request{method, {}, {}, R"({"update_id":1})"};
    if (!secret.empty()) request.headers.set("X-Telegram-Bot-Api-Secret-Token", secret);
    return TelegramMessenger{}.receive(request, channel);
}

static int refusal(const Receipt& receipt) {
    const auto* refuse = std::get_if<Refuse>(&receipt);
    return refuse == nullptr ? 0 : refuse->status;
}

TEST_CASE("an update is kept only with our secret, and answered with nothing") {
    const Receipt kept = receive("sec_ret-1", a_bot());
    REQUIRE(std::holds_alternative<Keep>(kept));
    CHECK(std::get<Keep>(kept).body.empty());
    CHECK(refusal(receive("sec_ret-2", a_bot())) == 401);
    CHECK(refusal(receive("sec_ret-", a_bot())) == 401);
    CHECK(refusal(receive("", a_bot())) == 401);
    CHECK(refusal(receive("sec_ret-1", a_bot(), "GET")) == 405);
    Channel no_secret = a_bot();
    no_secret.credentials.erase("verify_token");
    CHECK(refusal(receive("", no_secret)) == 401);
    CHECK(refusal(receive("sec_ret-1", no_secret)) == 401);
}

TEST_CASE("an update names no bot, so no other channel takes it") {
    CHECK_FALSE(TelegramMessenger{}.verifies(R"({"update_id":1})", "", a_bot()));
    CHECK(TelegramMessenger{}.account_of(a_bot()).empty());
}

TEST_CASE("a bot is connected by its token, the error names what is wrong") {
    const TelegramMessenger telegram;
    CHECK(telegram.address_of({}, {{"bot_token", Secret(bot_token)}}) == "555000111");
    for (const char* wrong : {"", "555000111", "555000111:", "555000111:short", ":AAbbccddeeffgghhiijjkkllmmnnooppqqr",
                              "0555:AAbbccddeeffgghhiijjkkllmmnnooppqqr", "5x5:AAbbccddeeffgghhiijjkkllmmnnooppqqr",
                              "555000111:AAbbccddeeffgghhiijjkkllmmnnoop/../"})
        CHECK(telegram.address_of({}, {{"bot_token", Secret(wrong)}}).error().where == "credentials.bot_token");
    CHECK(telegram.address_of({}, {}).error().where == "credentials.bot_token");
    const auto with_secret = [&](const std::string& secret) {
        return telegram.address_of({}, {{"bot_token", Secret(bot_token)}, {"verify_token", Secret(secret)}});
    };
    CHECK(with_secret("Az09_-"));
    CHECK(with_secret("with blank").error().where == "credentials.verify_token");
    CHECK(with_secret(std::string(257, 'x')).error().where == "credentials.verify_token");
    const auto with_updates = [&](const std::string& updates) {
        return telegram.address_of({{"updates", updates}}, {{"bot_token", Secret(bot_token)}});
    };
    CHECK(with_updates("polling"));
    CHECK(with_updates("webhook"));
    CHECK(with_updates("carrier pigeons").error().where == "settings.updates");
}

TEST_CASE("by a phone number nobody is found") {
    CHECK(TelegramMessenger{}.address_of_phone("+79161234567").error().code == "not_allowed");
}

TEST_CASE("a press is answered at once, other updates are not") {
    const TelegramMessenger telegram;
    const auto said = telegram.courtesies(
        R"({"update_id":1,"callback_query":{"id":"386547","from":{"id":7},"data":"b:1"}})", a_bot());
    REQUIRE(said.size() == 1);
    CHECK(said[0].url == door + "answerCallbackQuery");
    CHECK(parameters_of(said[0]) == json::parse(R"({"callback_query_id":"386547"})"));
    CHECK(telegram.courtesies(R"({"update_id":1,"message":{"text":"\"callback_query\""}})", a_bot()).empty());
    CHECK(telegram.courtesies(R"({"update_id":1,"callback_query":{}})", a_bot()).empty());
    CHECK(telegram.courtesies(R"("callback_query" {)", a_bot()).empty());
}

TEST_CASE("typing is shown in the chat, also after a pressed button") {
    RecordedReplies http;
    for (const char* newest : {"900100200300:41", "900100200300:press386547", "conn1/900100200301:7"}) {
        http.answer(200, R"({"ok":true,"result":true})");
        CHECK(wait_for(TelegramMessenger{}.show_typing(ProviderMessageId{newest}, a_bot(), http)));
    }
    CHECK(http.asked[0].url == door + "sendChatAction");
    CHECK(parameters_of(http.asked[0]) == json::parse(R"({"chat_id":"900100200300","action":"typing"})"));
    CHECK(parameters_of(http.asked[1]) == parameters_of(http.asked[0]));
    CHECK(parameters_of(http.asked[2]).at("business_connection_id") == "conn1");
    CHECK(wait_for(TelegramMessenger{}.show_typing(ProviderMessageId{"nothing"}, a_bot(), http)));
    CHECK(http.asked.size() == 3);
}

TEST_CASE("only business accounts have read marks") {
    RecordedReplies http;
    http.answer(200, R"({"ok":true,"result":true})");
    for (const char* id : {"900100200300:41", "conn1/900100200301:7", "conn1/900100200301:press386547", "nothing"})
        CHECK(wait_for(TelegramMessenger{}.mark_read(ProviderMessageId{id}, a_bot(), http)));
    REQUIRE(http.asked.size() == 1);
    CHECK(http.asked[0].url == door + "readBusinessMessage");
    CHECK(parameters_of(http.asked[0]) ==
          json::parse(R"({"business_connection_id":"conn1","chat_id":"900100200301","message_id":7})"));
    http.answer(400, refused(400, "Bad Request: not enough rights to act for the business account"));
    CHECK(wait_for(TelegramMessenger{}.mark_read(ProviderMessageId{"conn1/900100200301:7"}, a_bot(), http))
              .error()
              .code == "no_rights");
}

static Media a_photo() {
    Media media;
    media.provider_id = "AgACAgIAAx";
    return media;
}

static Result<void> fetch(RecordedReplies& http) {
    return wait_for(TelegramMessenger{}.fetch_media(a_photo(), a_bot(), "/tmp/here", http));
}

TEST_CASE("a file is asked for, then fetched from where it lies") {
    RecordedReplies http;
    http.answer(200, R"({"ok":true,"result":{"file_id":"AgACAgIAAx","file_path":"photos/file_1.jpg"}})");
    http.answer(200, "");
    CHECK(fetch(http));
    CHECK(http.asked[0].url == door + "getFile");
    CHECK(parameters_of(http.asked[0]) == json::parse(R"({"file_id":"AgACAgIAAx"})"));
    CHECK(http.asked[1].method == "GET");
    CHECK(http.asked[1].url == "https://api.telegram.org/file/bot" + bot_token + "/photos/file_1.jpg");
    CHECK(http.asked[1].save_to == "/tmp/here");
}

TEST_CASE("what cannot be fetched now is tried again, what never will is not") {
    const auto error_after = [](int status, const std::string& body) {
        RecordedReplies http;
        http.answer(status, body);
        const auto fetched = fetch(http);
        REQUIRE_FALSE(fetched);
        CHECK(http.asked.size() == 1);
        return fetched.error();
    };
    CHECK(error_after(400, refused(400, "Bad Request: file is too big")).code == "file_too_large");
    CHECK(error_after(400, refused(400, "Bad Request: file is too big")).kind == ErrorKind::conflict);
    CHECK(error_after(400, refused(400, "Bad Request: invalid file_id")).kind == ErrorKind::conflict);
    CHECK(error_after(400, refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")).kind ==
          ErrorKind::unavailable);
    CHECK(error_after(500, refused(500, "Internal Server Error")).kind == ErrorKind::unavailable);
    CHECK(error_after(200, R"({"ok":true,"result":{}})").kind == ErrorKind::unavailable);
    CHECK(error_after(200, R"({"ok":true,"result":{"file_path":"../secret"}})").kind == ErrorKind::unavailable);
    RecordedReplies http;
    http.answer(200, R"({"ok":true,"result":{"file_path":"photos/file_1.jpg"}})");
    http.answer(404, "");
    CHECK(fetch(http).error().kind == ErrorKind::unavailable);
}
