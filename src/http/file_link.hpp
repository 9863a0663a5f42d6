// The address of a file without a session: signed, so that nobody can make one, and for a short time.
#pragma once

#include "app/ports/messenger.hpp"
#include "base/crypto.hpp"
#include "base/time.hpp"
#include "domain/ids.hpp"

#include <optional>
#include <string>

namespace okno::http {

struct FileLink {
    WorkspaceId workspace;
    MediaId media;
    Timestamp ends_at;  // by real time
};

// The key of the signatures: the same on all nodes, which share `secret.key`.
std::string file_link_key(const SealingKey& secret);

std::string write_file_link(const std::string& key, const FileLink& link);
// "/files/<token>/file.jpg": for a provider that fetches what we send, or lets people fetch it, for a week. Some look
// at the ending of the path instead of the type.
std::string path_for_provider(const std::string& key, WorkspaceId workspace, const OutboundFile& file);
// Empty when the signature is none of ours, anything was changed, or the time is over.
std::optional<FileLink> read_file_link(const std::string& key, const std::string& token, Timestamp real_now);

}  // namespace okno::http
