#include "support/cutting_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <mutex>
#include <set>
#include <string_view>
#include <thread>
#include <vector>

namespace okno::tests {

static sockaddr_in on_loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// As libpq sends it: a simple query.
static bool is_commit(std::string_view bytes) { return bytes.find(std::string_view("COMMIT\0", 7)) != bytes.npos; }

struct CuttingProxy::State {
    std::uint16_t server_port = 0;
    std::uint16_t port = 0;
    int listener = -1;
    std::atomic<Cut> next{Cut::nothing};
    std::atomic<int> cuts{0};
    std::atomic<bool> is_open{true};
    std::atomic<bool> is_ending{false};
    std::mutex mutex;
    std::set<int> sockets;
    std::vector<std::thread> threads;

    void accept_loop() {
        while (!is_ending) {
            pollfd waiting{listener, POLLIN, 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            const int client = ::accept(listener, nullptr, nullptr);
            if (client < 0) continue;
            const std::scoped_lock lock(mutex);
            if (!is_open) {
                ::close(client);
                continue;
            }
            const int server = ::socket(AF_INET, SOCK_STREAM, 0);
            const sockaddr_in address = on_loopback(server_port);
            const int on = 1;
            ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
                ::close(client);
                ::close(server);
                continue;
            }
            sockets.insert({client, server});
            threads.emplace_back([this, client, server] { relay(client, server); });
        }
    }

    void relay(int client, int server) {
        char bytes[65536];
        bool is_losing_answer = false;
        for (bool is_alive = true; is_alive && !is_ending;) {
            pollfd both[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
            if (::poll(both, 2, 20) <= 0) continue;
            for (int side = 0; side < 2 && is_alive; ++side) {
                if (both[side].revents == 0) continue;
                const ssize_t size = ::recv(both[side].fd, bytes, sizeof bytes, 0);
                is_alive = size > 0;
                if (!is_alive) break;
                if (side == 0 && is_commit({bytes, static_cast<std::size_t>(size)})) {
                    const Cut cut = next.exchange(Cut::nothing);
                    if (cut != Cut::nothing) ++cuts;
                    is_alive = cut != Cut::before_commit;
                    is_losing_answer = cut == Cut::after_commit;
                } else if (side == 1 && is_losing_answer) {
                    is_alive = false;  // the server has answered: it is committed
                }
                if (is_alive)
                    is_alive = ::send(both[1 - side].fd, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
            }
        }
        const std::scoped_lock lock(mutex);
        for (const int socket : {client, server}) {
            ::shutdown(socket, SHUT_RDWR);
            ::close(socket);
            sockets.erase(socket);
        }
    }
};

CuttingProxy::CuttingProxy(std::uint16_t server_port) : state_(std::make_shared<State>()) {
    state_->server_port = server_port;
    state_->listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = on_loopback(0);
    socklen_t size = sizeof address;
    ::bind(state_->listener, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(state_->listener, 64);
    ::getsockname(state_->listener, reinterpret_cast<sockaddr*>(&address), &size);
    state_->port = ntohs(address.sin_port);
    state_->threads.reserve(1000);  // threads begin while others are added
    state_->threads.emplace_back([state = state_.get()] { state->accept_loop(); });
}

CuttingProxy::~CuttingProxy() {
    state_->is_ending = true;
    state_->threads.front().join();
    for (std::size_t i = 1; i < state_->threads.size(); ++i)
        state_->threads[i].join();
    ::close(state_->listener);
}

std::uint16_t CuttingProxy::port() const { return state_->port; }

void CuttingProxy::cut_next(Cut where) { state_->next = where; }

void CuttingProxy::close() {
    const std::scoped_lock lock(state_->mutex);
    state_->is_open = false;
    for (const int socket : state_->sockets)
        ::shutdown(socket, SHUT_RDWR);
}

void CuttingProxy::open() { state_->is_open = true; }

int CuttingProxy::cuts() const { return state_->cuts; }

}  // namespace okno::tests
