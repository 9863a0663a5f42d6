#include "app/files_here.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace okno {

namespace asio = boost::asio;

asio::awaitable<Result<std::string>> path_here(const MediaFiles& files, asio::any_io_executor blocking,
                                               std::string sha256) {
    if (auto path = files.find(sha256)) co_return std::move(*path);
    auto task = [&files, sha256 = std::move(sha256)]() -> asio::awaitable<Result<std::string>> {
        co_return files.fetch(sha256);
    };
    auto fetching = asio::co_spawn(std::move(blocking), std::move(task), asio::use_awaitable);
    Result<std::string> path = co_await std::move(fetching);
    co_return path;
}

asio::awaitable<Result<StoredFile>> adopt_part(const MediaFiles& files, asio::any_io_executor blocking,
                                               std::string part) {
    auto task = [&files, part = std::move(part)]() -> asio::awaitable<Result<StoredFile>> {
        co_return files.adopt(part);
    };
    auto adopting = asio::co_spawn(std::move(blocking), std::move(task), asio::use_awaitable);
    Result<StoredFile> file = co_await std::move(adopting);
    co_return file;
}

}  // namespace okno
