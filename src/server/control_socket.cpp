#include "server/control_socket.hpp"

#include "base/json.hpp"
#include "base/thread.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace okno::server {

namespace json = boost::json;

namespace {

constexpr std::size_t most_bytes = 1 << 20;

sockaddr_un address_of(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string text = path.string();
    if (text.size() >= sizeof address.sun_path)
        throw std::runtime_error("The path of the data directory is too long for a socket (107 characters): " + text);
    std::memcpy(address.sun_path, text.data(), text.size());
    return address;
}

// One line of JSON each way.
std::string read_line(int socket) {
    std::string line;
    char byte = 0;
    while (line.size() < most_bytes && ::recv(socket, &byte, 1, 0) == 1 && byte != '\n')
        line += byte;
    return line;
}

void write_line(int socket, const json::value& value) {
    const std::string line = json::serialize(value) + "\n";
    for (std::size_t sent = 0; sent < line.size();) {
        const ssize_t n = ::send(socket, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) return;
        sent += static_cast<std::size_t>(n);
    }
}

}  // namespace

ControlSocket::ControlSocket(std::filesystem::path path, Answer answer, Held held)
    : path_(std::move(path)),
      answer_(std::move(answer)),
      held_(std::move(held)),
      listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_un address = address_of(path_);
    std::filesystem::remove(path_);  // the directory's lock is ours, so a socket found here is a dead server's
    const mode_t mask = ::umask(0177);
    const bool is_bound = ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                          ::listen(listener_, 8) == 0;
    const int reason = errno;
    ::umask(mask);
    if (!is_bound) {
        ::close(listener_);
        throw std::runtime_error(path_.string() + " cannot be opened: " + std::generic_category().message(reason));
    }
    thread_ = start_thread("control", [this] { run(); });
}

ControlSocket::~ControlSocket() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    for (const int holder : holders_)
        ::close(holder);
    ::close(listener_);
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void ControlSocket::run() {
    while (true) {
        std::vector<pollfd> watched{{listener_, POLLIN, 0}};
        for (const int holder : holders_)
            watched.push_back({holder, POLLIN, 0});
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
        release_ended();
        if (watched.front().revents == 0) continue;
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        serve(socket);
    }
}

// A holder says nothing more: what can be read from it is its end.
void ControlSocket::release_ended() {
    const auto has_ended = [](int holder) {
        char byte = 0;
        return ::recv(holder, &byte, 1, MSG_DONTWAIT) >= 0 || (errno != EAGAIN && errno != EINTR);
    };
    const auto ended = std::ranges::stable_partition(holders_, [&](int holder) { return !has_ended(holder); });
    if (ended.empty()) return;
    for (const int holder : ended)
        ::close(holder);
    holders_.erase(ended.begin(), ended.end());
    held_(holders_.size());
}

void ControlSocket::serve(int socket) {
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    const auto request = parse_json(read_line(socket));
    bool is_holder = false;
    if (!request || !request->is_object()) {
        write_line(socket, json::object{{"error", "The command is no text (UTF-8)."}, {"code", "invalid"}});
    } else {
        is_holder = JsonView(*request)["hold"].boolean().value_or(false);
        if (is_holder) {
            holders_.push_back(socket);
            held_(holders_.size());
        }
        const Result<json::object> answer = answer_(request->as_object());
        if (answer)
            write_line(socket, *answer);
        else
            write_line(socket, json::object{{"error", answer.error().detail}, {"code", answer.error().code}});
    }
    if (!is_holder) ::close(socket);
}

namespace {

// -1 when no server listens there.
int connect_to(const std::filesystem::path& path) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = address_of(path);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket);
        return -1;
    }
    const timeval limit{.tv_sec = 60, .tv_usec = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return socket;
}

Result<json::object> ask(int socket, const json::object& request) {
    write_line(socket, request);
    const auto answer = parse_json(read_line(socket));
    if (!answer || !answer->is_object())
        return fail(ErrorKind::unavailable, "no_answer", "The running server did not answer.");
    if (const json::value* error = answer->as_object().if_contains("error"))
        return fail(ErrorKind::invalid, JsonView(*answer)["code"].text_or(""), std::string(error->as_string()));
    return answer->as_object();
}

}  // namespace

std::optional<Result<json::object>> ask_server(const std::filesystem::path& path, const json::object& request) {
    const int socket = connect_to(path);
    if (socket < 0) return std::nullopt;
    auto answer = ask(socket, request);
    ::close(socket);
    return answer;
}

ServerHold::~ServerHold() { ::close(socket_); }

bool ServerHold::is_held() const {
    char byte = 0;
    return ::recv(socket_, &byte, 1, MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EINTR);
}

std::optional<Result<std::unique_ptr<ServerHold>>> hold_server(const std::filesystem::path& path,
                                                               json::object request) {
    const int socket = connect_to(path);
    if (socket < 0) return std::nullopt;
    request["hold"] = true;
    const auto answer = ask(socket, request);
    std::unique_ptr<ServerHold> hold(new ServerHold(socket));
    if (!answer) return Result<std::unique_ptr<ServerHold>>(std::unexpected(answer.error()));
    return Result<std::unique_ptr<ServerHold>>(std::move(hold));
}

}  // namespace okno::server
