// Load for `./dev bench`, one line of JSON each:
//   okno-load webhooks PORT PATH SECRET CONNECTIONS SECONDS [RATE]   signed webhooks as fast as they are answered, or
//   at RATE a second okno-load disk FOLDER SECONDS                                     the raw log: the same bytes and
//   fdatasync, one at a time
#include "base/crypto.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <vector>

using namespace okno;
using SteadyClock = std::chrono::steady_clock;

// A text message as the provider sends it; `number` makes its id and its author (one of 1,000 people).
static std::string webhook_body(std::uint64_t number) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now);
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now);
    const std::uint64_t phone = 79160000000 + number % 1000;
    return fmt::format(
        R"({{"object":"whatsapp_business_account","entry":[{{"id":"200","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"74950000001","phone_number_id":"100"}},"contacts":[{{"profile":{{"name":"Customer {0}"}},"wa_id":"{1}"}}],"messages":[{{"from":"{1}","id":"wamid.bench{2}","timestamp":"{3}","type":"text","text":{{"body":"message {2} sent at {4}"}}}}]}},"field":"messages"}}]}}]}})",
        number % 1000, phone, number, seconds.count(), millis.count());
}

static std::string request_for(const std::string& path, const std::string& secret, std::uint64_t number) {
    const std::string body = webhook_body(number);
    const Sha256 mac = hmac_sha256(secret, body);
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: bench\r\nX-Hub-Signature-256: sha256={}\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        path, to_hex(mac.data(), mac.size()), body.size(), body);
}

struct Connection {
    int socket = -1;
    std::string answer;
    SteadyClock::time_point begun;
    bool is_waiting = false;
};

static int connect_to(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void print_times(std::vector<double>& ms, double seconds, std::uint64_t refused) {
    std::ranges::sort(ms);
    const auto at = [&](double part) {
        return ms.empty()
                   ? 0
                   : ms[std::min(ms.size() - 1, static_cast<std::size_t>(part * static_cast<double>(ms.size())))];
    };
    fmt::print("{{\"per_second\": {:.0f}, \"p50_ms\": {:.3f}, \"p99_ms\": {:.3f}, \"count\": {}, \"refused\": {}}}\n",
               static_cast<double>(ms.size()) / seconds, at(0.5), at(0.99), ms.size(), refused);
}

static int webhooks(std::uint16_t port, const std::string& path, const std::string& secret, int count, double seconds,
                    double rate) {
    const int poll = ::epoll_create1(0);
    std::vector<Connection> connections(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < connections.size(); ++i) {
        connections[i].socket = connect_to(port);
        epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, connections[i].socket, &event);
    }
    // Signed beforehand: the generator shares the cores with the server.
    const auto first = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
    std::vector<std::string> ready;
    const std::size_t wanted = rate > 0 ? static_cast<std::size_t>(rate * seconds) : 400'000;
    for (std::size_t i = 0; i < wanted && rate <= 0; ++i)
        ready.push_back(request_for(path, secret, first + i));
    std::size_t next = 0;
    std::uint64_t refused = 0;
    std::vector<double> ms;
    ms.reserve(wanted);
    const auto begin = SteadyClock::now();
    const auto end = begin + std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(seconds));
    std::size_t waiting = 0;
    const auto send_on = [&](Connection& connection) {
        if (next >= wanted || SteadyClock::now() >= end) return;
        if (rate > 0 &&
            SteadyClock::now() < begin + std::chrono::duration_cast<SteadyClock::duration>(
                                             std::chrono::duration<double>(static_cast<double>(next) / rate)))
            return;
        // At a rate there is time to sign on the way, and the text tells when it left.
        const std::string request = rate > 0 ? request_for(path, secret, first + next) : ready[next];
        ++next;
        connection.begun = SteadyClock::now();
        connection.is_waiting = true;
        ++waiting;
        if (::send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request.size()))
            throw std::runtime_error("a request was not taken whole");
    };
    for (Connection& connection : connections)
        send_on(connection);
    std::vector<epoll_event> events(connections.size());
    while (waiting > 0 || (next < wanted && SteadyClock::now() < end)) {
        const int n = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), rate > 0 ? 0 : 1000);
        for (int i = 0; i < n; ++i) {
            Connection& connection = connections[events[static_cast<std::size_t>(i)].data.u64];
            char piece[4096];
            const ssize_t size = ::recv(connection.socket, piece, sizeof piece, 0);
            if (size <= 0) throw std::runtime_error("the server closed a connection");
            connection.answer.append(piece, static_cast<std::size_t>(size));
            if (connection.answer.find("\r\n\r\n") == std::string::npos) continue;
            refused += !connection.answer.starts_with("HTTP/1.1 200");
            ms.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - connection.begun).count());
            connection.answer.clear();
            connection.is_waiting = false;
            --waiting;
            send_on(connection);
        }
        if (rate > 0)
            for (Connection& connection : connections)
                if (!connection.is_waiting) send_on(connection);
    }
    print_times(ms, std::chrono::duration<double>(SteadyClock::now() - begin).count(), refused);
    return 0;
}

static int disk(const std::string& folder, double seconds) {
    const std::string path = folder + "/raw.log";
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_TRUNC, 0600);
    const std::string body = webhook_body(1);
    std::vector<double> ms;
    const auto begin = SteadyClock::now();
    while (SteadyClock::now() - begin < std::chrono::duration<double>(seconds)) {
        const auto at = SteadyClock::now();
        if (::write(file, body.data(), body.size()) < 0 || ::fdatasync(file) != 0)
            throw std::runtime_error("the log cannot be written");
        ms.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - at).count());
    }
    ::close(file);
    ::unlink(path.c_str());
    print_times(ms, std::chrono::duration<double>(SteadyClock::now() - begin).count(), 0);
    return 0;
}

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        if (words.size() >= 6 && words[0] == "webhooks")
            return webhooks(static_cast<std::uint16_t>(std::atoi(words[1].c_str())), words[2], words[3],
                            std::atoi(words[4].c_str()), std::atof(words[5].c_str()),
                            words.size() > 6 ? std::atof(words[6].c_str()) : 0);
        if (words.size() == 3 && words[0] == "disk") return disk(words[1], std::atof(words[2].c_str()));
    } catch (const std::exception& reason) {
        fmt::print(stderr, "okno-load: {}\n", reason.what());
        return 1;
    }
    fmt::print(stderr, "usage: okno-load webhooks PORT PATH SECRET CONNECTIONS SECONDS [RATE] | disk FOLDER SECONDS\n");
    return 2;
}
