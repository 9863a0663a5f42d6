// One call of the bot API: who makes it and with what, and how it is refused.
#pragma once

#include "net/server.hpp"
#include "providers/max/site.hpp"

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace okno::sim::max {

struct Refusal {
    int status = 400;
    std::string code;
    std::string message;
};

struct Call {
    std::string method;
    std::vector<std::string> path;  // behind "/max"
    std::map<std::string, std::string, std::less<>> query;
    json::object body;
    bool has_wrong_body = false;
    std::string token;
    Bot* bot = nullptr;

    // Empty when it is not given.
    std::string text(std::string_view name) const;
    // Empty when it is not given or no whole number.
    std::optional<std::int64_t> number(std::string_view name) const;
};

using Answer = std::expected<json::value, Refusal>;

inline std::unexpected<Refusal> refuse(int status, std::string code, std::string message) {
    return std::unexpected(Refusal{status, std::move(code), std::move(message)});
}
// Our own words, for what is wrong with the form of a request.
inline std::unexpected<Refusal> wrong(std::string message) { return refuse(400, "proto.payload", std::move(message)); }

inline json::value done() { return json::object{{"success", true}}; }

// More than `most` in the last second; else this one is counted.
bool is_too_fast(std::deque<std::int64_t>& at_ms, std::int64_t now_ms, std::int64_t most);

}  // namespace okno::sim::max
