// Proof of the sender, connecting, the code to link a phone, files.
#include "messengers/gateway/a_session.hpp"
#include "messengers/gateway/parse.hpp"
#include "messengers/gateway/waha/signature.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::gateway;
using waha::signature_of;

namespace {

const char* const hook = "https://okno.example/hooks/KEY";

Receipt receive(const std::string& body, const std::string& proof, const std::string& method = "POST") {
    WebhookRequest request{method, {}, {}, body};
    request.headers.set("X-Webhook-Hmac", proof);
    return GatewayMessenger{}.receive(request, a_session());
}

int refusal(const Receipt& receipt) {
    const auto* refuse = std::get_if<Refuse>(&receipt);
    return refuse == nullptr ? 0 : refuse->status;
}

std::string our_webhook(const std::string& key = "s3cret") {
    return R"([{"url":"https://okno.example/hooks/KEY","hmac":{"key":")" + key +
           R"("},"events":["message.any","message.ack","message.reaction","message.edited","message.revoked",
           "session.status","call.received"]}])";
}

Result<Account> check(RecordedReplies& http, Channel channel = a_session(), const std::string& url = hook) {
    return wait_for(GatewayMessenger{}.check(std::move(channel), url, http));
}

Result<std::string> address(std::map<std::string, std::string> settings) {
    std::map<std::string, std::string> all{{"base_url", "http://waha:3000"}, {"phone", "+7 900 111-22-33"}};
    for (auto& [name, value] : settings)
        all[name] = value;
    return GatewayMessenger{}.address_of(all, {{"api_key", Secret("k")}});
}

Result<void> fetch(RecordedReplies& http, const std::string& name) {
    Media media;
    media.provider_id = name;
    return wait_for(GatewayMessenger{}.fetch_media(media, a_session(), "/tmp/x", http));
}

}  // namespace

TEST_CASE("the signature is that of the gateway's own example") {
    CHECK(
        signature_of("my-secret-key", R"({"event":"message","session":"default","engine":"WEBJS"})") ==
        "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2"
        "c1631777076153fa89");
}

TEST_CASE("a webhook is kept with its proof, and refused without the right one") {
    const std::string body = R"({"event":"message.any"})";
    const std::string proof = signature_of("s3cret", body);
    const Receipt kept = receive(body, proof);
    REQUIRE(std::holds_alternative<Keep>(kept));
    CHECK(std::get<Keep>(kept).proof == proof);
    CHECK(GatewayMessenger{}.verifies(body, proof, a_session()));
    CHECK(refusal(receive(body + " ", proof)) == 401);
    CHECK(refusal(receive(body, signature_of("other", body))) == 401);
    CHECK(refusal(receive(body, "")) == 401);
    CHECK(refusal(receive(body, proof, "GET")) == 405);
    Channel without = a_session();
    without.credentials.erase("verify_token");
    CHECK_FALSE(GatewayMessenger{}.verifies(body, signature_of("", body), without));
}

TEST_CASE("an account is named by its number, and what is missing is named") {
    CHECK(address({}) == "79001112233");
    CHECK(address({{"base_url", ""}}).error().where == "settings.base_url");
    CHECK(address({{"phone", ""}}).error().where == "settings.phone");
    CHECK(address({{"phone", "shop"}}).error().where == "settings.phone");
    CHECK(address({{"session", "../x"}}).error().where == "settings.session");
    CHECK(
        GatewayMessenger{}.address_of({{"base_url", "http://waha:3000"}, {"phone", "79001112233"}}, {}).error().where ==
        "credentials.api_key");
}

TEST_CASE("the pace of a person cannot be set to another") {
    CHECK(address({{"messages_per_second", "10"}}).error().where == "settings.messages_per_second");
}

TEST_CASE("a session whose webhook is ours already is left as it is") {
    RecordedReplies http;
    http.answer(200, status_of("WORKING", "79001112233", our_webhook()));
    const auto account = check(http);
    REQUIRE(account);
    CHECK(account->handle == "+79001112233");
    CHECK(account->is_polled);
    CHECK(http.asked.size() == 1);
}

TEST_CASE("our webhook is added beside what the session has, and replaces an old one of ours") {
    RecordedReplies http;
    http.answer(200, status_of("WORKING", "79001112233",
                               R"([{"url":"https://crm.example/x"},{"url":"https://old.example/hooks/KEY"}])"));
    http.answer(200, "{}");
    http.answer(200, status_of("WORKING"));
    REQUIRE(check(http));
    REQUIRE(http.asked.size() == 3);
    CHECK(http.asked[1].method == "PUT");
    CHECK(http.asked[1].url == "http://waha.internal:3000/api/sessions/sales");
    const auto body = body_of(http.asked[1]);
    const JsonView config = JsonView(body)["config"];
    REQUIRE(config["webhooks"].size() == 2);
    CHECK(config["webhooks"].at(0)["url"].text() == "https://crm.example/x");
    CHECK(config["webhooks"].at(1)["url"].text() == hook);
    CHECK(config["webhooks"].at(1)["hmac"]["key"].text() == "s3cret");
    CHECK(config["webhooks"].at(1)["events"].size() == 7);
    CHECK(config["ignore"]["groups"].boolean() == true);
    CHECK(config["debug"].boolean() == true);
}

TEST_CASE("a webhook with another secret is set anew") {
    RecordedReplies http;
    http.answer(200, status_of("WORKING", "79001112233", our_webhook("old")));
    http.answer(200, "{}");
    http.answer(200, status_of("WORKING"));
    REQUIRE(check(http));
    CHECK(http.asked.size() == 3);
}

TEST_CASE("a session that is not there is made") {
    RecordedReplies http;
    http.answer(404, R"({"message":"Session \"sales\" does not exist"})");
    http.answer(201, "{}");
    http.answer(200, status_of("SCAN_QR_CODE", ""));
    const auto account = check(http);
    REQUIRE(account);
    CHECK(account->is_unfinished);  // kept first, so that it is watched from now on
    CHECK(http.asked[1].method == "POST");
    CHECK(http.asked[1].url.ends_with("/api/sessions"));
    const auto body = body_of(http.asked[1]);
    CHECK(JsonView(body)["name"].text() == "sales");
    CHECK(JsonView(body)["start"].boolean() == true);
}

TEST_CASE("once it is watched, a session that waits for its phone says so") {
    RecordedReplies http;
    http.answer(200, status_of("SCAN_QR_CODE", "", our_webhook()));
    Channel channel = a_session();
    channel.settings["is_polled"] = "1";
    const auto account = check(http, channel);
    REQUIRE_FALSE(account);
    CHECK(account.error().kind == ErrorKind::conflict);
    CHECK(account.error().detail.find("QR code") != std::string::npos);
}

TEST_CASE("another number, a wrong key and a missing address are refused in words") {
    RecordedReplies http;
    http.answer(200, status_of("WORKING", "79990000000", our_webhook()));
    CHECK(check(http).error().code == "other_account");
    http.answer(401, R"({"message":"Unauthorized"})");
    CHECK(check(http).error().code == "token_broken");
    CHECK(check(http, a_session(), "").error().code == "no_public_address");
    http.replies.push_back(fail(ErrorKind::never_left, "never_left", "no route"));
    CHECK(check(http).error().kind == ErrorKind::never_left);
}

TEST_CASE("disconnecting takes our webhook away and leaves the session and the others") {
    RecordedReplies http;
    http.answer(200, status_of("WORKING", "79001112233",
                               R"([{"url":"https://crm.example/x"},{"url":"https://okno.example/hooks/KEY"}])"));
    http.answer(200, "{}");
    CHECK(wait_for(GatewayMessenger{}.disconnect(a_session(), http)));
    const auto body = body_of(http.asked.at(1));
    REQUIRE(JsonView(body)["config"]["webhooks"].size() == 1);
    CHECK(JsonView(body)["config"]["webhooks"].at(0)["url"].text() == "https://crm.example/x");
    http.answer(404, R"({"message":"Session \"sales\" does not exist"})");
    CHECK(wait_for(GatewayMessenger{}.disconnect(a_session(), http)));
}

TEST_CASE("a phone is linked by the code of the moment") {
    RecordedReplies http;
    http.answer(200, status_of("SCAN_QR_CODE", ""));
    http.answer(200, R"({"value":"2@abc"})");
    const auto waiting = wait_for(GatewayMessenger{}.pairing(a_session(), http));
    CHECK(waiting->qr == "2@abc");
    CHECK(http.asked.at(1).url.ends_with("/api/sales/auth/qr?format=raw"));
    http.answer(200, status_of("WORKING"));
    CHECK(wait_for(GatewayMessenger{}.pairing(a_session(), http))->is_linked);
    http.answer(200, status_of("STARTING", ""));
    CHECK(wait_for(GatewayMessenger{}.pairing(a_session(), http))->qr.empty());
}

TEST_CASE("a file of the gateway is fetched from where we reach it, with the key") {
    RecordedReplies http;
    http.answer(200, "");
    CHECK(fetch(http, "http://localhost:3000/api/files/a.jpg message:79@c.us/false_79@c.us_X"));
    CHECK(http.asked.at(0).url == "http://waha.internal:3000/api/files/a.jpg");
    CHECK(http.asked.at(0).headers.get("X-Api-Key") == "k3y");
    CHECK(http.asked.at(0).save_to == "/tmp/x");
}

TEST_CASE("a file in another store is fetched without the key, and only over HTTPS") {
    RecordedReplies http;
    http.answer(200, "");
    CHECK(fetch(http, "https://bucket.example/a.pdf?sign=1"));
    CHECK(http.asked.at(0).headers.get("X-Api-Key").empty());
    CHECK(fetch(http, "http://169.254.169.254/latest").error().code == "foreign_host");
}

TEST_CASE("a file that the gateway removed, or never fetched, is asked for by its message") {
    RecordedReplies http;
    http.answer(404, "");
    http.answer(200, R"({"media":{"url":"http://localhost:3000/api/files/new.jpg"}})");
    http.answer(200, "");
    CHECK(fetch(http, "http://localhost:3000/api/files/a.jpg message:79@c.us/false_79@c.us_X"));
    CHECK(http.asked.at(1).url ==
          "http://waha.internal:3000/api/sales/chats/79@c.us/messages/false_79@c.us_X?downloadMedia=true");
    CHECK(http.asked.at(2).url.ends_with("/api/files/new.jpg"));
    http.answer(200, R"({"media":null})");
    CHECK(fetch(http, " message:79@c.us/false_79@c.us_X").error().code == "media_not_downloaded");
    http.answer(404, "");
    CHECK(fetch(http, "http://localhost:3000/api/files/a.jpg").error().code == "media_gone");
}

TEST_CASE("a typed number is an address, whatever it is spelled with") {
    CHECK(GatewayMessenger{}.address_of_phone("+7 (900) 444-55-66")->key == "79004445566");
    CHECK(GatewayMessenger{}.address_of_phone("Maria").error().where == "phone");
}
