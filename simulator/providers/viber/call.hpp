// One call of a method: who makes it and with what.
#pragma once

#include "providers/viber/site.hpp"
#include "providers/viber/statuses.hpp"

#include <expected>
#include <string>

namespace okno::sim::viber {

struct Call {
    std::string method;
    json::object body;
    std::string token;
    Bot* bot = nullptr;
    std::size_t size = 0;  // of the body in bytes
};

// Members of the answer beside its status.
using Answer = std::expected<json::object, Status>;

}  // namespace okno::sim::viber
