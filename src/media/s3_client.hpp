// Puts objects into an S3 bucket and gets them, signed by libcurl (AWS Signature Version 4). Blocks.
//
// A server that is away, hurried or broken (5xx, 429) is asked again a few times. Errors name what to do and never a
// key.
#pragma once

#include "base/secret.hpp"
#include "media/s3_address.hpp"

#include <atomic>
#include <string>

namespace okno::media {

struct S3Keys {
    Secret access_key;
    Secret secret_key;
};

class S3Client {
public:
    S3Client(S3Address address, S3Keys keys) : address_(std::move(address)), keys_(std::move(keys)) {}

    const S3Address& address() const { return address_; }
    // Whether the object is there with that many bytes; false also when it cannot be told.
    bool has(const std::string& sha256, std::int64_t size) const;
    Result<void> put(const std::string& sha256, const std::string& path, const std::string& mime) const;
    // Into a new file. Errors: `not_found`, `unavailable`.
    Result<void> get(const std::string& sha256, const std::string& path) const;
    // Whether the bucket can be reached with these keys.
    Result<void> check() const;
    // Calls give up, those in hand too.
    void stop() { is_stopping_ = true; }

private:
    std::atomic<bool> is_stopping_{false};
    S3Address address_;
    S3Keys keys_;
};

}  // namespace okno::media
