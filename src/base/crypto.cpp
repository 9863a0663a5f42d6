#include "base/crypto.hpp"

#include "base/base64url.hpp"

#include <sodium.h>

#include <stdexcept>

namespace okno {

static void start_sodium() {
    static const int started = sodium_init();
    if (started < 0) throw std::runtime_error("libsodium cannot start: no source of random numbers");
}

static const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

void random_bytes(void* to, std::size_t size) {
    start_sodium();
    randombytes_buf(to, size);
}

std::string random_token(std::size_t bytes) {
    std::string raw(bytes, '\0');
    random_bytes(raw.data(), raw.size());
    return to_base64url(raw);
}

Sha256 sha256(std::string_view data) {
    Sha256 out;
    crypto_hash_sha256(out.data(), bytes_of(data), data.size());
    return out;
}

Sha256 hmac_sha256(std::string_view key, std::string_view data) {
    crypto_auth_hmacsha256_state state;
    Sha256 out;
    crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
    crypto_auth_hmacsha256_update(&state, bytes_of(data), data.size());
    crypto_auth_hmacsha256_final(&state, out.data());
    return out;
}

std::string short_hash(std::string_view data) {
    const Sha256 whole = sha256(data);
    return {reinterpret_cast<const char*>(whole.data()), 16};
}

std::string to_hex(const void* data, std::size_t size) {
    std::string out(size * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), static_cast<const unsigned char*>(data), size);
    out.pop_back();
    return out;
}

std::optional<std::string> from_hex(std::string_view digits) {
    std::string bytes(digits.size() / 2, '\0');
    std::size_t size = 0;
    const bool is_hex = ::sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), digits.data(),
                                         digits.size(), nullptr, &size, nullptr) == 0;
    if (!is_hex || 2 * size != digits.size()) return std::nullopt;
    return bytes;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hash_password(const Secret& password) {
    start_sodium();
    std::string out(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str(out.data(), password.reveal().data(), password.reveal().size(),
                          crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        throw std::runtime_error("not enough memory to hash a password (64 MiB are needed)");
    out.resize(out.find('\0'));
    return out;
}

bool is_password(const Secret& password, const std::string& hash) {
    start_sodium();
    return crypto_pwhash_str_verify(hash.c_str(), password.reveal().data(), password.reveal().size()) == 0;
}

std::string seal(const SealingKey& key, std::string_view context, std::string_view plain) {
    start_sodium();
    constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    std::string out(nonce_size + plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
    auto* raw = reinterpret_cast<unsigned char*>(out.data());
    random_bytes(raw, nonce_size);
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw + nonce_size, nullptr, bytes_of(plain), plain.size(),
                                               bytes_of(context), context.size(), nullptr, raw, key.bytes.data());
    return out;
}

std::optional<std::string> open_sealed(const SealingKey& key, std::string_view context, std::string_view sealed) {
    constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    constexpr std::size_t extra = nonce_size + crypto_aead_xchacha20poly1305_ietf_ABYTES;
    if (sealed.size() < extra) return std::nullopt;
    std::string plain(sealed.size() - extra, '\0');
    const unsigned char* raw = bytes_of(sealed);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr,
                                                   raw + nonce_size, sealed.size() - nonce_size, bytes_of(context),
                                                   context.size(), raw, key.bytes.data()) != 0)
        return std::nullopt;
    return plain;
}

}  // namespace okno
