// How `okno admin` reaches a running server: a socket in the data directory that only its owner may open.
#pragma once

#include "base/result.hpp"

#include <boost/json.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <thread>

namespace okno::server {

class ControlSocket {
public:
    using Answer = std::function<Result<boost::json::object>(const boost::json::object&)>;

    // Listens at `path` (0600) and answers one request at a time. Throws std::runtime_error when it cannot.
    ControlSocket(std::filesystem::path path, Answer answer);
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;

private:
    void run();

    std::filesystem::path path_;
    Answer answer_;
    int listener_ = -1;
    std::thread thread_;
};

// Empty when no server listens there.
std::optional<Result<boost::json::object>> ask_server(const std::filesystem::path& path,
                                                      const boost::json::object& request);

}  // namespace okno::server
