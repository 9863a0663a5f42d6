// One call of Evolution API, and how it is refused.
#pragma once

#include "base/json.hpp"
#include "core/answer.hpp"
#include "providers/gateway/site.hpp"

#include <expected>

namespace okno::sim::gateway::evolution {

struct Call {
    const net::ServerRequest& request;
    std::vector<std::string> parts;  // of the path: "message", "sendText", "sales"
    json::value body;                // an object; empty when nothing was sent

    JsonView view() const { return JsonView(body); }
    std::string what() const { return parts.size() > 1 ? parts[1] : std::string(); }
};

using Answer = std::expected<net::ServerReply, net::ServerReply>;

// `said`: a sentence, or a list.
net::ServerReply refused(int status, json::value said);
// A property that the call's schema asks for.
net::ServerReply lacks(std::string_view property);

}  // namespace okno::sim::gateway::evolution
