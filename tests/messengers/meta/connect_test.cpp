// What an admin enters, and what connecting asks of Meta.
#include "messengers/meta/an_account.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

static const meta::FacebookMessenger messenger;
static const meta::Instagram instagram;

using Settings = std::map<std::string, std::string>;

static std::map<std::string, Secret> keys() { return {{"access_token", Secret("EAAG")}, {"app_secret", Secret("s")}}; }

TEST_CASE("the account's number is the address, and what is missing is named") {
    CHECK(messenger.address_of({{"page_id", "104"}}, keys()) == "104");
    CHECK(instagram.address_of({{"instagram_id", "178"}}, keys()) == "178");
    CHECK(instagram.address_of({{"instagram_id", "178"}, {"page_id", "104"}}, keys()) == "178");
    CHECK(messenger.address_of({}, keys()).error().where == "settings.page_id");
    CHECK(messenger.address_of({{"page_id", "yasno"}}, keys()).error().where == "settings.page_id");
    CHECK(instagram.address_of({{"page_id", "104"}}, keys()).error().where == "settings.instagram_id");
    CHECK(instagram.address_of({{"instagram_id", "178"}, {"page_id", "x"}}, keys()).error().where ==
          "settings.page_id");
    CHECK(messenger.address_of({{"page_id", "104"}}, {{"access_token", Secret("t")}}).error().where ==
          "credentials.app_secret");
    CHECK(messenger.address_of({{"page_id", "104"}}, {{"app_secret", Secret("t")}}).error().where ==
          "credentials.access_token");
}

TEST_CASE("a Page is looked at, subscribed, and gets its button") {
    RecordedReplies http;
    http.answer(200, R"({"id":"104500000000001","name":"Yasno","username":"yasno"})");
    http.answer(200, R"({"success":true})");
    http.answer(200, R"({"data":[]})");
    http.answer(200, R"({"result":"success"})");
    const auto account = wait_for(messenger.check(a_page(), "https://okno.example/hooks/K", http));
    REQUIRE(account);
    CHECK(account->handle == "m.me/yasno");
    REQUIRE(http.asked.size() == 4);
    CHECK(http.asked[1].method == "POST");
    CHECK(http.asked[1].url.find("/104500000000001/subscribed_apps?subscribed_fields=messages,messaging_postbacks") !=
          std::string::npos);
    CHECK(http.asked[1].url.find("message_echoes") != std::string::npos);
    CHECK(http.asked[3].body == R"({"get_started":{"payload":"GET_STARTED"}})");
}

TEST_CASE("a button that is there is left as it is") {
    RecordedReplies http;
    http.answer(200, R"({"id":"104500000000001"})");
    http.answer(200, R"({"success":true})");
    http.answer(200, R"({"data":[{"get_started":{"payload":"OWN"}}]})");
    const auto account = wait_for(messenger.check(a_page(), "", http));
    REQUIRE(account);
    CHECK(account->handle == "m.me/104500000000001");
}

TEST_CASE("a token of another account is told") {
    RecordedReplies http;
    http.answer(200, R"({"id":"7"})");
    CHECK(wait_for(messenger.check(a_page(), "", http)).error().code == "other_account");
    http.answer(200, R"({"id":"104500000000001","instagram_business_account":{"id":"9","username":"x"}})");
    CHECK(wait_for(instagram.check(an_instagram(), "", http)).error().code == "other_account");
    http.answer(200, R"({"id":"104500000000001"})");
    CHECK(wait_for(instagram.check(an_instagram(), "", http)).error().detail ==
          "No Instagram account is joined with the Page.");
    http.answer(200, R"({"id":"1","user_id":"2"})");
    CHECK(wait_for(instagram.check(an_account_of("instagram", "17841400000000001"), "", http)).error().code ==
          "other_account");
}

TEST_CASE("an Instagram account subscribes its Page to all that Messenger wants, or itself to its own") {
    RecordedReplies http;
    http.answer(
        200, R"({"id":"104500000000001","instagram_business_account":{"id":"17841400000000001","username":"yasno"}})");
    http.answer(200, R"({"success":true})");
    const auto joined = wait_for(instagram.check(an_instagram(), "", http));
    REQUIRE(joined);
    CHECK(joined->handle == "@yasno");
    CHECK(http.asked[1].url.find("message_echoes") != std::string::npos);
    http.answer(200, R"({"id":"5","user_id":"17841400000000001","username":"yasno"})");
    http.answer(200, R"({"success":true})");
    REQUIRE(wait_for(instagram.check(an_account_of("instagram", "17841400000000001"), "", http)));
    CHECK(http.asked[3].url.find("/17841400000000001/subscribed_apps?subscribed_fields=messages,messaging_postbacks,"
                                 "messaging_seen") != std::string::npos);
}

TEST_CASE("a refused subscription and a dead token are told in Meta's words") {
    RecordedReplies http;
    http.answer(400, error_body(190, 463));
    CHECK(wait_for(messenger.check(a_page(), "", http)).error().code == "token_broken");
    http.answer(200, R"({"id":"104500000000001"})");
    http.answer(403, error_body(200));
    const auto refused = wait_for(messenger.check(a_page(), "", http));
    CHECK(refused.error().code == "not_subscribed");
    CHECK(refused.error().detail.ends_with("words [AbC]"));
}

TEST_CASE("disconnecting unsubscribes, but not a Page that Messenger may share") {
    RecordedReplies http;
    http.answer(200, R"({"success":true})");
    REQUIRE(wait_for(messenger.disconnect(a_page(), http)));
    CHECK(http.asked.at(0).method == "DELETE");
    REQUIRE(wait_for(instagram.disconnect(an_instagram(), http)));
    CHECK(http.asked.size() == 1);
}

TEST_CASE("by phone number nobody is found") {
    CHECK(messenger.address_of_phone("+7 916 123-45-67").error().code == "not_allowed");
}

TEST_CASE("persons may answer for seven days, others for one") {
    for (const Messenger* one :
         {static_cast<const Messenger*>(&messenger), static_cast<const Messenger*>(&instagram)}) {
        CHECK(one->traits().reply_window == 24h);
        CHECK(one->traits().person_window == 7 * 24h);
    }
    CHECK(messenger.traits().max_text == 2000);
    CHECK(instagram.traits().max_text == 1000);
}

TEST_CASE("people are asked for by their number, and whom Meta does not name is left out") {
    RecordedReplies http;
    http.answer(200, R"({"first_name":"Anna","last_name":"Li","id":"5501"})");
    http.answer(400, error_body(100, 33));
    const std::vector<Address> people{{"messenger", "5501", "5501"}, {"vk", "1", "1"}, {"messenger", "77", "77"}};
    const auto names = wait_for(messenger.names_of(people, a_page(), http));
    REQUIRE(names);
    REQUIRE(names->size() == 1);
    CHECK(names->front().person.value == "5501");
    CHECK(names->front().name == "Anna Li");
    CHECK(http.asked.at(0).url.find("/v26.0/5501?fields=first_name,last_name&") != std::string::npos);
    http.answer(200, R"({"name":"Oleg","username":"oleg"})");
    const auto one = wait_for(instagram.names_of({{"instagram", "66", "66"}}, an_instagram(), http));
    REQUIRE(one);
    CHECK(one->at(0).name == "Oleg");
    http.answer(500, "");
    CHECK(wait_for(messenger.names_of(people, a_page(), http)).error().kind == ErrorKind::unavailable);
}
