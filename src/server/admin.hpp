// What `okno admin` does, on a store: inside the running server when there is one, else on the opened files.
#pragma once

#include "app/ports/storage.hpp"
#include "base/result.hpp"

#include <boost/json.hpp>

namespace okno::server {

// `request` is {"command": "user_create" | "token_create" | "doctor", ...}. Answers {"text": what to print}. Blocks.
Result<boost::json::object> run_admin(Store& store, const boost::json::object& request, Timestamp now);

}  // namespace okno::server
