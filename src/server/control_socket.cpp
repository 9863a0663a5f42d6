#include "server/control_socket.hpp"

#include "base/json.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

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

ControlSocket::ControlSocket(std::filesystem::path path, Answer answer)
    : path_(std::move(path)), answer_(std::move(answer)), listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
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
    thread_ = std::thread([this] { run(); });
}

ControlSocket::~ControlSocket() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void ControlSocket::run() {
    for (int socket = 0; (socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
        const timeval limit{.tv_sec = 5, .tv_usec = 0};
        ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        const auto request = parse_json(read_line(socket));
        if (!request || !request->is_object()) {
            write_line(socket, json::object{{"error", "The command is no text (UTF-8)."}, {"code", "invalid"}});
        } else {
            const Result<json::object> answer = answer_(request->as_object());
            if (answer)
                write_line(socket, *answer);
            else
                write_line(socket, json::object{{"error", answer.error().detail}, {"code", answer.error().code}});
        }
        ::close(socket);
    }
}

std::optional<Result<json::object>> ask_server(const std::filesystem::path& path, const json::object& request) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = address_of(path);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket);
        return std::nullopt;
    }
    const timeval limit{.tv_sec = 60, .tv_usec = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    write_line(socket, request);
    const auto answer = parse_json(read_line(socket));
    ::close(socket);
    if (!answer || !answer->is_object())
        return Result<json::object>(fail(ErrorKind::unavailable, "no_answer", "The running server did not answer."));
    if (const json::value* error = answer->as_object().if_contains("error"))
        return Result<json::object>(
            fail(ErrorKind::invalid, JsonView(*answer)["code"].text_or(""), std::string(error->as_string())));
    return Result<json::object>(answer->as_object());
}

}  // namespace okno::server
