// The way out: one HTTP call, awaited. Joined to the curl client in `server`.
#pragma once

#include "base/http.hpp"
#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>

namespace okno {

class HttpTransport {
public:
    virtual ~HttpTransport() = default;
    // Errors: `never_left` (safe to repeat) and `left_no_answer` (it may have arrived).
    virtual boost::asio::awaitable<Result<HttpReply>> perform(HttpRequest request) = 0;
};

}  // namespace okno
