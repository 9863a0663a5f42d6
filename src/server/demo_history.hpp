// Fills the demo's workspace: its users, the connected channel and conversations of the last days.
#pragma once

#include "app/ports/storage.hpp"

#include <boost/json.hpp>

namespace okno::server {

struct DemoKeys {
    std::string webhook;  // of the channel
    std::string token;    // for the API, of the owner
};

// `sample` is the demo's description (simulator/worlds/demo.json).
DemoKeys fill_demo(Store& store, const boost::json::object& sample, const std::string& provider_url,
                   const std::string& password, Timestamp now);

}  // namespace okno::server
