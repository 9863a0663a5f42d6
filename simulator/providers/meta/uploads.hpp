// Files that accounts leave, and the bytes of all of them.
#pragma once

#include "net/server.hpp"
#include "providers/meta/errors.hpp"
#include "providers/meta/site.hpp"

namespace okno::sim::meta {

// POST /message_attachments: `message` and `filedata` as a form.
Answer take_upload(Site& site, const Account& caller, const net::ServerRequest& request);
net::ServerReply give_file(const Site& site, const std::string& link);

}  // namespace okno::sim::meta
