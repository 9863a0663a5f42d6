// Idempotency-Key: a request that is repeated under its key is done once, and gets the same answer for 24 hours.
//
// For whatever creates things without a key of its own in the body (channels, uploads); messages have `client_id`.
#pragma once

#include "http/endpoint.hpp"

#include <functional>
#include <memory>

namespace okno::http {

// Runs the endpoint (`run` gives its reply) unless the key of this caller was used: then the kept answer is given, or
// 409 when it is another request or still in hand. Without a key it just runs. Failures of the server are not kept.
void answer_once(std::shared_ptr<const Call> call, std::function<void(net::Respond)> run, net::Respond respond);

}  // namespace okno::http
