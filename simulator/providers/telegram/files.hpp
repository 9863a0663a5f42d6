// Files on their way to a person: what may be sent as what, and getFile with its downloads.
#pragma once

#include "providers/telegram/call.hpp"

namespace okno::sim::telegram {

// The file a parameter gives: an upload, `attach://` one, a file_id of this bot or an address. What does not fit the
// kind becomes a document where Telegram does so.
std::expected<File, Refusal> read_input_file(Site& site, const Call& call, const std::string& kind,
                                             const std::string& given);
// As above for a method with one file, whose parameter is named as the kind.
std::expected<File, Refusal> read_own_file(Site& site, const Call& call, const std::string& kind);

// Width and height of a JPEG, PNG or GIF; 0 and 0 for what is no picture. Of other pictures a usual size.
std::pair<std::int64_t, std::int64_t> picture_size(std::string_view bytes);

Answer get_file(Site& site, Call& call);
// `/file/bot<token>/<path>`.
net::ServerReply download_file(Site& site, const Bot& bot, std::string_view path);

}  // namespace okno::sim::telegram
