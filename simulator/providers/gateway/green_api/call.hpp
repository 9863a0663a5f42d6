// One call of Green-API, and how it is refused.
#pragma once

#include "base/json.hpp"
#include "core/answer.hpp"
#include "providers/gateway/site.hpp"

#include <expected>

namespace okno::sim::gateway::green_api {

struct Call {
    const net::ServerRequest& request;
    std::string method;  // of its own, as "sendMessage"
    json::value body;    // an object; empty when nothing was sent

    JsonView view() const { return JsonView(body); }
};

using Answer = std::expected<net::ServerReply, net::ServerReply>;

net::ServerReply bad_request(const Call& call, std::string_view message);
net::ServerReply spent_quota(std::string_view method);
// Empty: the instance may send.
std::optional<net::ServerReply> not_ready(const Session& session, const Call& call);

}  // namespace okno::sim::gateway::green_api
