// Fetches the files that providers hold for us, before their links expire.
#pragma once

#include "app/apply_intake.hpp"
#include "app/ports/http_transport.hpp"
#include "app/ports/media_files.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace okno::server {

class MediaLoop {
public:
    // Everything outlives the loop; coroutines run on `executor` (one thread), hashing and storing on `blocking`.
    MediaLoop(boost::asio::any_io_executor executor, boost::asio::any_io_executor blocking, Store& store,
              FindMessenger find, HttpTransport& transport, const MediaFiles& files);

    // Something may wait; from any thread.
    void wake();

private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> fetch(WorkspaceId workspace, Media media);
    // What the file became: stored, or the reason why not.
    boost::asio::awaitable<Result<StoredFile>> fetch_file(const Media& media, std::optional<Channel> channel);
    boost::asio::awaitable<void> note(WorkspaceId workspace, Media media);

    boost::asio::any_io_executor executor_;
    boost::asio::any_io_executor blocking_;
    Store& store_;
    FindMessenger find_;
    HttpTransport& transport_;
    const MediaFiles& files_;
    bool is_running_ = false;
    bool is_woken_ = false;
    int in_flight_ = 0;
};

}  // namespace okno::server
