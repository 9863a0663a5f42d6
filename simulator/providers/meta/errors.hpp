// Meta's refusals: code, subcode, HTTP status and the words each comes with.
#pragma once

#include "core/answer.hpp"

#include <expected>
#include <string>

namespace okno::sim::meta {

struct Refusal {
    int code = 0;
    int subcode = 0;
    std::string details{};  // in place of the words that the code comes with
};

using Answer = std::expected<json::value, Refusal>;

inline std::unexpected<Refusal> refuse(int code, int subcode = 0, std::string details = {}) {
    return std::unexpected(Refusal{code, subcode, std::move(details)});
}

net::ServerReply error_reply(const Refusal& refusal);

}  // namespace okno::sim::meta
