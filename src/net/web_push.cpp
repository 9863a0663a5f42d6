#include "net/web_push.hpp"

#include "base/base64url.hpp"

#include <boost/json.hpp>

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace okno::net {

static std::string text_of(const Sha256& bytes) { return {bytes.begin(), bytes.end()}; }

P256Key push_key(const SealingKey& secret) {
    const std::string_view bytes(reinterpret_cast<const char*>(secret.bytes.data()), secret.bytes.size());
    for (int attempt = 0;; ++attempt) {
        const Sha256 number = hmac_sha256(bytes, "okno web push " + std::to_string(attempt));
        if (auto key = P256Key::from_number(text_of(number))) return std::move(*key);
    }
}

// HKDF with SHA-256, one block (RFC 5869).
static std::string derive(std::string_view salt, std::string_view from, const std::string& info, std::size_t size) {
    const std::string key = text_of(hmac_sha256(salt, from));
    return text_of(hmac_sha256(key, info + '\x01')).substr(0, size);
}

// The ciphertext with its tag of 16 bytes behind.
static std::string aes128gcm(const std::string& key, const std::string& nonce, const std::string& plain) {
    struct Free {
        void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
    };
    constexpr int tag_size = 16;
    const auto bytes = [](const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); };
    const std::unique_ptr<EVP_CIPHER_CTX, Free> context(EVP_CIPHER_CTX_new());
    std::string out(plain.size() + tag_size, '\0');
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    int size = 0;
    int rest = 0;
    const bool is_done =
        context != nullptr &&
        EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, bytes(key), bytes(nonce)) == 1 &&
        EVP_EncryptUpdate(context.get(), to, &size, bytes(plain), static_cast<int>(plain.size())) == 1 &&
        EVP_EncryptFinal_ex(context.get(), to + size, &rest) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, to + plain.size()) == 1;
    if (!is_done) throw std::runtime_error("OpenSSL cannot use AES-GCM");
    return out;
}

std::optional<std::string> encrypt_for_browser(std::string_view text, std::string_view browser_key,
                                               std::string_view auth, std::string_view salt, const P256Key& sender) {
    const auto shared = sender.shared_with(browser_key);
    if (!shared) return std::nullopt;
    const std::string point = sender.point();
    // A string that ends with the zero that the standards put behind each name.
    const auto named = [](std::string_view name) { return std::string(name) + '\0'; };
    const std::string key = derive(auth, *shared, named("WebPush: info").append(browser_key).append(point), 32);
    const std::string cipher_key = derive(salt, key, named("Content-Encoding: aes128gcm"), 16);
    const std::string nonce = derive(salt, key, named("Content-Encoding: nonce"), 12);
    constexpr std::string_view record_size("\0\0\x10\0", 4);  // 4,096
    std::string out(salt);
    out.append(record_size).append(1, static_cast<char>(point.size())).append(point);
    out += aes128gcm(cipher_key, nonce, std::string(text) + '\x02');  // the mark of the last record
    return out;
}

static std::string origin_of(const std::string& url) {
    const std::size_t host = url.find("://");
    return host == std::string::npos ? url : url.substr(0, url.find('/', host + 3));
}

static std::string signed_word(const P256Key& key, const std::string& audience, const std::string& contact,
                               Timestamp real_now) {
    const Timestamp ends = real_now + std::chrono::hours(12);  // services refuse more than 24
    const std::string head = R"({"typ":"JWT","alg":"ES256"})";
    const std::string claims = boost::json::serialize(
        boost::json::object{{"aud", audience}, {"exp", to_millis(ends) / 1000}, {"sub", contact}});
    const std::string word = to_base64url(head) + "." + to_base64url(claims);
    return word + "." + to_base64url(key.sign(word));
}

Result<HttpRequest> push_request(const P256Key& key, const PushTarget& to, const PushMessage& message,
                                 const std::string& contact, Timestamp real_now) {
    std::string salt(16, '\0');
    random_bytes(salt.data(), salt.size());
    auto body = encrypt_for_browser(message.text, to.browser_key, to.auth, salt, P256Key::make());
    if (!body) return fail(ErrorKind::invalid, "not_a_key", "The browser's key is no point of P-256.");
    HttpRequest out{.method = "POST", .url = to.endpoint, .body = std::move(*body)};
    out.headers.set("Authorization", "vapid t=" + signed_word(key, origin_of(to.endpoint), contact, real_now) +
                                         ", k=" + to_base64url(key.point()));
    out.headers.set("Content-Encoding", "aes128gcm");
    out.headers.set("Content-Type", "application/octet-stream");
    out.headers.set("TTL", std::to_string(message.kept.count()));
    out.headers.set("Urgency", "high");
    out.headers.set("Topic", message.topic);
    out.timeout = std::chrono::seconds(10);
    return out;
}

}  // namespace okno::net
