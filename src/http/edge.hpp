// The edge: takes each request to its endpoint, its webhook or its page, and says who is calling.
#pragma once

#include "http/pages.hpp"
#include "http/rate_limit.hpp"
#include "http/router.hpp"

#include <atomic>

namespace okno::http {

// Counters for /metrics.
struct EdgeCounters {
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> errors{0};  // answers of 500 and more
    std::atomic<std::uint64_t> webhooks_kept{0};
    std::atomic<std::uint64_t> webhooks_refused{0};
};

class Edge {
public:
    Edge(Services& services, Pages pages, std::vector<Endpoint> endpoints);

    // For net::ServerOptions.
    void handle(net::ServerRequest request, net::Respond respond);
    void upgrade(net::ServerRequest request, std::function<void(net::WebSocketEvents)> accept, net::Respond refuse);
    static std::uint64_t max_body(std::string_view path);

    EdgeCounters counters;
    // Readiness and metrics are told by the server, which knows its parts.
    std::function<Result<void>()> is_ready;
    std::function<std::string()> metrics;

private:
    using Authenticated = std::function<void(Result<Caller>)>;

    void take_webhook(net::ServerRequest request, net::Respond respond);
    void call_api(net::ServerRequest request, net::Respond respond);
    void authenticate(std::shared_ptr<Call> call, bool is_write, Authenticated done);
    void run(std::shared_ptr<Call> call, const Endpoint& endpoint, net::Respond respond);

    Services& services_;
    Pages pages_;
    Router router_;
    RateLimit limit_{100, 400};  // requests a second of one session or token
};

}  // namespace okno::http
