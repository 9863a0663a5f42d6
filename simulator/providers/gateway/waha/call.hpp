// One call of the gateway's API, and how it is refused.
#pragma once

#include "base/json.hpp"
#include "core/answer.hpp"
#include "providers/gateway/site.hpp"

#include <expected>

namespace okno::sim::gateway::waha {

struct Call {
    const net::ServerRequest& request;
    std::vector<std::string> parts;  // of the path, behind "api"
    json::value body;                // an object; empty when nothing was sent

    JsonView view() const { return JsonView(body); }
    std::int64_t number(std::string_view name, std::int64_t otherwise) const;
};

using Answer = std::expected<net::ServerReply, net::ServerReply>;

net::ServerReply unauthorized();
net::ServerReply no_such_session(std::string_view name);
net::ServerReply not_ready(const Session& session);
net::ServerReply bad_request(const std::vector<std::string>& reasons);

// The session that the call names, if it works.
std::expected<Session*, net::ServerReply> working_session(Site& site, std::string_view name);

}  // namespace okno::sim::gateway::waha
