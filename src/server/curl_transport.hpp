// Joins the port HttpTransport to the curl client.
#pragma once

#include "app/await.hpp"
#include "app/ports/http_transport.hpp"
#include "net/client.hpp"

namespace okno::server {

class CurlTransport final : public HttpTransport {
public:
    explicit CurlTransport(bool allow_private_network) : allow_private_network_(allow_private_network) {}

    boost::asio::awaitable<Result<HttpReply>> perform(HttpRequest request) override {
        request.allow_private_network = allow_private_network_;
        auto start = [this, request = std::move(request)](auto finish) mutable {
            client_.perform(std::move(request),
                            [finish](Result<HttpReply> reply) mutable { finish(std::move(reply)); });
        };
        auto waiting = await_callback<Result<HttpReply>>(std::move(start));
        Result<HttpReply> reply = co_await std::move(waiting);
        co_return reply;
    }

private:
    net::Client client_;
    bool allow_private_network_;
};

}  // namespace okno::server
