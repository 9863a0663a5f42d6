#include "providers/telegram/world.hpp"

#include "base/crypto.hpp"
#include "core/base64.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::sim::telegram {

namespace {

constexpr std::size_t kLongestChat = 5'000;

struct Folder {
    std::string_view kind;
    std::string_view name;
    std::string_view ending;
};
constexpr Folder kFolders[] = {
    {"photo", "photos", "jpg"},      {"video", "videos", "mp4"},           {"voice", "voice", "oga"},
    {"audio", "music", "mp3"},       {"video_note", "video_notes", "mp4"}, {"animation", "animations", "mp4"},
    {"sticker", "stickers", "webp"}, {"document", "documents", "bin"},
};

// The ending comes from the file's own name where it has one.
std::string path_of(const File& file, std::int64_t number) {
    const auto* folder = std::ranges::find(kFolders, file.kind, &Folder::kind);
    if (folder == std::end(kFolders)) folder = std::end(kFolders) - 1;
    std::string ending(folder->ending);
    const std::size_t dot = file.name.rfind('.');
    const bool has_ending =
        dot != std::string::npos && file.name.size() - dot <= 6 &&
        std::ranges::all_of(file.name.substr(dot + 1), [](unsigned char c) { return std::isalnum(c); });
    if (file.kind == "document" && has_ending) ending = file.name.substr(dot + 1);
    return fmt::format("{}/file_{}.{}", folder->name, number, ending);
}

std::string url_base64(std::string_view bytes) {
    std::string out = to_base64(bytes);
    std::ranges::replace(out, '+', '-');
    std::ranges::replace(out, '/', '_');
    while (out.ends_with('='))
        out.pop_back();
    return out;
}

template <typename Map, typename Key>
auto* found_in(Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

}  // namespace

Bot* World::bot(std::int64_t id) { return found_in(bots, id); }
Person* World::person(std::int64_t id) { return found_in(people, id); }
Chat* World::chat(const ChatKey& key) { return found_in(chats, key); }

Bot* World::bot_by_token(std::string_view token) {
    const auto found = std::ranges::find_if(bots, [&](const auto& entry) { return entry.second.token == token; });
    return found == bots.end() ? nullptr : &found->second;
}

Message* World::message(const ChatKey& key, std::int64_t id) {
    Chat* home = chat(key);
    Message* found = home == nullptr ? nullptr : found_in(home->messages, id);
    return found == nullptr || found->is_deleted ? nullptr : found;
}

Message& World::add(Message message) {
    Chat& home = chats[message.chat];
    if (home.messages.size() >= kLongestChat) home.messages.erase(home.messages.begin());
    // A business account numbers its messages over all its chats.
    if (!message.chat.connection.empty())
        for (const auto& [key, other] : chats)
            if (key.connection == message.chat.connection) home.last_id = std::max(home.last_id, other.last_id);
    message.id = ++home.last_id;
    message.sequence = ++last_sequence_;
    ++version;
    const std::int64_t id = message.id;
    return home.messages.emplace(id, std::move(message)).first->second;
}

const File& World::add_file(File file) {
    char noise[9];
    random_bytes(noise, sizeof noise);
    file.unique_id = "AQAD" + url_base64(std::string_view(noise, sizeof noise));
    file.path = path_of(file, ++last_file_);
    if (file.bytes) file.size = static_cast<std::int64_t>(file.bytes->size());
    std::string id = file.unique_id;
    return files.insert_or_assign(std::move(id), std::move(file)).first->second;
}

std::string World::file_id_for(std::int64_t bot, const File& file) {
    const Sha256 hash = sha256(std::to_string(bot) + ":" + file.unique_id);
    std::string id = "BQACAgI" + url_base64(std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
    file_ids[id] = {bot, file.unique_id};
    return id;
}

const File* World::file_of(std::int64_t bot, std::string_view file_id) const {
    const auto* known = found_in(file_ids, file_id);
    return known == nullptr || known->bot != bot ? nullptr : found_in(files, known->unique_id);
}

std::int64_t seconds_of(Timestamp time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string random_number() {
    std::uint64_t number = 0;
    random_bytes(&number, sizeof number);
    return std::to_string(number % 9'000'000'000'000'000ULL + 1'000'000'000'000'000ULL);
}

}  // namespace okno::sim::telegram
