// Where files lie on S3: "s3://bucket/prefix?endpoint=https://s3.example:9000&region=eu-central-1&cache_mb=4096".
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace okno::media {

struct S3Address {
    std::string bucket;
    std::string prefix;    // without slashes at its ends; may be empty
    std::string endpoint;  // without a slash at its end
    std::string region = "us-east-1";
    std::uint64_t cache_bytes = 4096ULL << 20;

    // https://endpoint/bucket/prefix/ab/<sha256>: the bucket stands in the path, which every S3 server takes.
    std::string url_of(const std::string& sha256) const;
    // What comes before the hashes that begin with these two letters: prefix/ab/
    std::string folder_of(const std::string& two_letters) const;
};

// Names are plain (letters, digits, - _ . /): they are signed as they are written. The error says what is wrong.
Result<S3Address> read_s3_address(const std::string& text);

}  // namespace okno::media
