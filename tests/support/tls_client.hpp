// Certificates made for a test, and a client that speaks TLS with exactly the bytes it is told.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace okno::tests {

struct OpensslDeleter {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(BIGNUM* number) const { BN_free(number); }
};
template <typename T>
using Openssl = std::unique_ptr<T, OpensslDeleter>;

// Writes `name`.crt and `name`.key of a fresh key for localhost, signed by itself.
inline void write_certificate(const std::filesystem::path& folder, const std::string& name, long serial) {
    const Openssl<EVP_PKEY> key(EVP_EC_gen("P-256"));
    const Openssl<X509> certificate(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    const auto* host = reinterpret_cast<const unsigned char*>("localhost");
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, host, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
    std::FILE* file = std::fopen((folder / (name + ".crt")).c_str(), "w");
    PEM_write_X509(file, certificate.get());
    std::fclose(file);
    file = std::fopen((folder / (name + ".key")).c_str(), "w");
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
}

class TlsClient {
public:
    // `most` is the newest version it speaks, 0 any.
    explicit TlsClient(std::uint16_t port, int most = 0) : context_(SSL_CTX_new(TLS_client_method())) {
        SSL_CTX_set_max_proto_version(context_.get(), most);
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
        SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
        descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        const timeval limit{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_fd(ssl_.get(), descriptor_);
        is_open_ = SSL_connect(ssl_.get()) == 1;
    }
    ~TlsClient() { ::close(descriptor_); }
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    bool is_open() const { return is_open_; }
    std::string version() const { return SSL_get_version(ssl_.get()); }
    // Of the server's certificate.
    long serial() const {
        const Openssl<X509> certificate(SSL_get1_peer_certificate(ssl_.get()));
        return ASN1_INTEGER_get(X509_get_serialNumber(certificate.get()));
    }
    void write(std::string_view bytes) const {
        REQUIRE(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size()));
    }
    // Up to and with `end`; what came when the server ended before.
    std::string read_until(std::string_view end) const {
        std::string text;
        char byte = 0;
        while (!text.ends_with(end) && SSL_read(ssl_.get(), &byte, 1) == 1)
            text += byte;
        return text;
    }
    // Whether the server said in TLS that nothing more comes.
    bool is_ended_properly() const {
        char byte = 0;
        const int got = SSL_read(ssl_.get(), &byte, 1);
        return SSL_get_error(ssl_.get(), got) == SSL_ERROR_ZERO_RETURN;
    }

private:
    Openssl<SSL_CTX> context_;
    Openssl<SSL> ssl_;
    int descriptor_ = -1;
    bool is_open_ = false;
};

}  // namespace okno::tests
