#include "http/file_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

namespace okno::http {

std::string file_link_key(const SealingKey& secret) {
    const std::string_view bytes(reinterpret_cast<const char*>(secret.bytes.data()), secret.bytes.size());
    const Sha256 key = hmac_sha256(bytes, "okno links to files");
    return {key.begin(), key.end()};
}

static std::string signature_of(const std::string& key, const std::string& text) {
    const Sha256 mac = hmac_sha256(key, text);
    return to_hex(mac.data(), mac.size());
}

std::string write_file_link(const std::string& key, const FileLink& link) {
    const std::string text =
        fmt::format("{}.{}.{}", link.workspace.value().text(), link.media.value().text(), to_millis(link.ends_at));
    return text + "." + signature_of(key, text);
}

static std::string ending_of(const OutboundFile& file) {
    constexpr std::size_t longest = 10;
    const std::size_t dot = file.name.rfind('.');
    std::string ending = dot == std::string::npos ? std::string() : file.name.substr(dot + 1);
    const bool is_plain = std::ranges::all_of(ending, [](unsigned char c) { return c < 0x80 && std::isalnum(c); });
    if (!ending.empty() && ending.size() <= longest && is_plain) return "." + ending;
    constexpr std::array<std::pair<std::string_view, const char*>, 5> known{{{"image/jpeg", ".jpg"},
                                                                             {"image/png", ".png"},
                                                                             {"video/mp4", ".mp4"},
                                                                             {"audio/ogg", ".ogg"},
                                                                             {"application/pdf", ".pdf"}}};
    const auto* const found = std::ranges::find(known, file.mime, &std::pair<std::string_view, const char*>::first);
    return found == known.end() ? "" : found->second;
}

std::string path_for_provider(const std::string& key, WorkspaceId workspace, const OutboundFile& file) {
    constexpr auto life = std::chrono::days{7};
    const FileLink link{workspace, file.media, Clock::real_now() + life};
    return "/files/" + write_file_link(key, link) + "/file" + ending_of(file);
}

std::optional<FileLink> read_file_link(const std::string& key, const std::string& token, Timestamp real_now) {
    constexpr std::size_t id_size = 36;
    const std::size_t last = token.rfind('.');
    if (last == std::string::npos || last < 2 * id_size + 2) return std::nullopt;
    const std::string text = token.substr(0, last);
    if (!equal_in_constant_time(token.substr(last + 1), signature_of(key, text))) return std::nullopt;
    const auto workspace = parse_uuid(text.substr(0, id_size));
    const auto media = parse_uuid(text.substr(id_size + 1, id_size));
    std::int64_t ends = 0;
    std::from_chars(text.data() + 2 * id_size + 2, text.data() + text.size(), ends);
    if (!workspace || !media || from_millis(ends) < real_now) return std::nullopt;
    return FileLink{WorkspaceId{*workspace}, MediaId{*media}, from_millis(ends)};
}

}  // namespace okno::http
