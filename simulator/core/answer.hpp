// Replies of the simulator as values: JSON, text, bytes.
#pragma once

#include "net/server.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace okno::sim {

namespace json = boost::json;

net::ServerReply json_reply(int status, const json::value& body);
// `body` is JSON already.
net::ServerReply raw_json_reply(int status, std::string body);
net::ServerReply file_reply(std::string_view content_type, std::string body);
// A refusal of the control API (not of a provider): {"error": sentence}.
net::ServerReply refusal(int status, std::string_view sentence);

// `/sim/phones/79..` cut at the slashes: {"sim", "phones", "79.."}.
std::vector<std::string> path_parts(std::string_view path);

}  // namespace okno::sim
