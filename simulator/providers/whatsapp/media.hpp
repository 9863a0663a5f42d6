// Media of the Graph API: upload, short-lived address, download, removal.
#pragma once

#include "core/answer.hpp"
#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

net::ServerReply upload_media(Site& site, const Number& number, const net::ServerRequest& request);
net::ServerReply describe_media(Site& site, const Media& media, const net::ServerRequest& request);
net::ServerReply remove_media(Site& site, const std::string& media_id);
// The short-lived address itself; the caller has checked the token.
net::ServerReply download_media(Site& site, std::string_view link);

}  // namespace okno::sim::whatsapp
