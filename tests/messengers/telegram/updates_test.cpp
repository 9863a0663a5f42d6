// The webhook, and questions where Telegram cannot call.
#include "messengers/telegram/a_bot.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::telegram;
namespace json = boost::json;

static const std::string our_url = "https://okno.example/hooks/KEY";
static const char* const done = R"({"ok":true,"result":true})";

static void answer_bot(RecordedReplies& http) {
    http.answer(200,
                R"({"ok":true,"result":{"id":555000111,"is_bot":true,"first_name":"Jasno","username":"jasno_bot"}})");
}

static void answer_webhook(RecordedReplies& http, const std::string& url, const std::string& more = "") {
    http.answer(200, R"({"ok":true,"result":{"url":")" + url + R"(")" + more + "}}");
}

static Result<Account> check(RecordedReplies& http, const Channel& channel, const std::string& url = our_url) {
    return wait_for(TelegramMessenger{}.check(channel, url, http));
}

static std::string method_of(const HttpRequest& request) { return request.url.substr(door.size()); }

TEST_CASE("connecting tells Telegram where to call, with which secret and for what") {
    RecordedReplies http;
    answer_bot(http);
    answer_webhook(http, "");
    http.answer(200, done);
    const auto account = check(http, a_bot());
    REQUIRE(account);
    CHECK(account->handle == "@jasno_bot");
    CHECK_FALSE(account->is_polled);
    CHECK(account->warning.empty());
    REQUIRE(http.asked.size() == 3);
    CHECK(method_of(http.asked[0]) == "getMe");
    CHECK(method_of(http.asked[2]) == "setWebhook");
    const json::value told = parameters_of(http.asked[2]);
    CHECK(told.at("url") == json::value(our_url));
    CHECK(told.at("secret_token") == "sec_ret-1");
    CHECK(told.at("max_connections") == 40);
    CHECK(told.at("drop_pending_updates") == false);
    CHECK(told.at("allowed_updates") ==
          json::parse(R"(["message","edited_message","message_reaction","callback_query","my_chat_member",
        "business_connection","business_message","edited_business_message","deleted_business_messages"])"));
}

TEST_CASE("a webhook that is ours already is told again, for the secret may be new") {
    RecordedReplies http;
    answer_bot(http);
    answer_webhook(http, our_url);
    http.answer(200, done);
    REQUIRE(check(http, a_bot()));
    CHECK(method_of(http.asked.back()) == "setWebhook");
}

static std::string warning_after(const std::string& url, const std::string& more) {
    RecordedReplies http;
    answer_bot(http);
    answer_webhook(http, url, more);
    http.answer(200, done);
    const auto account = check(http, a_bot());
    REQUIRE(account);
    return account->warning;
}

TEST_CASE("what Telegram could not bring lately is said, what is long past or of another address is not") {
    const auto failed = [](std::chrono::seconds ago) {
        const auto at = std::chrono::duration_cast<std::chrono::seconds>((Clock::real_now() - ago).time_since_epoch());
        return R"(,"pending_update_count":3,"last_error_date":)" + std::to_string(at.count()) +
               R"(,"last_error_message":"Wrong response from the webhook: 500")";
    };
    const std::string told = warning_after(our_url, failed(60s));
    CHECK(told.starts_with("Telegram could not call us at 20"));
    CHECK(told.ends_with(": Wrong response from the webhook: 500."));
    CHECK(warning_after(our_url, failed(24h)).empty());
    CHECK(warning_after("https://before.example/hooks/KEY", failed(60s)).empty());
    CHECK(warning_after(our_url, R"(,"pending_update_count":5000)") == "Telegram still holds 5000 updates for us.");
    CHECK(warning_after(our_url, R"(,"pending_update_count":5)").empty());
}

TEST_CASE("a check tells a dead token, another bot and a refused address in words") {
    RecordedReplies http;
    http.answer(401, refused(401, "Unauthorized"));
    CHECK(check(http, a_bot()).error().detail == "Unauthorized");
    http.answer(200, R"({"ok":true,"result":{"id":7,"username":"other_bot"}})");
    CHECK(check(http, a_bot()).error().code == "other_account");
    answer_bot(http);
    answer_webhook(http, "");
    http.answer(400, refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"));
    const auto refusal = check(http, a_bot());
    CHECK(refusal.error().code == "webhook_refused");
    CHECK(refusal.error().detail.ends_with("An HTTPS URL must be provided for webhook"));
    answer_bot(http);
    http.answer(502, "<html>");
    CHECK(check(http, a_bot()).error().kind == ErrorKind::unavailable);
}

TEST_CASE("where Telegram cannot call, or is not to, a webhook is taken away and none is set") {
    Channel by_choice = a_bot();
    by_choice.settings["updates"] = "polling";
    for (const auto& [channel, url] : {std::pair{a_bot(), std::string()}, std::pair{by_choice, our_url}}) {
        RecordedReplies http;
        answer_bot(http);
        answer_webhook(http, our_url);
        http.answer(200, done);
        const auto account = check(http, channel, url);
        REQUIRE(account);
        CHECK(account->is_polled);
        CHECK(method_of(http.asked.back()) == "deleteWebhook");
        CHECK(parameters_of(http.asked.back()).at("drop_pending_updates") == false);
        http.asked.clear();
        answer_bot(http);
        answer_webhook(http, "");
        REQUIRE(check(http, channel, url));
        CHECK(http.asked.size() == 2);
    }
}

TEST_CASE("a bot that is disconnected is called no more, and keeps what waits") {
    RecordedReplies http;
    http.answer(200, done);
    CHECK(wait_for(TelegramMessenger{}.disconnect(a_bot(), http)));
    CHECK(method_of(http.asked[0]) == "deleteWebhook");
    http.answer(401, refused(401, "Unauthorized"));
    CHECK_FALSE(wait_for(TelegramMessenger{}.disconnect(a_bot(), http)));
}

static Result<Polled> poll(RecordedReplies& http, const std::string& cursor) {
    return wait_for(TelegramMessenger{}.poll(a_bot(), cursor, http));
}

static std::string cursor_at(const std::string& place, std::chrono::milliseconds ago) {
    return place + "@" + std::to_string(to_millis(Clock::real_now() - ago));
}

TEST_CASE("polling goes on where it ended and gives updates as they would have been posted") {
    RecordedReplies http;
    http.answer(200, R"({"ok":true,"result":[{"update_id":41,"message":{"text":"a"}},{"update_id":42,"poll":{}}]})");
    const auto first = poll(http, "");
    REQUIRE(first);
    CHECK(first->bodies ==
          std::vector<std::string>{R"({"update_id":41,"message":{"text":"a"}})", R"({"update_id":42,"poll":{}})"});
    CHECK(first->cursor.starts_with("43@"));
    CHECK(first->pause == 0ms);
    const json::value asked = parameters_of(http.asked[0]);
    CHECK(method_of(http.asked[0]) == "getUpdates");
    CHECK_FALSE(asked.as_object().contains("offset"));
    CHECK(asked.at("limit") == 100);
    CHECK(asked.at("allowed_updates").as_array().size() == 9);
    CHECK(std::chrono::seconds(asked.at("timeout").as_int64()) < http.asked[0].timeout);
    http.answer(200, R"({"ok":true,"result":[]})");
    const auto second = poll(http, first->cursor);
    REQUIRE(second);
    CHECK(parameters_of(http.asked[1]).at("offset") == 43);
    CHECK(second->cursor == first->cursor);
}

TEST_CASE("a place of a week ago is none, since the numbers begin anew") {
    const auto offset_of = [](const std::string& cursor) {
        RecordedReplies http;
        http.answer(200, R"({"ok":true,"result":[]})");
        REQUIRE(poll(http, cursor));
        const json::value asked = parameters_of(http.asked[0]);
        return asked.as_object().contains("offset") ? asked.at("offset").as_int64() : 0;
    };
    CHECK(offset_of(cursor_at("42", 5 * 24h)) == 42);
    CHECK(offset_of(cursor_at("42", 7 * 24h)) == 0);
    CHECK(offset_of("42") == 0);
    CHECK(offset_of("nonsense") == 0);
}

TEST_CASE("a webhook that was left behind is taken away, and polling goes on at once") {
    RecordedReplies http;
    http.answer(409, refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook"));
    http.answer(200, done);
    const auto polled = poll(http, "42@1");
    REQUIRE(polled);
    CHECK(method_of(http.asked[1]) == "deleteWebhook");
    CHECK(polled->cursor == "42@1");
    CHECK(polled->pause == 0ms);
    CHECK_FALSE(polled->notice);
}

TEST_CASE("another program that polls with the token is told of, and given time") {
    RecordedReplies http;
    http.answer(409, refused(409, "Conflict: terminated by other getUpdates request; make sure that only one runs"));
    const auto polled = poll(http, "42@1");
    REQUIRE(polled);
    CHECK(polled->pause == 30s);
    CHECK(polled->cursor == "42@1");
    REQUIRE(polled->notice);
    CHECK(polled->notice->kind == ChannelNotice::Kind::warning);
}

TEST_CASE("while another program has a webhook nothing is polled; once it is gone polling goes on where it was") {
    RecordedReplies http;
    http.answer(409, refused(409, "Conflict: terminated by setWebhook request"));
    const std::string place = cursor_at("42", 1s);
    const auto ended = poll(http, place);
    REQUIRE(ended);
    CHECK(ended->pause == 10s);
    CHECK_FALSE(ended->notice);  // it may be ours: the channel was just told to be called
    answer_webhook(http, "https://other.example");
    const auto waiting = poll(http, ended->cursor);
    REQUIRE(waiting);
    CHECK(method_of(http.asked[1]) == "getWebhookInfo");
    CHECK(waiting->cursor == ended->cursor);
    CHECK(waiting->pause == 10s);
    REQUIRE(waiting->notice);
    CHECK(waiting->notice->kind == ChannelNotice::Kind::warning);
    answer_webhook(http, "");
    const auto free = poll(http, waiting->cursor);
    REQUIRE(free);
    CHECK(free->cursor == place);
    CHECK(free->pause == 0ms);
    CHECK_FALSE(free->notice);
}

TEST_CASE("a dead token breaks the channel while polling, too many questions wait") {
    RecordedReplies http;
    http.answer(401, refused(401, "Unauthorized"));
    const auto dead = poll(http, "42@1");
    REQUIRE(dead);
    REQUIRE(dead->notice);
    CHECK(dead->notice->kind == ChannelNotice::Kind::broken);
    CHECK(dead->notice->reason == "Unauthorized");
    CHECK(dead->pause > 0ms);
    http.answer(429, R"({"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":9}})");
    CHECK(poll(http, "42@1")->pause == 9s);
    http.answer(500, refused(500, "Internal Server Error"));
    CHECK(poll(http, "42@1").error().kind == ErrorKind::unavailable);
    http.replies.push_back(fail(ErrorKind::never_left, "never_left", "no route"));
    CHECK(poll(http, "42@1").error().kind == ErrorKind::never_left);
    http.answer(409, refused(409, "Conflict: can't use getUpdates method while webhook is active"));
    http.answer(500, refused(500, "Internal Server Error"));
    CHECK(poll(http, "42@1").error().kind == ErrorKind::unavailable);
}
