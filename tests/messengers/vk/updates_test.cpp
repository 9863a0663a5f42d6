// Proof of the sender, the Callback server, Long Poll and small answers.
#include "messengers/vk/a_group.hpp"
#include "messengers/vk/api.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::vk;

static Receipt receive(const std::string& body, const Channel& channel, const std::string& method = "POST") {
    return VkMessenger{}.receive(WebhookRequest{method, {}, {}, body}, channel);
}

static int refusal(const Receipt& receipt) {
    const auto* refuse = std::get_if<Refuse>(&receipt);
    return refuse == nullptr ? 0 : refuse->status;
}

TEST_CASE("an event is kept only with our secret and our community, and answered ok") {
    const Receipt kept = receive(R"({"type":"message_new","group_id":190000001,"secret":"s3cret"})", a_group());
    REQUIRE(std::holds_alternative<Keep>(kept));
    CHECK(std::get<Keep>(kept).body == "ok");
    CHECK(refusal(receive(R"({"type":"message_new","group_id":190000001,"secret":"other"})", a_group())) == 403);
    CHECK(refusal(receive(R"({"type":"message_new","group_id":190000001})", a_group())) == 403);
    CHECK(refusal(receive(R"({"type":"message_new","group_id":2,"secret":"s3cret"})", a_group())) == 403);
    CHECK(refusal(receive("no json", a_group())) == 403);
    CHECK(refusal(receive("", a_group(), "GET")) == 405);
    Channel no_secret = a_group();
    no_secret.credentials.erase("verify_token");
    CHECK(refusal(receive(R"({"type":"message_new","group_id":190000001,"secret":""})", no_secret)) == 403);
}

TEST_CASE("the secret is at most 50 characters of the verify token") {
    Channel channel = a_group();
    channel.credentials["verify_token"] = Secret(std::string(60, 'x'));
    const std::string fifty(50, 'x');
    CHECK(refusal(receive(R"({"type":"a","group_id":190000001,"secret":")" + fifty + R"("})", channel)) == 0);
    CHECK(VkMessenger{}.verifies(R"({"group_id":190000001,"secret":")" + fifty + R"("})", "", channel));
    CHECK_FALSE(VkMessenger{}.verifies(R"({"group_id":190000001,"secret":"x"})", "", channel));
}

TEST_CASE("a confirmation is answered with the code that is kept, and refused while there is none") {
    const std::string body = R"({"type":"confirmation","group_id":190000001,"secret":"s3cret"})";
    CHECK(refusal(receive(body, a_group())) == 503);
    Channel channel = a_group();
    channel.settings["confirmation_code"] = "a1b2c3";
    const Receipt answer = receive(body, channel);
    REQUIRE(std::holds_alternative<Answer>(answer));
    CHECK(std::get<Answer>(answer).body == "a1b2c3");
    CHECK(std::get<Answer>(answer).content_type == "text/plain");
    CHECK(refusal(receive(R"({"type":"confirmation","group_id":190000001})", channel)) == 403);
}

static const std::string our_url = "https://okno.example/hooks/KEY";

static void answer_group(RecordedReplies& http) {
    http.answer(200, R"({"response":{"groups":[{"id":190000001,"name":"Yasno","screen_name":"yasno"}]}})");
    http.answer(200, R"({"response":{"mask":1,"permissions":[{"name":"messages","setting":4096}]}})");
}

static std::string servers(const std::string& items) { return R"({"response":{"count":1,"items":[)" + items + "]}}"; }

static std::string our_server(const std::string& status) {
    return R"({"id":3,"title":"Okno","url":")" + our_url + R"(","secret_key":"s3cret","status":")" + status + R"("})";
}

static Result<Account> check(RecordedReplies& http, const Channel& channel, const std::string& url = our_url) {
    return wait_for(VkMessenger{}.check(channel, url, http));
}

TEST_CASE("before VK is told to call, its code is kept, then the server is added with our events") {
    RecordedReplies http;
    answer_group(http);
    http.answer(200, servers(R"({"id":1,"title":"Shop","url":"https://shop.example","secret_key":"","status":"ok"})"));
    http.answer(200, R"({"response":{"code":"a1b2c3"}})");
    const auto first = check(http, a_group());
    REQUIRE(first);
    CHECK(first->is_unfinished);
    CHECK(first->settings.at("confirmation_code") == "a1b2c3");
    CHECK(first->handle == "vk.com/yasno");

    Channel channel = a_group();
    channel.settings = first->settings;
    http.asked.clear();
    answer_group(http);
    http.answer(200, servers(""));
    http.answer(200, R"({"response":{"code":"a1b2c3"}})");
    http.answer(200, R"({"response":{"server_id":3}})");
    http.answer(200, R"({"response":1})");
    http.answer(200, servers(our_server("ok")));
    const auto second = check(http, channel);
    REQUIRE(second);
    CHECK_FALSE(second->is_unfinished);
    CHECK_FALSE(second->is_polled);
    const HttpRequest& adding = http.asked.at(4);
    CHECK(adding.url.ends_with("/method/groups.addCallbackServer"));
    CHECK(parameter(adding, "url") == our_url);
    CHECK(parameter(adding, "secret_key") == "s3cret");
    CHECK(parameter(adding, "title").size() <= 14);
    const HttpRequest& setting = http.asked.at(5);
    CHECK(setting.url.ends_with("/method/groups.setCallbackSettings"));
    for (const char* event : {"message_new", "message_reply", "message_edit", "message_allow", "message_deny",
                              "message_event", "message_read"})
        CHECK(parameter(setting, event) == "1");
    CHECK(parameter(setting, "server_id") == "3");
    CHECK(parameter(setting, "api_version") == "5.199");
}

TEST_CASE("a server that works is left alone, one that failed is asked anew") {
    RecordedReplies http;
    answer_group(http);
    http.answer(200, servers(our_server("ok")));
    http.answer(200, R"({"response":1})");
    http.answer(200, servers(our_server("ok")));
    REQUIRE(check(http, a_group()));
    CHECK(http.asked.size() == 5);

    Channel channel = a_group();
    channel.settings["confirmation_code"] = "c";
    http.asked.clear();
    answer_group(http);
    http.answer(200, servers(our_server("failed")));
    http.answer(200, R"({"response":{"code":"c"}})");
    http.answer(200, R"({"response":1})");
    http.answer(200, R"({"response":1})");
    http.answer(200, servers(our_server("failed")));
    CHECK(check(http, channel).error().code == "webhook_refused");
    CHECK(http.asked.at(4).url.ends_with("/method/groups.editCallbackServer"));
    CHECK(parameter(http.asked.at(4), "server_id") == "3");
}

TEST_CASE("a check tells a dead key, another community and a missing right in words") {
    RecordedReplies http;
    http.answer(200, error_of(5, "User authorization failed"));
    CHECK(check(http, a_group()).error().detail == "User authorization failed");
    http.answer(200, R"({"response":[{"id":7}]})");
    CHECK(check(http, a_group()).error().code == "other_account");
    http.answer(200, R"({"response":[{"id":190000001}]})");
    http.answer(200, R"({"response":{"permissions":[{"name":"photos"}]}})");
    CHECK(check(http, a_group()).error().code == "permission_missing");
    answer_group(http);
    http.answer(200, servers(""));
    http.answer(200, R"({"response":{"code":"c"}})");
    http.answer(200, error_of(2000, "limit"));
    Channel channel = a_group();
    channel.settings["confirmation_code"] = "c";
    CHECK(check(http, channel).error().code == "too_many_servers");
}

TEST_CASE("without the right to manage, the code that an admin typed is enough") {
    RecordedReplies http;
    answer_group(http);
    http.answer(200, error_of(15, "Access denied"));
    CHECK_FALSE(check(http, a_group()));
    Channel channel = a_group();
    channel.settings["confirmation_code"] = "typed";
    answer_group(http);
    http.answer(200, error_of(15, "Access denied"));
    CHECK(check(http, channel));
}

TEST_CASE("where VK cannot call, Long Poll is switched on and our Callback server goes") {
    RecordedReplies http;
    answer_group(http);
    http.answer(200, R"({"response":1})");
    http.answer(200, servers(our_server("ok")));
    http.answer(200, R"({"response":1})");
    const auto account = check(http, a_group(), "");
    REQUIRE(account);
    CHECK(account->is_polled);
    CHECK(http.asked[2].url.ends_with("/method/groups.setLongPollSettings"));
    CHECK(parameter(http.asked[2], "enabled") == "1");
    CHECK(http.asked[4].url.ends_with("/method/groups.deleteCallbackServer"));
    CHECK(parameter(http.asked[4], "server_id") == "3");
}

static Polled poll(RecordedReplies& http, const std::string& cursor, const std::string& answer) {
    http.answer(200, R"({"response":{"key":"k1","server":"https://lp.vk.com/whp/1","ts":"40"}})");
    http.answer(200, answer);
    const auto polled = wait_for(VkMessenger{}.poll(a_group(), cursor, http));
    REQUIRE(polled);
    return *polled;
}

TEST_CASE("polling goes on where it ended and gives events as they would have been posted") {
    RecordedReplies http;
    const Polled first = poll(http, "", R"({"ts":"42","updates":[{"type":"message_deny","object":{"user_id":1}}]})");
    CHECK(http.asked[1].url == "https://lp.vk.com/whp/1?act=a_check&key=k1&ts=40&wait=25");
    CHECK(http.asked[1].bearer.empty());
    CHECK(first.cursor == "42");
    CHECK(first.bodies == std::vector<std::string>{R"({"type":"message_deny","object":{"user_id":1}})"});
    CHECK(poll(http, "42", R"({"ts":43,"updates":[]})").cursor == "43");
    CHECK(http.asked[3].url.find("&ts=42&") != std::string::npos);
    CHECK(poll(http, "42", R"({"failed":1,"ts":39})").cursor == "39");
    CHECK(poll(http, "42", R"({"failed":3})").cursor == "40");
    http.answer(200, R"({"response":{"key":"k1","server":"lp.vk.com/whp/1","ts":"40"}})");
    http.answer(200, R"({"failed":2})");
    CHECK(wait_for(VkMessenger{}.poll(a_group(), "42", http)).error().kind == ErrorKind::unavailable);
    CHECK(http.asked.back().url.starts_with("https://lp.vk.com/whp/1?"));
}

TEST_CASE("a press is answered at once, other events are not") {
    const VkMessenger vk;
    const auto said = vk.courtesies(R"({"type":"message_event","group_id":190000001,
        "object":{"user_id":100200,"peer_id":100200,"event_id":"a1","payload":{"b":"1"}}})",
                                    a_group());
    REQUIRE(said.size() == 1);
    CHECK(said[0].url.ends_with("/method/messages.sendMessageEventAnswer"));
    CHECK(parameter(said[0], "event_id") == "a1");
    CHECK(parameter(said[0], "user_id") == "100200");
    CHECK(vk.courtesies(R"({"type":"message_new","object":{"message":{"text":"message_event"}}})", a_group()).empty());
}

TEST_CASE("reading and typing name the conversation") {
    RecordedReplies http;
    http.answer(200, R"({"response":1})");
    http.answer(200, R"({"response":1})");
    CHECK(wait_for(VkMessenger{}.mark_read(ProviderMessageId{"100200:77/2"}, a_group(), http)));
    CHECK(parameter(http.asked[0], "peer_id") == "100200");
    CHECK(wait_for(VkMessenger{}.show_typing(ProviderMessageId{"100200:77"}, a_group(), http)));
    CHECK(parameter(http.asked[1], "type") == "typing");
    CHECK(wait_for(VkMessenger{}.mark_read(ProviderMessageId{"press:100200:a"}, a_group(), http)));
    CHECK(http.asked.size() == 2);
}

TEST_CASE("a community is connected by its number and a key, the error names what is missing") {
    const VkMessenger vk;
    const std::map<std::string, Secret> key{{"access_token", Secret("t")}};
    CHECK(vk.address_of({{"group_id", "190000001"}}, key) == "190000001");
    for (const char* wrong : {"", "club1", "-1", "01"})
        CHECK(vk.address_of({{"group_id", wrong}}, key).error().where == "settings.group_id");
    CHECK(vk.address_of({{"group_id", "1"}}, {}).error().where == "credentials.access_token");
}

TEST_CASE("names are asked for together; whom VK does not name is left out") {
    RecordedReplies http;
    http.answer(200, R"({"response":[{"id":100200,"first_name":"Anna","last_name":"Li"},
                        {"id":100300,"first_name":"Cher","last_name":""},
                        {"id":100400,"first_name":"DELETED","last_name":"","deactivated":"deleted"}]})");
    const std::vector<Address> people{
        {"vk", "100200", "100200"}, {"vk", "100300", "100300"}, {"vk", "100400", "100400"}};
    const auto names = wait_for(VkMessenger{}.names_of(people, a_group(), http));
    REQUIRE(names);
    REQUIRE(names->size() == 2);
    CHECK(names->at(0).name == "Anna Li");
    CHECK(names->at(0).person.key == "100200");
    CHECK(names->at(1).name == "Cher");
    CHECK(http.asked.at(0).url.ends_with("/method/users.get"));
    CHECK(parameter(http.asked.at(0), "user_ids") == "100200,100300,100400");
}

TEST_CASE("without people nobody is asked for names, and a refusal is an error") {
    RecordedReplies http;
    CHECK(wait_for(VkMessenger{}.names_of({}, a_group(), http))->empty());
    CHECK(http.asked.empty());
    http.answer(200, error_of(5));
    CHECK_FALSE(wait_for(VkMessenger{}.names_of({{"vk", "1", "1"}}, a_group(), http)));
}
