// Which files WhatsApp takes, as what and how large; and whether a message's files are there.
#pragma once

#include "providers/whatsapp/graph_errors.hpp"
#include "providers/whatsapp/site.hpp"

#include <optional>

namespace okno::sim::whatsapp {

// Of an upload.
std::optional<Refusal> check_upload(std::string_view mime_type, std::string_view bytes);
// Ids in the message and its header must be uploads of this number that still live.
std::optional<Refusal> check_media_ids(const Site& site, const Number& number, const Message& message);
// A file of the wrong kind is found out only when it is processed.
std::optional<Refusal> check_media_fate(const Site& site, const Message& message);

// `audio/ogg; codecs=opus` without its parameters, in lower case.
std::string plain_mime(std::string_view mime_type);

}  // namespace okno::sim::whatsapp
