#include "messengers/meta/signature.hpp"

#include "base/crypto.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::meta;

static Channel a_channel() {
    Channel channel;
    channel.credentials["app_secret"] = Secret("app-secret");
    channel.credentials["verify_token"] = Secret("verify-me");
    return channel;
}

static std::string signature(const std::string& secret, const std::string& body) {
    const Sha256 mac = hmac_sha256(secret, body);
    return "sha256=" + to_hex(mac.data(), mac.size());
}

static WebhookRequest post(const std::string& body, const std::string& header) {
    WebhookRequest request;
    request.method = "POST";
    request.body = body;
    if (!header.empty()) request.headers.set("X-Hub-Signature-256", header);
    return request;
}

TEST_CASE("a body signed with the channel's secret is kept, readable or not, with its proof") {
    for (const std::string body : {"{\"entry\":[]}", "not json", ""}) {
        const auto receipt = receive(post(body, signature("app-secret", body)), a_channel());
        REQUIRE(std::holds_alternative<Keep>(receipt));
        CHECK(std::get<Keep>(receipt).proof == signature("app-secret", body));
    }
}

TEST_CASE("a missing, wrong or foreign signature is refused with 401") {
    const std::string body = "{\"entry\":[]}";
    for (const std::string& header : {std::string(), std::string("sha256="), signature("other", body),
                                      signature("app-secret", body + " "), signature("app-secret", body).substr(7)}) {
        const auto receipt = receive(post(body, header), a_channel());
        REQUIRE(std::holds_alternative<Refuse>(receipt));
        CHECK(std::get<Refuse>(receipt).status == 401);
    }
}

TEST_CASE("a channel without a secret accepts nothing") {
    CHECK(std::holds_alternative<Refuse>(receive(post("{}", signature("", "{}")), Channel{})));
}

TEST_CASE("the handshake returns the bare challenge, and 403 for another token") {
    WebhookRequest request;
    request.method = "GET";
    request.query = {{"hub.mode", "subscribe"}, {"hub.challenge", "1158201444"}, {"hub.verify_token", "verify-me"}};
    const auto receipt = receive(request, a_channel());
    REQUIRE(std::holds_alternative<Answer>(receipt));
    CHECK(std::get<Answer>(receipt).body == "1158201444");
    request.query[2].second = "guess";
    CHECK(std::get<Refuse>(receive(request, a_channel())).status == 403);
    CHECK(std::get<Refuse>(receive(request, Channel{})).status == 403);
}
