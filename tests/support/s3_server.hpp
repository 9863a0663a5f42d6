// A real S3 server on loopback that checks every signature (tests/journeys/s3_server.mjs).
#pragma once

#include "support/child.hpp"
#include "support/storage_fixture.hpp"

#include <boost/json.hpp>
#include <curl/curl.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <optional>
#include <string>

namespace okno::tests {

class S3Server {
public:
    const std::string access_key = "okno-test";
    const std::string secret_key = "hush/of+tests";
    const std::string region = "eu-central-1";

    S3Server() {
        process_.emplace(
            std::vector<std::string>{"node", OKNO_TESTS_DIR "/journeys/s3_server.mjs", folder_.path / "objects"},
            log());
        REQUIRE(wait_until([this] {
            std::ifstream in(log());
            const std::string said{std::istreambuf_iterator<char>(in), {}};
            const std::size_t begin = said.find("http://");
            const std::size_t end = said.find('\n', begin);
            if (begin == std::string::npos || end == std::string::npos) return false;
            url_ = said.substr(begin, end - begin);
            return true;
        }));
    }
    S3Server(const S3Server&) = delete;
    S3Server& operator=(const S3Server&) = delete;

    const std::string& url() const { return url_; }
    // The next requests are answered with this status.
    void fail_next(int status, int times) const {
        ask("/faults", fmt::format(R"({{"status":{},"times":{}}})", status, times));
    }
    // From now on the objects that are there are this much older.
    void age_by(int seconds) const { ask("/age", fmt::format(R"({{"seconds":{}}})", seconds)); }
    // How many requests of the method were answered so.
    int count(const std::string& method, int status) const {
        int out = 0;
        for (const auto& request : boost::json::parse(ask("/requests", "")).as_array())
            out += request.at("method").as_string() == method && request.at("status") == status;
        return out;
    }

private:
    std::string log() const { return folder_.path / "log"; }

    std::string ask(const std::string& path, const std::string& body) const {
        CURL* handle = curl_easy_init();
        std::string answer;
        const auto take = +[](char* bytes, std::size_t, std::size_t size, void* out) {
            static_cast<std::string*>(out)->append(bytes, size);
            return size;
        };
        curl_easy_setopt(handle, CURLOPT_URL, (url_ + path).c_str());
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
        if (!body.empty()) curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.c_str());
        const CURLcode code = curl_easy_perform(handle);
        curl_easy_cleanup(handle);
        REQUIRE(code == CURLE_OK);
        return answer;
    }

    TemporaryDirectory folder_;
    std::optional<Child> process_;
    std::string url_;
};

}  // namespace okno::tests
