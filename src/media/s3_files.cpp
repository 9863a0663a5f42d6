#include "media/s3_files.hpp"

#include "base/crypto.hpp"
#include "base/uuid.hpp"
#include "media/file_facts.hpp"

#include <set>
#include <system_error>

namespace okno::media {

namespace fs = std::filesystem;

// The same bytes are put again after this time: what nobody needs is removed by its age, and it is needed from now on.
constexpr auto put_again_after = std::chrono::seconds(10);

static fs::path emptied(const fs::path& folder) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    return folder;
}

S3Files::S3Files(S3Address address, S3Keys keys, const fs::path& folder)
    : client_(std::move(address), std::move(keys)),
      incoming_(emptied(folder / "incoming")),
      cache_(folder / "copies", client_.address().cache_bytes) {}

std::string S3Files::incoming() const { return incoming_; }

std::string S3Files::new_part() const { return incoming_ / make_uuid().text(); }

Result<StoredFile> S3Files::adopt(const std::string& part) const {
    Result<StoredFile> out = read_facts(part);
    if (!out) return out;
    const Result<S3Object> there = client_.look(out->sha256);
    if (!there || there->size != out->size || there->age > put_again_after) {
        const Result<void> put = client_.put(out->sha256, part, out->mime);
        if (!put) return std::unexpected(put.error());
    }
    // It is stored; without a copy here it is fetched when it is needed.
    if (!cache_.put(part, out->sha256)) {
        std::error_code ignored;
        fs::remove(part, ignored);
    }
    return out;
}

Result<std::vector<std::string>> S3Files::stored(int group) const {
    const auto byte = static_cast<unsigned char>(group);
    const std::string two_letters = to_hex(&byte, 1);
    Result<std::vector<std::string>> out = client_.list(two_letters);
    if (!out) return out;
    // Of what another node removed a copy may still be here.
    std::set<std::string> all(out->begin(), out->end());
    all.merge(cache_.stored(two_letters));
    return std::vector(all.begin(), all.end());
}

Result<bool> S3Files::remove(const std::string& sha256, std::chrono::seconds least_age) const {
    const Result<S3Object> there = client_.look(sha256);
    if (!there && there.error().kind != ErrorKind::not_found) return std::unexpected(there.error());
    if (there) {
        if (there->age < least_age) return false;
        const Result<void> removed = client_.remove(sha256);
        if (!removed) return std::unexpected(removed.error());
    }
    cache_.remove(sha256);
    return there.has_value();
}

std::optional<std::string> S3Files::find(const std::string& sha256) const { return cache_.find(sha256); }

Result<std::string> S3Files::fetch(const std::string& sha256) const {
    if (auto path = cache_.find(sha256)) return *path;
    const std::string part = new_part();
    const auto fetched = [&]() -> Result<std::string> {
        const Result<void> got = client_.get(sha256, part);
        if (!got) return std::unexpected(got.error());
        const Result<StoredFile> facts = read_facts(part);
        if (!facts) return std::unexpected(facts.error());
        if (facts->sha256 != sha256)
            return fail(ErrorKind::unavailable, "unavailable", "The file store gave other bytes than were stored.");
        const auto path = cache_.put(part, sha256);
        if (!path) return disk_error(part);
        return *path;
    }();
    if (!fetched) {
        std::error_code ignored;
        fs::remove(part, ignored);
    }
    return fetched;
}

}  // namespace okno::media
