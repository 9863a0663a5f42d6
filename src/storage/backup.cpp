#include "storage/backup.hpp"

#include "base/json.hpp"
#include "storage/file_steps.hpp"
#include "storage/migrations/migrations.hpp"
#include "storage/sqlite/backup.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace okno::storage {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr int format = 1;

std::string media_path(const std::string& sha256) { return "media/" + sha256.substr(0, 2) + "/" + sha256; }

bool is_hash(const std::string& text) {
    return text.size() == 64 &&
           std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f'); });
}

// Only names that a backup has: a list from outside must not make us write anywhere else.
bool is_known_path(const BackupFile& file) {
    if (file.path == "okno.db" || file.path == "intake.db" || file.path == "erasures.log") return true;
    return is_hash(file.sha256) && file.path == media_path(file.sha256);
}

std::string text_of(const Manifest& manifest) {
    json::array files;
    for (const BackupFile& file : manifest.files)
        files.push_back(json::object{{"path", file.path}, {"size", file.size}, {"sha256", file.sha256}});
    return json::serialize(json::object{{"format", format},
                                        {"made_at", to_rfc3339(manifest.made_at)},
                                        {"okno", manifest.okno},
                                        {"schema", manifest.schema},
                                        {"intake", manifest.intake},
                                        {"media", manifest.has_media},
                                        {"missing", json::array(manifest.missing.begin(), manifest.missing.end())},
                                        {"files", std::move(files)}}) +
           "\n";
}

void add_file(Manifest& manifest, const fs::path& folder, const std::string& path) {
    const FileSum sum = sum_of(folder / path);
    manifest.files.push_back({path, sum.size, sum.sha256});
}

// A file whose bytes are not those of its name is as good as none.
void copy_media(const fs::path& media, const fs::path& to, Manifest& manifest, const Progress& progress) {
    const std::vector<std::string> named = files_named_in(to / "okno.db");
    std::int64_t done = 0;
    for (const std::string& hash : named) {
        progress("media", done++, static_cast<std::int64_t>(named.size()));
        if (!is_hash(hash)) continue;
        const std::string path = media_path(hash);
        const fs::path source = media / hash.substr(0, 2) / hash;
        if (!fs::exists(source)) {
            manifest.missing.push_back(path);
            continue;
        }
        fs::create_directories((to / path).parent_path());
        link_or_copy(source, to / path);
        const FileSum sum = sum_of(to / path);
        if (sum.sha256 == hash) {
            manifest.files.push_back({path, sum.size, sum.sha256});
        } else {
            fs::remove(to / path);
            manifest.missing.push_back(path);
        }
    }
}

void sync_folders(const fs::path& folder) {
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_directory()) sync_path(entry.path());
    sync_path(folder);
}

Manifest copy_all(const DataFolders& from, const fs::path& to, const std::string& version, Timestamp made_at,
                  const Progress& progress) {
    const fs::path& directory = from.directory;
    Manifest manifest;
    manifest.made_at = made_at;
    manifest.okno = version;
    for (const char* name : {"okno.db", "intake.db"}) {
        progress(name, 0, 0);
        copy_database(directory / name, to / name);
        add_file(manifest, to, name);
    }
    manifest.schema = schema_version_of(to / "okno.db");
    manifest.intake = generation_of(to / "intake.db");
    manifest.has_media = !from.media.empty();
    if (manifest.has_media) copy_media(from.media, to, manifest, progress);
    if (fs::exists(directory / "erasures.log")) {
        copy_durably(directory / "erasures.log", to / "erasures.log");
        add_file(manifest, to, "erasures.log");
    }
    return manifest;
}

}  // namespace

Manifest back_up(const DataFolders& from, const fs::path& to, const std::string& version, Timestamp made_at,
                 const std::function<void()>& last_check, const Progress& progress) {
    fs::path partial = to.has_filename() ? to : to.parent_path();  // without a slash at the end
    partial += ".partial";
    if (fs::exists(to) && !(fs::is_directory(to) && fs::is_empty(to)))
        throw std::runtime_error(to.string() + " is there and not empty: name a new folder.");
    std::error_code error;
    if (!fs::create_directory(partial, error))
        throw std::runtime_error(
            error ? partial.string() + " cannot be made: " + error.message() + "."
                  : partial.string() + " is there: a backup into it runs, or was interrupted and can be removed.");
    try {
        fs::permissions(partial, fs::perms::owner_all);
        const Manifest manifest = copy_all(from, partial, version, made_at, progress);
        write_durably(partial / "manifest.json", text_of(manifest));
        sync_folders(partial);
        last_check();
        fs::rename(partial, to);
        sync_path(fs::absolute(partial).parent_path());
        return manifest;
    } catch (...) {
        fs::remove_all(partial, error);
        throw;
    }
}

Manifest read_manifest(const fs::path& backup) {
    const fs::path path = backup / "manifest.json";
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error(backup.string() + " is no finished backup: there is no manifest.json in it.");
    const auto document = parse_json(std::string{std::istreambuf_iterator<char>(in), {}});
    if (!document) throw std::runtime_error(path.string() + " is damaged: " + document.error().detail);
    const JsonView view(*document);
    if (view["format"].integer() != format)
        throw std::runtime_error(path.string() + " is of format " + view["format"].text_or("(none)") +
                                 ", this program reads format " + std::to_string(format) + ".");
    Manifest out;
    const auto made_at = parse_rfc3339(view["made_at"].text_or(""));
    if (!made_at) throw std::runtime_error(path.string() + " is damaged: it does not say when it was made.");
    out.made_at = *made_at;
    out.okno = view["okno"].text_or("");
    out.schema = view["schema"].integer().value_or(0);
    out.intake = view["intake"].text_or("");
    out.has_media = view["media"].boolean().value_or(true);
    for (std::size_t i = 0; i < view["files"].size(); ++i) {
        const JsonView file = view["files"].at(i);
        out.files.push_back(
            {file["path"].text_or(""), file["size"].integer().value_or(-1), file["sha256"].text_or("")});
        if (!is_known_path(out.files.back()))
            throw std::runtime_error(path.string() + " is damaged: it names a file " + out.files.back().path + ".");
    }
    for (const char* name : {"okno.db", "intake.db"})
        if (std::ranges::find(out.files, name, &BackupFile::path) == out.files.end())
            throw std::runtime_error(path.string() + " is damaged: it names no " + name + ".");
    if (out.schema > static_cast<std::int64_t>(migrations().size()))
        throw std::runtime_error(backup.string() + " was made by a newer Okno (" + out.okno +
                                 "): restore it with that version.");
    return out;
}

void check_files(const fs::path& backup, const Manifest& manifest, const Progress& progress) {
    std::int64_t done = 0;
    std::int64_t all = 0;
    for (const BackupFile& file : manifest.files)
        all += file.size;
    for (const BackupFile& file : manifest.files) {
        progress("checking", done, all);
        const fs::path path = backup / file.path;
        if (!fs::exists(path)) throw std::runtime_error("The backup is not whole: " + path.string() + " is missing.");
        const FileSum sum = sum_of(path);
        if (sum.size != file.size || sum.sha256 != file.sha256)
            throw std::runtime_error("The backup is damaged: " + path.string() +
                                     " is not the file that manifest.json names.");
        done += file.size;
    }
}

}  // namespace okno::storage
