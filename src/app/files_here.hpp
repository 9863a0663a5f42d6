// Files of the media store on this machine, where sending and answering need a path.
#pragma once

#include "app/ports/media_files.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace okno {

// Where the file lies; brought to this machine first when it is elsewhere, on `blocking`. `files` outlives the wait.
boost::asio::awaitable<Result<std::string>> path_here(const MediaFiles& files, boost::asio::any_io_executor blocking,
                                                      std::string sha256);

// Takes over a whole part, on `blocking`.
boost::asio::awaitable<Result<StoredFile>> adopt_part(const MediaFiles& files, boost::asio::any_io_executor blocking,
                                                      std::string part);

}  // namespace okno
