// A private key on the curve P-256, over OpenSSL.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace okno::net {

class P256Key {
public:
    static P256Key make();
    // From a number of 32 bytes, big-endian. Nothing when it is 0 or not below the order of the curve.
    static std::optional<P256Key> from_number(std::string_view number);

    // The public key as an uncompressed point: 65 bytes, the first is 4.
    std::string point() const;
    // What both sides know (ECDH), 32 bytes. Nothing when `other` is no point of the curve.
    std::optional<std::string> shared_with(std::string_view other) const;
    // ES256: r and s of 32 bytes each (RFC 7518, section 3.4).
    std::string sign(std::string_view text) const;

private:
    struct Free {
        void operator()(EVP_PKEY* key) const;
    };
    using Handle = std::unique_ptr<EVP_PKEY, Free>;
    explicit P256Key(Handle key) : key_(std::move(key)) {}

    Handle key_;
};

}  // namespace okno::net
