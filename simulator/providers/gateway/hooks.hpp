// Webhooks on their way: repeated until they are taken, as often as each gateway does.
#pragma once

#include "providers/gateway/site.hpp"

namespace okno::sim::gateway {

struct Hook {
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::int64_t attempts = 1;
    std::vector<int> final_statuses{};  // after which it is not repeated
};

// `about`: for faults and the journal.
void post_to(Site& site, const Hook& hook, const std::string& body, const json::object& about);

}  // namespace okno::sim::gateway
