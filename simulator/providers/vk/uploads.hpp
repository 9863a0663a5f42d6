// Files: addresses for uploads, what is left there, saving it, and fetching.
#pragma once

#include "net/server.hpp"
#include "providers/vk/call.hpp"

namespace okno::sim::vk {

Answer photo_upload_server(Site& site, const Call& call);
Answer doc_upload_server(Site& site, const Call& call);
Answer save_photo(Site& site, const Call& call);
Answer save_doc(Site& site, const Call& call);

// POST /vk-up/<key>
net::ServerReply take_upload(Site& site, const std::string& key, const net::ServerRequest& request);
// GET /vk-files/<link>, and /vk-docs/<link>, which leads there.
net::ServerReply give_file(Site& site, const std::string& link);
net::ServerReply lead_to_file(Site& site, const std::string& link);

}  // namespace okno::sim::vk
