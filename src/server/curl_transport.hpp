// Joins the port HttpTransport to the curl client, and measures its calls.
#pragma once

#include "app/await.hpp"
#include "app/ports/http_transport.hpp"
#include "http/metrics.hpp"
#include "net/client.hpp"

namespace okno::server {

class CurlTransport final : public HttpTransport {
public:
    // `metrics` outlives the transport.
    CurlTransport(bool allow_private_network, http::Metrics& metrics)
        : allow_private_network_(allow_private_network), metrics_(metrics) {}

    boost::asio::awaitable<Result<HttpReply>> perform(HttpRequest request) override {
        request.allow_private_network = allow_private_network_;
        auto start = [this, request = std::move(request)](auto finish) mutable {
            client_.perform(std::move(request),
                            [finish](Result<HttpReply> reply) mutable { finish(std::move(reply)); });
        };
        auto waiting = await_callback<Result<HttpReply>>(std::move(start));
        const auto begun = std::chrono::steady_clock::now();
        Result<HttpReply> reply = co_await std::move(waiting);
        metrics_.called(outcome_of(reply), std::chrono::steady_clock::now() - begun);
        co_return reply;
    }

private:
    static std::string_view outcome_of(const Result<HttpReply>& reply) {
        if (reply) return "answered";
        return reply.error().kind == ErrorKind::never_left ? "never_left" : "left_no_answer";
    }

    net::Client client_;
    bool allow_private_network_;
    http::Metrics& metrics_;
};

}  // namespace okno::server
