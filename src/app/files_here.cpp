#include "app/files_here.hpp"

#include "app/run_on.hpp"

namespace okno {

namespace asio = boost::asio;

asio::awaitable<Result<std::string>> path_here(const MediaFiles& files, asio::any_io_executor blocking,
                                               std::string sha256) {
    if (auto path = files.find(sha256)) co_return std::move(*path);
    auto fetching = run_on(std::move(blocking), [&files, sha256 = std::move(sha256)] { return files.fetch(sha256); });
    Result<std::string> path = co_await std::move(fetching);
    co_return path;
}

asio::awaitable<Result<StoredFile>> adopt_part(const MediaFiles& files, asio::any_io_executor blocking,
                                               std::string part) {
    return run_on(std::move(blocking), [&files, part = std::move(part)] { return files.adopt(part); });
}

}  // namespace okno
