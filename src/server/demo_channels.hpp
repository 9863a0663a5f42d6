// Connects the demo's other messengers as an administrator would: over the HTTP API, with the simulator as provider.
#pragma once

#include "base/json.hpp"
#include "net/client.hpp"

#include <boost/json.hpp>

#include <string>

namespace okno::server {

// One party of the demo. `token`: of its API; empty for the simulator, which needs none.
struct DemoParty {
    net::Client& client;
    std::string url;
    std::string token{};

    // Throws with the answer when it refuses.
    boost::json::value ask(const std::string& method, const std::string& path, const boost::json::value& body) const;
};

// `channels`: bodies for POST /api/v1/channels, "{simulator}" standing for its address. Where an administrator has to
// give the provider the webhook's address, `callback` says to which path of the simulator, and what goes with it.
void connect_demo_channels(const DemoParty& okno, const DemoParty& simulator, const JsonView& channels);

}  // namespace okno::server
