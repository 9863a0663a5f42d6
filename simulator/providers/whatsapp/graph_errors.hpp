// Meta's error codes: the HTTP status and the words each comes with.
#pragma once

#include "core/answer.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace okno::sim::whatsapp {

namespace json = boost::json;

// Why something is refused. `details` is Meta's free sentence for this case.
struct Refusal {
    int code = 0;
    std::string details;
    int subcode = 0;
};

// What an answer to a Graph call says.
net::ServerReply graph_error(const Refusal& refusal);
net::ServerReply graph_error(const Refusal& refusal, int status);

// One element of `errors` in a status or an inbound message.
json::object webhook_error(const Refusal& refusal);

}  // namespace okno::sim::whatsapp
