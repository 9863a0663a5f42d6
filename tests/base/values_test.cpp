#include "base/crypto.hpp"
#include "base/http.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"

#include <doctest/doctest.h>

using namespace okno;

TEST_CASE("ids made one after another sort in that order") {
    Uuid before = make_uuid();
    for (int i = 0; i < 10'000; ++i) {
        const Uuid next = make_uuid();
        REQUIRE(before < next);
        before = next;
    }
}

TEST_CASE("an id reads back from its text, in either case") {
    const Uuid id = make_uuid();
    CHECK(parse_uuid(id.text()) == id);
    CHECK(parse_uuid("0192ABCD-0000-7000-8000-000000000001") == parse_uuid("0192abcd-0000-7000-8000-000000000001"));
}

TEST_CASE("text that is no id is refused") {
    CHECK_FALSE(parse_uuid(""));
    CHECK_FALSE(parse_uuid("0192abcd-0000-7000-8000-00000000000"));
    CHECK_FALSE(parse_uuid("0192abcd_0000-7000-8000-000000000001"));
    CHECK_FALSE(parse_uuid("0192abcg-0000-7000-8000-000000000001"));
}

TEST_CASE("times are written in UTC with milliseconds and read back") {
    const Timestamp time = from_millis(1'795'000'000'123);
    CHECK(to_rfc3339(time) == "2026-11-18T11:06:40.123Z");
    CHECK(parse_rfc3339(to_rfc3339(time)) == time);
    CHECK(parse_rfc3339("2026-11-18T11:06:40Z") == from_millis(1'795'000'000'000));
}

TEST_CASE("a time without zone or with an impossible date is refused") {
    CHECK_FALSE(parse_rfc3339("2026-11-18T11:06:40"));
    CHECK_FALSE(parse_rfc3339("2026-02-30T11:06:40Z"));
    CHECK_FALSE(parse_rfc3339("yesterday"));
}

TEST_CASE("the clock moves forward only") {
    Clock clock;
    clock.move_forward(25h);
    clock.move_forward(-1h);
    CHECK(clock.offset() == 25h);
    CHECK(clock.now() >= Clock::real_now() + 24h);
}

TEST_CASE("a secret is formatted as stars") { CHECK(fmt::format("{}", Secret("EAAG-token")) == "***"); }

TEST_CASE("header names compare without case") {
    Headers headers;
    headers.set("X-Hub-Signature-256", "one");
    headers.set("x-hub-signature-256", "two");
    CHECK(headers.get("X-HUB-SIGNATURE-256") == "two");
    CHECK(headers.fields.size() == 1);
    CHECK(headers.get("absent").empty());
}

TEST_CASE("the signature is HMAC-SHA256 as RFC 4231 has it") {
    const Sha256 mac = hmac_sha256("Jefe", "what do ya want for nothing?");
    CHECK(to_hex(mac.data(), mac.size()) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("a password is recognised, another is not") {
    const std::string hash = hash_password(Secret("correct horse"));
    CHECK(hash.starts_with("$argon2id$"));
    CHECK(is_password(Secret("correct horse"), hash));
    CHECK_FALSE(is_password(Secret("Correct horse"), hash));
}

TEST_CASE("a sealed credential opens only with its key and in its place") {
    SealingKey key;
    random_bytes(key.bytes.data(), key.bytes.size());
    const std::string sealed = seal(key, "workspace/channel/access_token", "EAAG");
    CHECK(sealed.find("EAAG") == std::string::npos);
    CHECK(open_sealed(key, "workspace/channel/access_token", sealed) == "EAAG");
    CHECK_FALSE(open_sealed(key, "workspace/other/access_token", sealed));
    SealingKey other = key;
    other.bytes[0] ^= 1;
    CHECK_FALSE(open_sealed(other, "workspace/channel/access_token", sealed));
    CHECK_FALSE(open_sealed(key, "workspace/channel/access_token", sealed.substr(0, 10)));
}

TEST_CASE("tokens are long, printable and never the same") {
    const std::string token = random_token(32);
    CHECK(token.size() == 43);
    CHECK(token.find_first_of("+/=") == std::string::npos);
    CHECK(token != random_token(32));
}
