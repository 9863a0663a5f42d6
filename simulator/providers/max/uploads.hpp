// Files: where they are left, and where they lie.
#pragma once

#include "providers/max/call.hpp"

namespace okno::sim::max {

// POST /uploads
Answer upload_place(Site& site, const Call& call);
// GET /videos/{token}
Answer video_details(Site& site, const Call& call);
net::ServerReply take_upload(Site& site, const std::string& key, const net::ServerRequest& request);
net::ServerReply give_file(Site& site, const std::string& link);

}  // namespace okno::sim::max
