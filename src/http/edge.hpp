// The edge: takes each request to its endpoint, its webhook or its page, and says who is calling.
#pragma once

#include "http/metrics.hpp"
#include "http/pages.hpp"
#include "http/rate_limit.hpp"
#include "http/router.hpp"

namespace okno::http {

class Edge {
public:
    Edge(Services& services, Pages pages, std::vector<Endpoint> endpoints);

    // For net::ServerOptions.
    void handle(net::ServerRequest request, net::Respond respond);
    void upgrade(net::ServerRequest request, std::function<void(net::WebSocketEvents)> accept, net::Respond refuse);
    // Who may send a body that is streamed to disk.
    void admit(net::ServerRequest head, std::function<void()> go_on, net::Respond refuse);
    static std::uint64_t max_body(std::string_view path);
    // A refusal of the server below as a problem document.
    static Reply refusal(int status, const std::string& detail);

    // Readiness and what is so now are told by the server, which knows its parts.
    std::function<void(std::function<void(Result<void>)>)> is_ready;
    std::function<Gauges()> gauges;

private:
    using Authenticated = std::function<void(Result<Caller>)>;

    void take_webhook(net::ServerRequest request, net::Respond respond);
    void note_called(WorkspaceId workspace, ChannelId id);
    void call_api(net::ServerRequest request, net::Respond respond);
    void authenticate(std::shared_ptr<Call> call, Authenticated done);
    bool is_same_origin(const net::ServerRequest& request) const;
    net::Respond observed(const net::ServerRequest& request, net::Respond respond);
    Reply tell_metrics(const net::ServerRequest& request) const;
    void run(std::shared_ptr<Call> call, const Endpoint& endpoint, net::Respond respond);

    Services& services_;
    Pages pages_;
    Router router_;
    RateLimit limit_{1000, 2000};  // requests a second of one session or token
};

}  // namespace okno::http
