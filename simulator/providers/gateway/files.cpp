#include "providers/gateway/files.hpp"

#include "base/crypto.hpp"

namespace okno::sim::gateway {

constexpr auto kFileLife = std::chrono::seconds{180};
constexpr auto kStoreLife = std::chrono::days{14};

void renew_link(Site& site, File& file) {
    if (!file.link.empty() && site.now() < file.until) return;
    file.link = random_token(12) + ".bin";
    file.until = site.now() + kFileLife;
}

std::string store_address(Site& site, File& file) {
    if (file.store_link.empty() || site.now() >= file.store_until) {
        file.store_link = random_token(12) + ".bin";
        file.store_until = site.now() + kStoreLife;
    }
    return site.core.public_url + "/waMedia/" + file.store_link;
}

const File* file_at(const Site& site, std::string_view link) {
    for (const auto& [name, session] : site.world.sessions)
        for (const auto& [number, chat] : session.chats)
            for (const Message& message : chat.messages) {
                if (!message.file) continue;
                const File& file = *message.file;
                const bool is_kept = file.link == link && site.now() < file.until;
                const bool is_stored = file.store_link == link && site.now() < file.store_until;
                if (is_kept || is_stored) return &file;
            }
    return nullptr;
}

}  // namespace okno::sim::gateway
