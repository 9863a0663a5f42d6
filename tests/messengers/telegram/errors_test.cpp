// What Telegram's refusals and silence mean for a message.
#include "messengers/telegram/a_bot.hpp"
#include "messengers/telegram/bot_api.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::telegram;

static SendOutcome after(Result<HttpReply> reply) {
    RecordedReplies http;
    http.replies.push_back(std::move(reply));
    return wait_for(TelegramMessenger{}.send(a_message("text", "x"), a_bot(), http));
}

static SendOutcome after(int code, const std::string& words) {
    return after(HttpReply{code, {}, refused(code, words)});
}

static Rejected rejected(int code, const std::string& words) {
    const SendOutcome outcome = after(code, words);
    REQUIRE(std::holds_alternative<Rejected>(outcome));
    CHECK(std::get<Rejected>(outcome).detail == words);
    return std::get<Rejected>(outcome);
}

struct Known {
    int code;
    const char* words;
    const char* reason;
};

TEST_CASE("who cannot be written to is blocked until they turn to us again") {
    constexpr Known all[] = {
        {403, "Forbidden: bot was blocked by the user", "person_blocked"},
        {403, "Forbidden: user is deactivated", "person_gone"},
        {403, "Forbidden: bot can't initiate conversation with a user", "person_never_started"},
        {403, "Forbidden: bot was kicked from the supergroup chat", "person_gone"},
        {403, "Forbidden: bot is not a member of the channel chat", "person_gone"},
        {403, "Forbidden: the group chat was deleted", "person_gone"},
        {403, "Forbidden: words of tomorrow", "person_unreachable"},
        {400, "Bad Request: chat not found", "person_gone"},
        {400, "Bad Request: private chat not found", "person_gone"},
        {400, "Bad Request: PEER_ID_INVALID", "person_gone"},
        {400, "Bad Request: user not found", "person_gone"},
    };
    for (const Known& one : all) {
        CAPTURE(one.words);
        const Rejected told = rejected(one.code, one.words);
        CHECK(told.blocks_person);
        CHECK(told.code == one.reason);
        CHECK_FALSE(told.about_channel);
    }
}

TEST_CASE("a dead token or another server breaks the channel") {
    constexpr Known all[] = {
        {401, "Unauthorized", "token_invalid"},
        {401, "Unauthorized: invalid token specified", "token_invalid"},
        {404, "Not Found", "token_invalid"},
        {421, "Misdirected Request: the bot is served elsewhere", "wrong_server"},
    };
    for (const Known& one : all) {
        CAPTURE(one.words);
        const Rejected told = rejected(one.code, one.words);
        CHECK(told.about_channel == ChannelNotice::Kind::broken);
        CHECK(told.code == one.reason);
        CHECK_FALSE(told.blocks_person);
    }
}

TEST_CASE("what is wrong with the message alone fails with Telegram's words") {
    constexpr Known all[] = {
        {404, "Not Found: method not found", "method_unknown"},
        {403, "Forbidden: bot can't send messages to bots", "person_is_bot"},
        {400, "Bad Request: message is too long", "text_too_long"},
        {400, "Bad Request: message caption is too long", "text_too_long"},
        {400, "Bad Request: message text is empty", "text_empty"},
        {400, "Bad Request: can't parse entities: unclosed tag", "bad_request"},
        {400, "Bad Request: wrong file identifier/HTTP URL specified", "media_not_accepted"},
        {400, "Bad Request: failed to get HTTP URL content", "media_not_accepted"},
        {400, "Bad Request: Wrong type of the web page content", "media_not_accepted"},
        {400, "Bad Request: can't upload file by URL", "media_not_accepted"},
        {400, "Bad Request: file must be non-empty", "media_not_accepted"},
        {400, "Bad Request: wrong file type", "media_not_accepted"},
        {400, "Bad Request: file is too big", "file_too_large"},
        {413, "Request Entity Too Large", "file_too_large"},
        {400, "Bad Request: BUTTON_DATA_INVALID", "keyboard_refused"},
        {400, "Bad Request: BUTTON_URL_INVALID", "keyboard_refused"},
        {400, "Bad Request: BUTTON_TYPE_INVALID", "keyboard_refused"},
        {400, "Bad Request: REPLY_MARKUP_INVALID", "keyboard_refused"},
        {400, "Bad Request: reply markup is too long", "keyboard_refused"},
        {400, "Bad Request: message to be replied not found", "bad_request"},  // without a quote in ours
        {400, "Bad Request: message to edit not found", "message_gone"},
        {400, "Bad Request: message can't be edited", "not_changeable"},
        {400, "Bad Request: message to delete not found", "message_gone"},
        {400, "Bad Request: message can't be deleted", "not_changeable"},
        {400, "Bad Request: message to react not found", "message_gone"},
        {400, "Bad Request: REACTION_INVALID", "reaction_refused"},
        {400, "Bad Request: group chat was upgraded to a supergroup chat", "chat_moved"},
        {400, "Bad Request: words of tomorrow", "provider_400"},
        {418, "I'm a teapot", "provider_418"},
    };
    for (const Known& one : all) {
        CAPTURE(one.words);
        const Rejected told = rejected(one.code, one.words);
        CHECK(told.code == one.reason);
        CHECK_FALSE(told.blocks_person);
        CHECK_FALSE(told.about_channel);
        CHECK_FALSE(told.closes_window);
    }
}

TEST_CASE("a business account that shut the bot out is told to the admin, one that waits too long closes its window") {
    constexpr Known all[] = {
        {400, "Bad Request: not enough rights to act for the business account", "no_rights"},
        {400, "Bad Request: have no rights to send a message", "no_rights"},
        {400, "Bad Request: business connection not found", "account_left"},
        {400, "Bad Request: BUSINESS_CONNECTION_INVALID", "account_left"},
    };
    for (const Known& one : all) {
        CAPTURE(one.words);
        const Rejected told = rejected(one.code, one.words);
        CHECK(told.code == one.reason);
        CHECK(told.about_channel == ChannelNotice::Kind::warning);
    }
    const Rejected late = rejected(400, "Bad Request: BUSINESS_PEER_USAGE_MISSING");
    CHECK(late.code == "window_closed");
    CHECK(late.closes_window);
}

TEST_CASE("too many requests hold the whole channel as long as Telegram says") {
    const auto told = std::get<RetryLater>(after(HttpReply{
        429,
        {},
        R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 14","parameters":{"retry_after":14}})"}));
    CHECK(told.after == 14s);
    CHECK(told.scope == RetryScope::channel);
    CHECK(told.is_too_fast);
    HttpReply wordless{429, {}, "<html>"};
    wordless.headers.set("Retry-After", "7");
    CHECK(std::get<RetryLater>(after(wordless)).after == 7s);
    CHECK(std::get<RetryLater>(after(429, "Too Many Requests")).after == 0s);
    const auto flood = std::get<RetryLater>(after(
        HttpReply{429, {}, R"({"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":7200}})"}));
    CHECK(flood.after == 2h);
}

TEST_CASE("Telegram's own troubles are tried again") {
    for (const int code : {500, 502, 504}) {
        const auto later = std::get<RetryLater>(after(code, "Internal Server Error: restart"));
        CHECK(later.after == 0s);
        CHECK(later.scope == RetryScope::person);
        CHECK_FALSE(later.is_too_fast);
    }
    const auto unreached = after(fail(ErrorKind::never_left, "never_left", "no route"));
    CHECK(std::get<RetryLater>(unreached).scope == RetryScope::channel);
}

TEST_CASE("a lost answer is never tried again by itself, since Telegram would show the message twice") {
    CHECK(std::get<Unanswered>(after(fail(ErrorKind::left_no_answer, "left_no_answer", "timed out"))).reason ==
          "timed out");
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{502, {}, "<html>"})));
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{200, {}, "{}"})));
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{200, {}, R"({"ok":true,"result":{}})"})));
}

TEST_CASE("a refusal without words of the Bot API sent nothing") {
    CHECK(std::get<Rejected>(after(HttpReply{413, {}, "<html>"})).code == "file_too_large");
    CHECK(std::get<Rejected>(after(HttpReply{400, {}, ""})).code == "provider_400");
}

TEST_CASE("what is so already is done") {
    CHECK(std::get<Accepted>(after(400, "Bad Request: message is not modified: same content")).id.value().empty());
}

static std::vector<std::string> methods_of(const RecordedReplies& http) {
    std::vector<std::string> out;
    for (const HttpRequest& request : http.asked)
        out.push_back(request.url.substr(door.size()));
    return out;
}

TEST_CASE("a picture or voice that Telegram cannot show goes as a document, once") {
    for (const char* words :
         {"Bad Request: PHOTO_INVALID_DIMENSIONS", "Bad Request: IMAGE_PROCESS_FAILED",
          "Bad Request: file of size 20971520 bytes is too big for a photo", "Bad Request: VOICE_MESSAGES_FORBIDDEN"}) {
        CAPTURE(words);
        RecordedReplies http;
        http.answer(400, refused(400, words));
        http.answer(200, sent_as("78"));
        const SendOutcome outcome =
            wait_for(TelegramMessenger{}.send(a_file("image", "image/png", "here"), a_bot(), http));
        CHECK(std::get<Accepted>(outcome).id.value() == "900100200300:78");
        CHECK(methods_of(http) == std::vector<std::string>{"sendPhoto", "sendDocument"});
        CHECK(field_of(http.asked[1], "caption") == "here");
        http.asked.clear();
        http.answer(400, refused(400, words));
        const SendOutcome again = wait_for(TelegramMessenger{}.send(a_file("document", "image/png"), a_bot(), http));
        CHECK(std::holds_alternative<Rejected>(again));
        CHECK(http.asked.size() == 1);
    }
}

TEST_CASE("what answers a message that is gone goes without it, once") {
    OutboundMessage message = a_message("text", "yes");
    message.reply_to = ProviderMessageId{"900100200300:41"};
    RecordedReplies http;
    http.answer(400, refused(400, "Bad Request: message to be replied not found"));
    http.answer(200, sent_as("78"));
    const SendOutcome outcome = wait_for(TelegramMessenger{}.send(message, a_bot(), http));
    CHECK(std::holds_alternative<Accepted>(outcome));
    REQUIRE(http.asked.size() == 2);
    CHECK_FALSE(parameters_of(http.asked[1]).as_object().contains("reply_parameters"));
}

TEST_CASE("the errors of other calls may pass or not") {
    const auto kind = [](int code, const std::string& words) {
        return result_of(HttpReply{code, {}, refused(code, words)}).error().kind;
    };
    CHECK(kind(429, "Too Many Requests: retry after 1") == ErrorKind::unavailable);
    CHECK(kind(500, "Internal Server Error") == ErrorKind::unavailable);
    CHECK(kind(401, "Unauthorized") == ErrorKind::conflict);
    CHECK(kind(400, "Bad Request: anything") == ErrorKind::conflict);
    CHECK(result_of(HttpReply{502, {}, "<html>"}).error().kind == ErrorKind::unavailable);
    CHECK(result_of(HttpReply{401, {}, "<html>"}).error().kind == ErrorKind::conflict);
    CHECK(result_of(fail(ErrorKind::left_no_answer, "left_no_answer", "x")).error().kind == ErrorKind::left_no_answer);
}
