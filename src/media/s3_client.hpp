// Puts objects into an S3 bucket, gets, lists and removes them, signed by libcurl (AWS Signature Version 4). Blocks.
//
// A server that is away, hurried or broken (5xx, 429) is asked again a few times. Errors name what to do and never a
// key.
#pragma once

#include "base/secret.hpp"
#include "media/s3_address.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace okno::media {

struct S3Keys {
    Secret access_key;
    Secret secret_key;
};

struct S3Object {
    std::int64_t size = 0;
    std::chrono::seconds age{};  // since it was last put, by the store's clock
};

class S3Client {
public:
    S3Client(S3Address address, S3Keys keys) : address_(std::move(address)), keys_(std::move(keys)) {}

    const S3Address& address() const { return address_; }
    // Errors: `not_found`, `unavailable`. Asked once.
    Result<S3Object> look(const std::string& sha256) const;
    Result<void> put(const std::string& sha256, const std::string& path, const std::string& mime) const;
    // Into a new file. Errors: `not_found`, `unavailable`.
    Result<void> get(const std::string& sha256, const std::string& path) const;
    // The hashes of the objects that begin with these two letters, in answers of at most `page`.
    Result<std::vector<std::string>> list(const std::string& two_letters, int page = 1000) const;
    // Also when it is not there. Asked once: whether it may go is decided just before.
    Result<void> remove(const std::string& sha256) const;
    // Calls give up, those in hand too.
    void stop() { is_stopping_ = true; }

private:
    std::atomic<bool> is_stopping_{false};
    S3Address address_;
    S3Keys keys_;
};

}  // namespace okno::media
