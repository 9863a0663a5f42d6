// A plain TCP client and server for tests: bytes exactly as written, no HTTP library between.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace okno::tests {

class RawSocket {
public:
    explicit RawSocket(int descriptor) : descriptor_(descriptor) {}
    static RawSocket connect_to(std::uint16_t port) {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("cannot connect");
        timeval limit{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        return RawSocket(fd);
    }
    ~RawSocket() { close(); }
    RawSocket(RawSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;
    RawSocket& operator=(RawSocket&&) = delete;

    void close() {
        if (descriptor_ >= 0) ::close(descriptor_);
        descriptor_ = -1;
    }
    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t n = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    // Up to and with `end`; what came when the other side closed before.
    std::string read_until(std::string_view end) const {
        std::string text;
        char byte = 0;
        while (!text.ends_with(end) && ::recv(descriptor_, &byte, 1, 0) == 1)
            text += byte;
        return text;
    }
    std::string read_all() const {
        std::string text;
        char piece[4096];
        for (ssize_t n = 0; (n = ::recv(descriptor_, piece, sizeof piece, 0)) > 0;)
            text.append(piece, static_cast<std::size_t>(n));
        return text;
    }
    // Head and body of one answer by its Content-Length.
    std::string read_answer() const {
        std::string text = read_until("\r\n\r\n");
        const std::size_t at = text.find("Content-Length: ");
        if (at == std::string::npos) return text;
        for (std::size_t left = std::stoul(text.substr(at + 16)); left > 0; --left) {
            char byte = 0;
            if (::recv(descriptor_, &byte, 1, 0) != 1) break;
            text += byte;
        }
        return text;
    }

private:
    int descriptor_;
};

// The answer of a server on loopback to one request.
inline std::string ask(std::uint16_t port, std::string_view bytes) {
    const RawSocket socket = RawSocket::connect_to(port);
    socket.write(bytes);
    return socket.read_answer();
}

// Listens on loopback and gives each connection to `serve` on one thread.
class RawServer {
public:
    explicit RawServer(std::function<void(RawSocket&)> serve) : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::listen(listener_, 16);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, serve = std::move(serve)] {
            for (int fd = 0; (fd = ::accept(listener_, nullptr, nullptr)) >= 0;) {
                RawSocket socket(fd);
                serve(socket);
            }
        });
    }
    ~RawServer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;
    std::uint16_t port() const { return port_; }

private:
    int listener_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

}  // namespace okno::tests
