// Every outbound HTTP call: libcurl's multi interface on a thread of its own, HTTP/2, keep-alive.
#pragma once

#include "base/http.hpp"
#include "base/result.hpp"

#include <functional>
#include <memory>

namespace okno::net {

class Client {
public:
    explicit Client(std::size_t connections_per_host = 512);
    // Ends calls in hand as `left_no_answer`.
    ~Client();

    // `done` runs on the client's thread and must not block. Redirects are not followed. The error is
    // `never_left` when no byte of the request can have reached the server (name, address, connect, TLS, a
    // refused private address), `left_no_answer` otherwise (time-out, reset, reply over its limit).
    void perform(HttpRequest request, std::function<void(Result<HttpReply>)> done);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace okno::net
