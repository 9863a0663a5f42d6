#include "net/p256_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>

#include <stdexcept>

namespace okno::net {

static constexpr const char* curve = "prime256v1";
static constexpr int number_size = 32;
static constexpr std::size_t point_size = 65;

template <auto Release>
struct By {
    template <typename T>
    void operator()(T* held) const {
        Release(held);
    }
};
using Number = std::unique_ptr<BIGNUM, By<BN_clear_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, By<EVP_PKEY_CTX_free>>;

[[noreturn]] static void refuse() { throw std::runtime_error("OpenSSL cannot use P-256"); }

template <typename T>
static T* checked(T* made) {
    return made != nullptr ? made : (refuse(), nullptr);
}

static void checked(int done) {
    if (done < 1) refuse();
}

static const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

void P256Key::Free::operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }

P256Key P256Key::make() { return P256Key(Handle(checked(EVP_EC_gen(curve)))); }

// An EVP_PKEY of these parts, null when they do not fit; `number` null: the public part alone.
static EVP_PKEY* key_of(const std::string& point, const BIGNUM* number) {
    const std::unique_ptr<OSSL_PARAM_BLD, By<OSSL_PARAM_BLD_free>> parts(checked(OSSL_PARAM_BLD_new()));
    OSSL_PARAM_BLD_push_utf8_string(parts.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve, 0);
    OSSL_PARAM_BLD_push_octet_string(parts.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    if (number != nullptr) OSSL_PARAM_BLD_push_BN_pad(parts.get(), OSSL_PKEY_PARAM_PRIV_KEY, number, number_size);
    const std::unique_ptr<OSSL_PARAM, By<OSSL_PARAM_free>> list(checked(OSSL_PARAM_BLD_to_param(parts.get())));
    const Context context(checked(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)));
    checked(EVP_PKEY_fromdata_init(context.get()));
    EVP_PKEY* key = nullptr;
    const int selection = number == nullptr ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR;
    return EVP_PKEY_fromdata(context.get(), &key, selection, list.get()) == 1 ? key : nullptr;
}

std::optional<P256Key> P256Key::from_number(std::string_view bytes) {
    if (bytes.size() != number_size) return std::nullopt;
    const std::unique_ptr<EC_GROUP, By<EC_GROUP_free>> group(checked(EC_GROUP_new_by_curve_name(OBJ_txt2nid(curve))));
    const Number number(checked(BN_bin2bn(bytes_of(bytes), number_size, nullptr)));
    if (BN_is_zero(number.get()) || BN_cmp(number.get(), EC_GROUP_get0_order(group.get())) >= 0) return std::nullopt;
    const std::unique_ptr<EC_POINT, By<EC_POINT_free>> place(checked(EC_POINT_new(group.get())));
    checked(EC_POINT_mul(group.get(), place.get(), number.get(), nullptr, nullptr, nullptr));
    std::string point(point_size, '\0');
    checked(
        static_cast<int>(EC_POINT_point2oct(group.get(), place.get(), POINT_CONVERSION_UNCOMPRESSED,
                                            reinterpret_cast<unsigned char*>(point.data()), point.size(), nullptr)));
    return P256Key(Handle(checked(key_of(point, number.get()))));
}

std::string P256Key::point() const {
    std::string out(point_size, '\0');
    std::size_t size = 0;
    checked(EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                            reinterpret_cast<unsigned char*>(out.data()), out.size(), &size));
    return out;
}

std::optional<std::string> P256Key::shared_with(std::string_view other) const {
    if (other.size() != point_size || other.front() != 4) return std::nullopt;
    const Handle peer(key_of(std::string(other), nullptr));
    if (!peer) return std::nullopt;
    const Context context(checked(EVP_PKEY_CTX_new(key_.get(), nullptr)));
    checked(EVP_PKEY_derive_init(context.get()));
    if (EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1) return std::nullopt;
    std::string out(number_size, '\0');
    std::size_t size = out.size();
    checked(EVP_PKEY_derive(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size));
    return out;
}

std::string P256Key::sign(std::string_view text) const {
    const std::unique_ptr<EVP_MD_CTX, By<EVP_MD_CTX_free>> context(checked(EVP_MD_CTX_new()));
    checked(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()));
    std::size_t size = 0;
    checked(EVP_DigestSign(context.get(), nullptr, &size, bytes_of(text), text.size()));
    std::string der(size, '\0');
    checked(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(der.data()), &size, bytes_of(text),
                           text.size()));
    const unsigned char* from = bytes_of(der);
    const std::unique_ptr<ECDSA_SIG, By<ECDSA_SIG_free>> signature(
        checked(d2i_ECDSA_SIG(nullptr, &from, static_cast<long>(size))));
    std::string out(2 * std::size_t{number_size}, '\0');
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), to, number_size);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), to + number_size, number_size);
    return out;
}

}  // namespace okno::net
