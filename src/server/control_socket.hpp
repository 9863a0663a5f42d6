// How `okno admin` reaches a running server: a socket in the data directory that only its owner may open.
#pragma once

#include "base/result.hpp"

#include <boost/json.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace okno::server {

class ControlSocket {
public:
    using Answer = std::function<Result<boost::json::object>(const boost::json::object&)>;

    // How many clients hold the server to something: those whose request says "hold": true, as long as their
    // connection lives. Told before their request is answered, and once they have ended, however they ended.
    using Held = std::function<void(std::size_t)>;

    // Listens at `path` (0600) and answers one request at a time. Throws std::runtime_error when it cannot.
    ControlSocket(std::filesystem::path path, Answer answer, Held held);
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;

private:
    void run();
    void serve(int socket);
    void release_ended();

    std::filesystem::path path_;
    Answer answer_;
    Held held_;
    std::vector<int> holders_;
    int listener_ = -1;
    std::thread thread_;
};

// Empty when no server listens there.
std::optional<Result<boost::json::object>> ask_server(const std::filesystem::path& path,
                                                      const boost::json::object& request);

// A request with "hold": true, in force as long as this object lives.
class ServerHold {
public:
    ~ServerHold();
    ServerHold(const ServerHold&) = delete;
    ServerHold& operator=(const ServerHold&) = delete;

    // Whether the server that was asked still runs.
    bool is_held() const;

private:
    friend std::optional<Result<std::unique_ptr<ServerHold>>> hold_server(const std::filesystem::path&,
                                                                          boost::json::object);
    explicit ServerHold(int socket) : socket_(socket) {}

    int socket_;
};

// Empty when no server listens there.
std::optional<Result<std::unique_ptr<ServerHold>>> hold_server(const std::filesystem::path& path,
                                                               boost::json::object request);

}  // namespace okno::server
