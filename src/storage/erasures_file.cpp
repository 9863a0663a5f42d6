#include "storage/erasures_file.hpp"

#include "app/ports/storage.hpp"
#include "base/json.hpp"
#include "storage/file_steps.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>

namespace okno::storage {

namespace json = boost::json;

static std::string bytes_of(const auto& array) {
    return std::string(reinterpret_cast<const char*>(array.data()), array.size());
}

ErasuresFile::ErasuresFile(std::filesystem::path file, const SealingKey& key)
    : file_(std::move(file)), key_(hmac_sha256(bytes_of(key.bytes), "okno erasures.log")) {}

std::string ErasuresFile::keyed(const StoredAddress& address) const {
    const Sha256 mac =
        hmac_sha256(bytes_of(key_), address.channel.value().text() + "/" + address.kind + "/" + address.hash);
    return to_hex(mac.data(), mac.size());
}

static std::string line_of(const Erasure& erasure) {
    json::array addresses;
    for (const std::string& address : erasure.addresses)
        addresses.emplace_back(address);
    return json::serialize(json::object{{"time", to_rfc3339(erasure.time)},
                                        {"workspace", erasure.workspace.value().text()},
                                        {"contact", erasure.contact.value().text()},
                                        {"addresses", std::move(addresses)}}) +
           "\n";
}

void ErasuresFile::append(const Erasure& erasure) {
    const bool is_new = !std::filesystem::exists(file_);
    const int file = ::open(file_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    std::string line = line_of(erasure);
    char last = '\n';
    if (file >= 0) {
        const off_t end = ::lseek(file, 0, SEEK_END);
        // Behind a line that a power cut left unfinished a new one begins.
        if (end > 0 && ::pread(file, &last, 1, end - 1) == 1 && last != '\n') line = "\n" + line;
    }
    const bool is_durable =
        file >= 0 && ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
    const std::string reason = last_reason();
    if (file >= 0) ::close(file);
    if (!is_durable) throw StoreUnavailable(file_.string() + " cannot be written: " + reason);
    if (is_new) sync_path(file_.parent_path());
}

static std::optional<Erasure> read_line(const std::string& line) {
    const auto document = parse_json(line);
    if (!document) return std::nullopt;
    const JsonView view(*document);
    const auto time = parse_rfc3339(view["time"].text_or(""));
    const auto workspace = parse_uuid(view["workspace"].text_or(""));
    const auto contact = parse_uuid(view["contact"].text_or(""));
    if (!time || !workspace || !contact) return std::nullopt;
    Erasure out{*time, WorkspaceId{*workspace}, ContactId{*contact}, {}};
    for (std::size_t i = 0; i < view["addresses"].size(); ++i)
        out.addresses.push_back(view["addresses"].at(i).text_or(""));
    return out;
}

// A piece of a line that a power cut left.
static bool is_unfinished(const std::string& line) {
    static constexpr std::string_view begin = "{\"time\":\"";
    return begin.starts_with(std::string_view(line).substr(0, begin.size())) && !line.ends_with('}');
}

std::vector<Erasure> ErasuresFile::read(const std::filesystem::path& file) {
    std::vector<Erasure> out;
    std::ifstream in(file, std::ios::binary);
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (auto erasure = read_line(line))
            out.push_back(std::move(*erasure));
        else if (!is_unfinished(line))
            throw std::runtime_error(file.string() + ", line " + std::to_string(number) +
                                     ": this is no line of a ledger of erasures.");
    }
    return out;
}

}  // namespace okno::storage
