// How the Bot API answers: one shape for success, one for every refusal.
#pragma once

#include "core/answer.hpp"

#include <boost/json.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace okno::sim::telegram {

namespace json = boost::json;

struct Refusal {
    int code = 400;
    std::string description;
    std::int64_t retry_after = 0;
};

// `{"ok":true,"result":...}`, with a description where Telegram has one.
using Answer = std::expected<json::value, Refusal>;
using Problem = std::optional<Refusal>;

// 400 with "Bad Request: " before the words.
Refusal bad_request(std::string_view words);
Refusal forbidden(std::string_view words);
Refusal too_many_requests(std::int64_t retry_after);

net::ServerReply reply_of(const Answer& answer, std::string_view description = {});
net::ServerReply reply_of(const Refusal& refusal);

}  // namespace okno::sim::telegram
