// Load for `./dev bench`; each command ends with one line of JSON:
//
//   okno-load webhooks TARGETS SECRET CONNECTIONS SECONDS [RATE]
//       signed webhooks as fast as they are answered, or at RATE a second. A target is PORT/PATH=NUMBER: whom to ask,
//       and the phone number id that the webhook names; several with commas between share the connections
//   okno-load clients PORT TOKENS COUNT SECONDS      so many readers of the live feed, until its input ends
//   okno-load disk FOLDER SECONDS [RATE]
//       the raw log: a webhook's bytes and fdatasync, one at a time, as fast as they go or at RATE a second
#include "base/crypto.hpp"
#include "feed_clients.hpp"
#include "times.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace okno;
using SteadyClock = std::chrono::steady_clock;

struct Target {
    std::uint16_t port = 0;
    std::string path;
    std::string number;  // phone number id
};

// "8080/hooks/key=100,8081/hooks/other=101"
static std::vector<Target> read_targets(const std::string& text) {
    std::vector<Target> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::string one = text.substr(at, text.find(',', at) - at);
        const std::size_t slash = one.find('/');
        const std::size_t equals = one.find('=');
        if (slash == std::string::npos || equals == std::string::npos)
            throw std::runtime_error("a target is PORT/PATH=NUMBER");
        out.push_back({static_cast<std::uint16_t>(std::atoi(one.c_str())), one.substr(slash, equals - slash),
                       one.substr(equals + 1)});
        at += one.size() + 1;
    }
    return out;
}

// A text message as the provider sends it; `number` makes its id and its author (one of 1,000 people).
static std::string webhook_body(const std::string& phone_number_id, std::uint64_t number) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now);
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now);
    const std::uint64_t phone = 79160000000 + number % 1000;
    return fmt::format(
        R"({{"object":"whatsapp_business_account","entry":[{{"id":"200","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"74950000001","phone_number_id":"{5}"}},"contacts":[{{"profile":{{"name":"Customer {0}"}},"wa_id":"{1}"}}],"messages":[{{"from":"{1}","id":"wamid.bench{2}","timestamp":"{3}","type":"text","text":{{"body":"message {2} sent at {4}"}}}}]}},"field":"messages"}}]}}]}})",
        number % 1000, phone, number, seconds.count(), millis.count(), phone_number_id);
}

static std::string request_for(const Target& target, const std::string& secret, std::uint64_t number) {
    const std::string body = webhook_body(target.number, number);
    const Sha256 mac = hmac_sha256(secret, body);
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: bench\r\nX-Hub-Signature-256: sha256={}\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        target.path, to_hex(mac.data(), mac.size()), body.size(), body);
}

struct Connection {
    int socket = -1;
    std::size_t target = 0;
    std::string answer;
    SteadyClock::time_point begun;
    bool is_waiting = false;
};

static int webhooks(const std::vector<Target>& targets, const std::string& secret, int count, double seconds,
                    double rate) {
    const int poll = ::epoll_create1(0);
    std::vector<Connection> connections(static_cast<std::size_t>(count));
    const auto open = [&](std::size_t i) {
        connections[i].target = i % targets.size();
        connections[i].socket = bench::connect_to(targets[connections[i].target].port, false);
        epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, connections[i].socket, &event);
    };
    for (std::size_t i = 0; i < connections.size(); ++i)
        open(i);
    // Signed beforehand: the generator shares the cores with the server.
    const auto first = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
    constexpr double beyond_any_server = 100'000;
    const auto wanted = static_cast<std::size_t>((rate > 0 ? rate : beyond_any_server) * seconds);
    std::vector<std::string> ready;
    for (std::size_t i = 0; i < wanted && rate <= 0; ++i)
        ready.push_back(request_for(targets[i % targets.size()], secret, first + i));
    std::size_t next = 0;
    std::vector<std::size_t> next_of(targets.size());  // which of a target's own requests is the next
    std::uint64_t refused = 0;
    std::vector<double> ms;
    ms.reserve(wanted);
    const auto begin = SteadyClock::now();
    const auto end = begin + std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(seconds));
    std::size_t waiting = 0;
    const auto send_on = [&](Connection& connection) {
        const std::size_t own = next_of[connection.target] * targets.size() + connection.target;
        if (next >= wanted || own >= wanted || SteadyClock::now() >= end) return;
        if (rate > 0 &&
            SteadyClock::now() < begin + std::chrono::duration_cast<SteadyClock::duration>(
                                             std::chrono::duration<double>(static_cast<double>(next) / rate)))
            return;
        // At a rate there is time to sign on the way, and the text tells when it left.
        const std::string request =
            rate > 0 ? request_for(targets[connection.target], secret, first + own) : ready[own];
        ++next;
        ++next_of[connection.target];
        connection.begun = SteadyClock::now();
        connection.is_waiting = true;
        ++waiting;
        if (::send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request.size()))
            throw std::runtime_error("a request was not taken whole");
    };
    // Until the next one leaves, by the rate: a generator that spins takes a core from the server.
    const auto until_next = [&] {
        if (rate <= 0 || next >= wanted) return timespec{1, 0};
        const auto due = begin + std::chrono::duration_cast<SteadyClock::duration>(
                                     std::chrono::duration<double>(static_cast<double>(next) / rate));
        const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(due - SteadyClock::now()).count();
        // Overdue: every connection waits for its answer.
        return left > 0 ? timespec{0, std::min<long>(left, 999'999'999)} : timespec{0, 1'000'000};
    };
    for (Connection& connection : connections)
        send_on(connection);
    std::vector<epoll_event> events(connections.size());
    while (waiting > 0 || (next < wanted && SteadyClock::now() < end)) {
        const timespec longest = until_next();
        const int n = ::epoll_pwait2(poll, events.data(), static_cast<int>(events.size()), &longest, nullptr);
        for (int i = 0; i < n; ++i) {
            Connection& connection = connections[events[static_cast<std::size_t>(i)].data.u64];
            char piece[4096];
            const ssize_t size = ::recv(connection.socket, piece, sizeof piece, 0);
            if (size <= 0 && connection.is_waiting) throw std::runtime_error("the server closed a connection");
            if (size <= 0) {  // at a low rate some are idle for longer than a server keeps them
                ::close(connection.socket);
                open(events[static_cast<std::size_t>(i)].data.u64);
                continue;
            }
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
    bench::print_times(ms, std::chrono::duration<double>(SteadyClock::now() - begin).count(), refused);
    return 0;
}

static int disk(const std::string& folder, double seconds, double rate) {
    const std::string path = folder + "/raw.log";
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_TRUNC, 0600);
    const std::string body = webhook_body("100", 1);
    std::vector<double> ms;
    const auto begin = SteadyClock::now();
    while (SteadyClock::now() - begin < std::chrono::duration<double>(seconds)) {
        if (rate > 0)
            std::this_thread::sleep_until(begin +
                                          std::chrono::duration_cast<SteadyClock::duration>(
                                              std::chrono::duration<double>(static_cast<double>(ms.size()) / rate)));
        const auto at = SteadyClock::now();
        if (::write(file, body.data(), body.size()) < 0 || ::fdatasync(file) != 0)
            throw std::runtime_error("the log cannot be written");
        ms.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - at).count());
    }
    ::close(file);
    ::unlink(path.c_str());
    bench::print_times(ms, std::chrono::duration<double>(SteadyClock::now() - begin).count(), 0);
    return 0;
}

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        if (words.size() >= 5 && words[0] == "webhooks")
            return webhooks(read_targets(words[1]), words[2], std::atoi(words[3].c_str()), std::atof(words[4].c_str()),
                            words.size() > 5 ? std::atof(words[5].c_str()) : 0);
        if (words.size() == 5 && words[0] == "clients")
            return bench::feed_clients(static_cast<std::uint16_t>(std::atoi(words[1].c_str())), words[2],
                                       static_cast<std::size_t>(std::atoll(words[3].c_str())),
                                       std::atof(words[4].c_str()));
        if (words.size() >= 3 && words[0] == "disk")
            return disk(words[1], std::atof(words[2].c_str()), words.size() > 3 ? std::atof(words[3].c_str()) : 0);
    } catch (const std::exception& reason) {
        fmt::print(stderr, "okno-load: {}\n", reason.what());
        return 1;
    }
    fmt::print(stderr,
               "usage: okno-load webhooks TARGETS SECRET CONNECTIONS SECONDS [RATE] | clients PORT TOKENS COUNT SECONDS"
               " | disk FOLDER SECONDS [RATE]\n");
    return 2;
}
