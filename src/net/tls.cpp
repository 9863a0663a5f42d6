#include "net/tls.hpp"

#include "base/log.hpp"

#include <boost/asio/ssl/context.hpp>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace okno::net {

namespace ssl = boost::asio::ssl;
using Context = std::shared_ptr<ssl::context>;

static std::unexpected<Error> unusable(std::string detail) {
    ERR_clear_error();
    return fail(ErrorKind::invalid, "bad_certificate", std::move(detail));
}

static Result<void> check_readable(const char* what, const std::string& path) {
    errno = 0;
    if (std::ifstream(path).good()) return {};
    return unusable(fmt::format("The {} {} cannot be read ({}).", what, path, std::generic_category().message(errno)));
}

// For the log, so that whoever renewed a certificate sees that it is the new one.
static void tell(const ssl::context& context, const std::string& path) {
    X509* certificate = SSL_CTX_get0_certificate(const_cast<ssl::context&>(context).native_handle());
    BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
    char* serial = BN_bn2hex(number);
    std::tm until{};
    ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &until);
    log(X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 ? LogLevel::warning : LogLevel::info,
        "the certificate is read",
        {{"file", path},
         {"serial", serial},
         {"until", fmt::format("{:04}-{:02}-{:02}", until.tm_year + 1900, until.tm_mon + 1, until.tm_mday)}});
    OPENSSL_free(serial);
    BN_free(number);
}

static Result<Context> read(const TlsFiles& files) {
    if (const auto readable = check_readable("certificate", files.certificate); !readable)
        return std::unexpected(readable.error());
    if (const auto readable = check_readable("key", files.key); !readable) return std::unexpected(readable.error());
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    SSL_CTX* native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // Of TLS 1.2 only what keeps secrets when the key is lost later; TLS 1.3 has nothing else.
    SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
    // An idle connection gives its buffers back.
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    // A key with a passphrase would ask for it on the terminal.
    SSL_CTX_set_default_passwd_cb(native, [](char*, int, int, void*) { return -1; });
    if (SSL_CTX_use_certificate_chain_file(native, files.certificate.c_str()) != 1)
        return unusable(fmt::format("{} holds no certificate in PEM.", files.certificate));
    if (SSL_CTX_use_PrivateKey_file(native, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
        const bool is_other = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ||
                              ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_TYPE_MISMATCH;
        if (!is_other) return unusable(fmt::format("{} holds no private key in PEM without a passphrase.", files.key));
        return unusable(fmt::format("The key {} does not belong to the certificate {}.", files.key, files.certificate));
    }
    if (SSL_CTX_check_private_key(native) != 1)
        return unusable(fmt::format("The key {} does not belong to the certificate {}.", files.key, files.certificate));
    tell(*context, files.certificate);
    return context;
}

Certificate::Certificate(TlsFiles files) : files_(std::move(files)) {
    Result<Context> first = read(files_);
    if (!first) throw std::runtime_error(first.error().detail);
    current_ = std::move(*first);
}

Result<void> Certificate::reload() {
    Result<Context> fresh = read(files_);
    if (!fresh) return std::unexpected(fresh.error());
    const std::scoped_lock lock(mutex_);
    current_ = std::move(*fresh);
    return {};
}

Context Certificate::current() const {
    const std::scoped_lock lock(mutex_);
    return current_;
}

}  // namespace okno::net
