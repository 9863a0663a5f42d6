#include "feed_clients.hpp"

#include "times.hpp"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <sstream>
#include <string_view>

namespace okno::bench {

using SteadyClock = std::chrono::steady_clock;

namespace {

struct Client {
    int socket = -1;
    std::string unread;  // the beginning of a frame
    bool is_greeted = false;
};

struct Count {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
    std::size_t closed = 0;
    std::optional<SteadyClock::time_point> first;
    SteadyClock::time_point last;
};

void allow_files(std::size_t count) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < count + 16)
        throw std::runtime_error(fmt::format("the system allows only {} open files", limit.rlim_cur));
}

// The answer's head is read; what comes after it belongs to the feed.
Client connect_client(std::uint16_t port, const std::string& token) {
    Client client;
    client.socket = connect_to(port, true);
    const std::string request = fmt::format(
        "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n",
        port, token);
    if (::send(client.socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        throw std::runtime_error("the handshake was not taken");
    std::size_t end = std::string::npos;
    while (end == std::string::npos) {
        char piece[2048];
        const ssize_t size = ::recv(client.socket, piece, sizeof piece, 0);
        if (size <= 0) throw std::runtime_error("the server closed a connection in the handshake");
        client.unread.append(piece, static_cast<std::size_t>(size));
        end = client.unread.find("\r\n\r\n");
    }
    if (!client.unread.starts_with("HTTP/1.1 101"))
        throw std::runtime_error("the server refused a client: " + client.unread.substr(0, client.unread.find('\r')));
    client.unread.erase(0, end + 4);
    ::fcntl(client.socket, F_SETFL, O_NONBLOCK);
    return client;
}

struct Frame {
    int kind = 0;  // opcode
    std::size_t head = 0;
    std::size_t size = 0;  // of what follows the head
};

// Empty when not all of the frame is there. A server does not mask.
std::optional<Frame> frame_at(std::string_view bytes) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    if (bytes.size() < 2) return std::nullopt;
    Frame frame{.kind = byte(0) & 15, .head = 2, .size = byte(1) & 127U};
    const std::size_t longer = frame.size == 126 ? 2 : frame.size == 127 ? 8 : 0;
    if (bytes.size() < 2 + longer) return std::nullopt;
    if (longer > 0) frame.size = 0;
    for (std::size_t i = 0; i < longer; ++i)
        frame.size = frame.size << 8U | byte(2 + i);
    frame.head += longer;
    if (bytes.size() < frame.head + frame.size) return std::nullopt;
    return frame;
}

void answer_ping(const Client& client, std::string_view words) {
    std::string pong{static_cast<char>(0x8A), static_cast<char>(0x80 | words.size()), 0, 0, 0, 0};
    pong.append(words);  // masked with zeros
    [[maybe_unused]] const ssize_t sent = ::send(client.socket, pong.data(), pong.size(), MSG_NOSIGNAL);
}

void count_frames(Client& client, Count& count) {
    std::string_view rest = client.unread;
    while (const auto frame = frame_at(rest)) {
        constexpr int text = 1;
        constexpr int ping = 9;
        if (frame->kind == ping) answer_ping(client, rest.substr(frame->head, frame->size));
        if (frame->kind == text && client.is_greeted) {
            ++count.frames;
            count.bytes += frame->size;
            count.last = SteadyClock::now();
            if (!count.first) count.first = count.last;
        }
        if (frame->kind == text) client.is_greeted = true;
        rest.remove_prefix(frame->head + frame->size);
    }
    client.unread.erase(0, client.unread.size() - rest.size());
}

void read_some(Client& client, Count& count) {
    char piece[65536];
    const ssize_t size = ::recv(client.socket, piece, sizeof piece, 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) {
        ++count.closed;
        ::close(client.socket);
        client.socket = -1;
        return;
    }
    client.unread.append(piece, static_cast<std::size_t>(size));
    count_frames(client, count);
    if (client.unread.empty()) client.unread.shrink_to_fit();
}

}  // namespace

int feed_clients(std::uint16_t port, const std::string& tokens, std::size_t count, double seconds) {
    allow_files(count);
    std::vector<std::string> keys;
    std::istringstream in(tokens);
    for (std::string one; std::getline(in, one, ',');)
        keys.push_back(one);
    const int poll = ::epoll_create1(0);
    constexpr std::uint64_t input = ~0ULL;
    epoll_event of_input{.events = EPOLLIN, .data = {.u64 = input}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, STDIN_FILENO, &of_input);
    std::vector<Client> clients;
    Count counted;
    for (std::size_t i = 0; i < count; ++i) {
        clients.push_back(connect_client(port, keys[i % keys.size()]));
        count_frames(clients.back(), counted);
        epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, clients.back().socket, &event);
    }
    fmt::print("{{\"connected\": {}}}\n", clients.size());
    std::fflush(stdout);
    const auto end = SteadyClock::now() + std::chrono::duration<double>(seconds);
    std::vector<epoll_event> events(1024);
    for (bool is_wanted = true; is_wanted && SteadyClock::now() < end;) {
        const int n = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 200);
        for (int i = 0; i < n; ++i) {
            const std::uint64_t who = events[static_cast<std::size_t>(i)].data.u64;
            if (who == input)
                is_wanted = false;
            else
                read_some(clients[who], counted);
        }
    }
    const double took = counted.first ? std::chrono::duration<double>(counted.last - *counted.first).count() : 0;
    fmt::print("{{\"frames\": {}, \"per_second\": {:.0f}, \"bytes\": {}, \"closed\": {}}}\n", counted.frames,
               took > 0 ? static_cast<double>(counted.frames) / took : 0, counted.bytes, counted.closed);
    return 0;
}

}  // namespace okno::bench
