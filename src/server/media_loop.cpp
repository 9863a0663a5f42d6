#include "server/media_loop.hpp"

#include "app/await.hpp"
#include "app/files_here.hpp"
#include "base/crypto.hpp"
#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <sodium.h>

#include <filesystem>

namespace okno::server {

namespace asio = boost::asio;

constexpr int most_in_flight = 4;
constexpr auto longest_try = std::chrono::days(7);  // the provider keeps a file no longer

MediaLoop::MediaLoop(asio::any_io_executor executor, asio::any_io_executor blocking, Store& store, FindMessenger find,
                     HttpTransport& transport, const MediaFiles& files)
    : executor_(std::move(executor)),
      blocking_(std::move(blocking)),
      store_(store),
      find_(std::move(find)),
      transport_(transport),
      files_(files) {}

void MediaLoop::wake() {
    asio::post(executor_, [this] {
        is_woken_ = true;
        if (is_running_) return;
        is_running_ = true;
        asio::co_spawn(executor_, run(), asio::detached);
    });
}

asio::awaitable<void> MediaLoop::run() {
    while (is_woken_ && in_flight_ < most_in_flight) {
        is_woken_ = false;
        try {
            // Looking costs a read; only when something waits is the writer asked.
            auto looking = read(
                store_, [](StoreSession& session) { return !session.media_to_fetch(Clock::real_now(), 1).empty(); });
            const bool has_due = co_await std::move(looking);
            if (!has_due) continue;
            // A file in hand is due again only in an hour, so that it is not taken twice; a start makes all due.
            auto taking = write(store_, [room = most_in_flight - in_flight_](StoreSession& session) {
                const Timestamp now = Clock::real_now();
                auto due = session.media_to_fetch(now, room);
                for (auto& [workspace, media] : due) {
                    media.due = now + 1h;
                    session.in(workspace).save_media(media);
                }
                return due;
            });
            auto due = co_await std::move(taking);
            for (auto& [workspace, media] : due) {
                ++in_flight_;
                asio::co_spawn(executor_, fetch(workspace, std::move(media)), asio::detached);
            }
        } catch (const std::exception& reason) {
            log(LogLevel::warning, "files cannot be fetched now", {{"reason", reason.what()}});
        }
    }
    is_running_ = false;
}

// Providers write hashes in base64 or hexadecimal.
static bool is_same_hash(const std::string& told, const std::string& hex) {
    if (told.empty() || told == hex) return true;
    std::string bytes(64, '\0');
    std::size_t size = 0;
    const bool is_base64 = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), told.data(),
                                             told.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0;
    return !is_base64 || to_hex(bytes.data(), size) == hex;
}

asio::awaitable<Result<StoredFile>> MediaLoop::fetch_file(const Media& media, std::optional<Channel> channel) {
    const Messenger* messenger = channel ? find_(channel->messenger) : nullptr;
    if (messenger == nullptr)
        co_return fail(ErrorKind::conflict, "channel_gone", "Its channel was disconnected before it was fetched.");
    const std::string part = files_.new_part();
    auto fetching = messenger->fetch_media(media, *channel, part, transport_);
    const Result<void> fetched = co_await std::move(fetching);
    if (!fetched) {
        std::filesystem::remove(part);
        co_return std::unexpected(fetched.error());
    }
    auto adopting = adopt_part(files_, blocking_, part);
    Result<StoredFile> file = co_await std::move(adopting);
    if (!file) std::filesystem::remove(part);
    if (file && !is_same_hash(media.sha256, file->sha256))
        co_return fail(ErrorKind::unavailable, "wrong_hash", "The provider's file is not the one that was announced.");
    co_return file;
}

static bool may_pass(const Error& error) {
    return error.kind == ErrorKind::never_left || error.kind == ErrorKind::left_no_answer ||
           error.kind == ErrorKind::unavailable;
}

asio::awaitable<void> MediaLoop::fetch(WorkspaceId workspace, Media media) {
    try {
        auto reading = read(store_, [workspace, media](StoreSession& session) {
            return media.channel ? session.in(workspace).channel(*media.channel) : std::nullopt;
        });
        std::optional<Channel> channel = co_await std::move(reading);
        auto fetching = fetch_file(media, std::move(channel));
        const Result<StoredFile> file = co_await std::move(fetching);
        if (file) {
            media.state = MediaState::ready;
            media.sha256 = file->sha256;
            media.size = file->size;
            media.mime = file->mime == "application/octet-stream" && !media.mime.empty() ? media.mime : file->mime;
            media.error.clear();
        } else {
            const auto pause = std::min<std::chrono::milliseconds>(5s * (1 << std::min(media.tries, 10)), 1h);
            ++media.tries;
            media.due = Clock::real_now() + pause;
            media.error = file.error().detail;
            const bool is_over = media.tries > 10 && pause * media.tries > longest_try;
            if (!may_pass(file.error()) || is_over) media.state = MediaState::failed;
            log(LogLevel::info, "a file was not fetched", {{"code", file.error().code}});
        }
        auto noting = note(workspace, std::move(media));
        co_await std::move(noting);
    } catch (const std::exception& reason) {
        log(LogLevel::warning, "a file is fetched again in an hour", {{"reason", reason.what()}});
    }
    --in_flight_;
    wake();
}

asio::awaitable<void> MediaLoop::note(WorkspaceId workspace, Media media) {
    auto writing = write(store_, [workspace, media = std::move(media)](StoreSession& session) {
        Transaction& tx = session.in(workspace);
        tx.save_media(media);
        if (media.message && media.state != MediaState::waiting) tx.note_change("message", media.message->value());
        return true;
    });
    co_await std::move(writing);
}

}  // namespace okno::server
