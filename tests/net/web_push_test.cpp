// What a browser's push service is given: sealed for one browser, signed by one installation.
#include "base/base64url.hpp"
#include "net/web_push.hpp"

#include <boost/json.hpp>

#include <doctest/doctest.h>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

using namespace okno;
using namespace okno::net;

namespace {

std::string bytes(std::string_view base64) { return from_base64url(base64).value(); }

// The browser and the sender of RFC 8291, section 5 and appendix A.
const std::string browser_key =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const std::string auth = "BTBZMqHH6r4Tts7J_aSIgg";
const std::string sender_number = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
const std::string sender_point =
    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
const std::string salt = "DGv6ra1nlYgDCS1FRnbzlw";
const std::string sealed =
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

PushTarget a_browser() { return {"https://push.example:8443/send/1?a=b", bytes(browser_key), bytes(auth)}; }

Timestamp noon() { return parse_rfc3339("2026-05-11T12:00:00Z").value(); }

// Whether r and s, 32 bytes each, sign the text under this public key.
bool is_signed_by(std::string_view text, const std::string& signature, const std::string& point) {
    EVP_PKEY* key = EVP_PKEY_new();
    EC_KEY* curve = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    const auto* at = reinterpret_cast<const unsigned char*>(point.data());
    o2i_ECPublicKey(&curve, &at, static_cast<long>(point.size()));
    EVP_PKEY_assign_EC_KEY(key, curve);
    ECDSA_SIG* parts = ECDSA_SIG_new();
    const auto* r = reinterpret_cast<const unsigned char*>(signature.data());
    ECDSA_SIG_set0(parts, BN_bin2bn(r, 32, nullptr), BN_bin2bn(r + 32, 32, nullptr));
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(parts, &der);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key);
    const bool is_good = EVP_DigestVerify(context, der, static_cast<std::size_t>(size),
                                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    EVP_MD_CTX_free(context);
    OPENSSL_free(der);
    ECDSA_SIG_free(parts);
    EVP_PKEY_free(key);
    return is_good;
}

}  // namespace

TEST_CASE("a push is sealed as the standard's example is, to the byte") {
    const auto sender = P256Key::from_number(bytes(sender_number));
    REQUIRE(sender);
    CHECK(to_base64url(sender->point()) == sender_point);
    const auto body = encrypt_for_browser("When I grow up, I want to be a watermelon", bytes(browser_key), bytes(auth),
                                          bytes(salt), *sender);
    REQUIRE(body);
    CHECK(to_base64url(*body) == sealed);
}

TEST_CASE("a browser's key that is no point of the curve is refused") {
    const P256Key sender = P256Key::make();
    std::string off_the_curve = bytes(browser_key);
    off_the_curve.back() = static_cast<char>(off_the_curve.back() ^ 1);
    for (const std::string& wrong : {off_the_curve, std::string(65, '\x04'), std::string(), std::string(33, '\x02')})
        CHECK_FALSE(encrypt_for_browser("text", wrong, bytes(auth), bytes(salt), sender));
    PushTarget target = a_browser();
    target.browser_key = off_the_curve;
    CHECK_FALSE(push_request(sender, target, {"text", "topic", std::chrono::hours(1)}, "mailto:a@b.example", noon()));
}

TEST_CASE("a push says who sends it, to whom and until when, and is signed by the installation's key") {
    const P256Key key = P256Key::make();
    const auto request =
        push_request(key, a_browser(), {"text", "topic", std::chrono::hours(24)}, "https://okno.example", noon());
    REQUIRE(request);
    CHECK(request->url == a_browser().endpoint);
    CHECK(request->headers.get("TTL") == "86400");
    CHECK(request->headers.get("Topic") == "topic");
    CHECK(request->headers.get("Content-Encoding") == "aes128gcm");
    const std::string authorization(request->headers.get("Authorization"));
    const std::string end = ", k=" + to_base64url(key.point());
    REQUIRE(authorization.starts_with("vapid t="));
    REQUIRE(authorization.ends_with(end));
    const std::string word = authorization.substr(8, authorization.size() - 8 - end.size());
    const std::size_t first = word.find('.');
    const std::size_t last = word.rfind('.');
    const auto claims = boost::json::parse(bytes(word.substr(first + 1, last - first - 1)));
    CHECK(claims.at("aud").as_string() == "https://push.example:8443");
    CHECK(claims.at("sub").as_string() == "https://okno.example");
    CHECK(claims.at("exp").as_int64() == to_millis(noon()) / 1000 + 12 * 3600);
    CHECK(is_signed_by(word.substr(0, last), bytes(word.substr(last + 1)), key.point()));
}

TEST_CASE("no two pushes are sealed with the same key and salt") {
    const P256Key key = P256Key::make();
    const auto body = [&] {
        return push_request(key, a_browser(), {"text", "topic", std::chrono::hours(1)}, "mailto:a@b.example", noon())
            ->body.substr(0, 86);
    };
    CHECK(body() != body());
}

TEST_CASE("an installation's key comes of its secret key alone") {
    SealingKey one;
    SealingKey other;
    other.bytes[31] = 1;
    CHECK(push_key(one).point() == push_key(one).point());
    CHECK(push_key(one).point() != push_key(other).point());
}

TEST_CASE("what is no number of the curve makes no key") {
    CHECK_FALSE(P256Key::from_number(std::string(32, '\0')));
    CHECK_FALSE(P256Key::from_number(std::string(32, '\xff')));
    CHECK_FALSE(P256Key::from_number("short"));
}

TEST_CASE("base64 of URLs is read with and without padding, and nothing else is") {
    for (const std::string& text :
         {std::string(), std::string("a"), std::string("\xfb\xff", 2), std::string(100, '\0')}) {
        CHECK(from_base64url(to_base64url(text)) == text);
        CHECK(to_base64url(text).find_first_of("+/=") == std::string::npos);
    }
    CHECK(from_base64url("YQ==") == "a");
    CHECK_FALSE(from_base64url("a+b/"));
    CHECK_FALSE(from_base64url("a b"));
}
