// What the load generators share: a connection to loopback, and times as JSON.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace okno::bench {

inline int connect_to(std::uint16_t port, bool is_blocking) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!is_blocking) ::fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

// Sorts them. Only what was not refused counts as work done.
inline void print_times(std::vector<double>& ms, double seconds, std::uint64_t refused) {
    std::ranges::sort(ms);
    const auto at = [&](double part) {
        return ms.empty()
                   ? 0
                   : ms[std::min(ms.size() - 1, static_cast<std::size_t>(part * static_cast<double>(ms.size())))];
    };
    const std::uint64_t done = ms.size() - refused;
    fmt::print(
        "{{\"per_second\": {:.0f}, \"p50_ms\": {:.3f}, \"p99_ms\": {:.3f}, \"count\": {}, \"refused\": {}, "
        "\"seconds\": {:.3f}}}\n",
        static_cast<double>(done) / seconds, at(0.5), at(0.99), done, refused, seconds);
}

}  // namespace okno::bench
