#include "media/s3_address.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace okno::media {

static std::unexpected<Error> wrong(const std::string& detail) {
    return fail(ErrorKind::invalid, "bad_setting", detail, "media");
}

static bool is_plain(const std::string& text, std::string_view more) {
    return std::ranges::all_of(text, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               more.find(c) != std::string_view::npos;
    });
}

static std::string without_slashes(std::string text) {
    while (text.ends_with('/'))
        text.pop_back();
    return text.substr(std::min(text.find_first_not_of('/'), text.size()));
}

std::string S3Address::url_of(const std::string& sha256) const {
    return endpoint + "/" + bucket + "/" + folder_of(sha256.substr(0, 2)) + sha256;
}

std::string S3Address::folder_of(const std::string& two_letters) const {
    return (prefix.empty() ? "" : prefix + "/") + two_letters + "/";
}

static Result<void> read_option(S3Address& to, const std::string& option) {
    const std::size_t equals = std::min(option.find('='), option.size());
    const std::string name = option.substr(0, equals);
    const std::string value = option.substr(std::min(equals + 1, option.size()));
    if (name == "endpoint") {
        to.endpoint = without_slashes(value);
    } else if (name == "region") {
        to.region = value;
    } else if (name == "cache_mb") {
        std::uint64_t megabytes = 0;
        const auto read = std::from_chars(value.data(), value.data() + value.size(), megabytes);
        if (read.ec != std::errc{} || read.ptr != value.data() + value.size() || megabytes < 1 || megabytes > 1 << 30)
            return wrong("cache_mb: expected a whole number of megabytes");
        to.cache_bytes = megabytes << 20;
    } else {
        return wrong("expected the options endpoint, region and cache_mb, there is no `" + name + "`");
    }
    return {};
}

Result<S3Address> read_s3_address(const std::string& text) {
    if (!text.starts_with("s3://")) return wrong("expected s3://bucket/prefix?endpoint=https://...&region=...");
    S3Address out;
    const std::size_t question = std::min(text.find('?'), text.size());
    const std::string place = text.substr(5, question - 5);
    const std::size_t slash = std::min(place.find('/'), place.size());
    out.bucket = place.substr(0, slash);
    out.prefix = without_slashes(place.substr(slash));
    std::istringstream options(text.substr(std::min(question + 1, text.size())));
    for (std::string option; std::getline(options, option, '&');) {
        const Result<void> read = read_option(out, option);
        if (!read) return std::unexpected(read.error());
    }
    if (out.region.empty() || !is_plain(out.region, "-")) return wrong("region: expected a name such as eu-central-1");
    if (out.endpoint.empty()) out.endpoint = "https://s3." + out.region + ".amazonaws.com";
    if (out.bucket.empty() || !is_plain(out.bucket, "-.")) return wrong("expected a bucket's name after s3://");
    if (!is_plain(out.prefix, "-_./")) return wrong("the prefix may have letters, digits, - _ . and / only");
    const std::size_t host = out.endpoint.starts_with("https://") ? 8 : out.endpoint.starts_with("http://") ? 7 : 0;
    if (host == 0 || out.endpoint.size() == host || !is_plain(out.endpoint.substr(host), "-.:[]"))
        return wrong("endpoint: expected https://host or https://host:port");
    return out;
}

}  // namespace okno::media
