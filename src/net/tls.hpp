// The server's certificate and key: read from PEM files, and read anew while connections go on.
#pragma once

#include "base/result.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace okno::net {

// Paths of PEM files: the certificate with those that vouch for it, and its private key.
struct TlsFiles {
    std::string certificate;
    std::string key;
};

class Certificate {
public:
    // Throws std::runtime_error with a sentence when the files cannot be used.
    explicit Certificate(TlsFiles files);

    // Reads the files again; new connections use what they hold. Files that cannot be used change nothing: the error
    // says why.
    Result<void> reload();
    std::shared_ptr<boost::asio::ssl::context> current() const;

private:
    const TlsFiles files_;
    mutable std::mutex mutex_;
    std::shared_ptr<boost::asio::ssl::context> current_;
};

}  // namespace okno::net
