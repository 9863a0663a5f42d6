// Fills the demo's workspace: its users, the connected channel and conversations of the last days.
#pragma once

#include "app/ports/storage.hpp"

#include <boost/json.hpp>

namespace okno::server {

// `sample` is the demo's description (simulator/worlds/demo.json). Answers the webhook key of the channel.
std::string fill_demo(Store& store, const boost::json::object& sample, const std::string& provider_url,
                      const std::string& password, Timestamp now);

}  // namespace okno::server
