// Calls to Meta's Graph API, as WhatsApp, Messenger and Instagram make them.
#pragma once

#include "base/http.hpp"
#include "domain/channel.hpp"

#include <string>
#include <string_view>

namespace okno::meta {

// A request to `<base>/<version>/<path>` with the channel's token in a header. The settings `base_url` and
// `api_version` win over what is given here.
HttpRequest graph_request(const Channel& channel, std::string_view base, std::string_view version, std::string method,
                          const std::string& path);

// "files.example:8080" of "https://files.example:8080/a?b"; empty when there is none or a user stands before it.
std::string_view host_of(std::string_view url);

}  // namespace okno::meta
