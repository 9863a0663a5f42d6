// The endpoints of the API, by the file that holds them.
#pragma once

#include "http/endpoint.hpp"

namespace okno::http {

std::vector<Endpoint> session_endpoints();
std::vector<Endpoint> channel_endpoints();
std::vector<Endpoint> conversation_endpoints();
std::vector<Endpoint> erasure_endpoints();
std::vector<Endpoint> first_message_endpoints();
std::vector<Endpoint> media_endpoints();
std::vector<Endpoint> message_endpoints();
std::vector<Endpoint> messenger_endpoints();
std::vector<Endpoint> push_endpoints();
std::vector<Endpoint> search_endpoints();

// All of them.
std::vector<Endpoint> api_endpoints();

}  // namespace okno::http
