#include "net/server.hpp"

#include "net/beast.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace okno::net {
namespace {

// How many connections are open, in all and by address.
class Counter {
public:
    bool enter(const std::string& peer, std::size_t most, std::size_t most_of_peer) {
        const std::scoped_lock lock(mutex_);
        if (total_ >= most || by_peer_[peer] >= most_of_peer) return false;
        ++total_;
        ++by_peer_[peer];
        return true;
    }

    void leave(const std::string& peer) {
        const std::scoped_lock lock(mutex_);
        --total_;
        if (--by_peer_[peer] == 0) by_peer_.erase(peer);
        if (total_ == 0) none_left_.notify_all();
    }

    void wait_until_none(std::chrono::milliseconds most) {
        std::unique_lock lock(mutex_);
        none_left_.wait_for(lock, most, [&] { return total_ == 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable none_left_;
    std::size_t total_ = 0;
    std::map<std::string, std::size_t> by_peer_;
};

// Leaves the counter with the coroutine, however that ends.
struct Visit {
    Visit(Counter& to, std::string from) : counter(to), peer(std::move(from)) {}
    ~Visit() { counter.leave(peer); }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    Counter& counter;
    std::string peer;
};

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

}  // namespace

struct Server::State {
    explicit State(ServerOptions wanted) : options(std::move(wanted)) {
        for (int i = 0; i < std::max(1, options.threads); ++i)
            workers.push_back(std::make_unique<Worker>());
        acceptor.emplace(workers.front()->context);
    }

    void listen() {
        beast::error_code error;
        const auto address = asio::ip::make_address(options.address, error);
        if (error)
            throw std::runtime_error(fmt::format("cannot listen on {}: it is no numeric address", options.address));
        const tcp::endpoint endpoint(address, options.port);
        acceptor->open(endpoint.protocol(), error);
        if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor->bind(endpoint, error);
        if (!error) acceptor->listen(4096, error);
        if (error)
            throw std::runtime_error(
                fmt::format("cannot listen on {}:{}: {}", options.address, options.port, error.message()));
        port = acceptor->local_endpoint().port();
    }

    asio::awaitable<void> accept() {
        std::size_t next = 0;
        while (acceptor->is_open()) {
            Worker& worker = *workers[next++ % workers.size()];
            beast::error_code error;
            auto waiting = acceptor->async_accept(worker.context, asio::redirect_error(asio::use_awaitable, error));
            tcp::socket socket = co_await std::move(waiting);
            if (!acceptor->is_open()) break;
            if (error) {  // out of descriptors: wait for some to be given back
                asio::steady_timer timer(acceptor->get_executor(), std::chrono::milliseconds(100));
                co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
                continue;
            }
            const auto from = socket.remote_endpoint(error);
            if (error) continue;
            const std::string peer = from.address().to_string();
            const bool is_loopback = from.address().is_loopback();
            if (!counter.enter(peer, options.max_connections,
                               is_loopback ? options.max_connections : options.max_connections_per_address)) {
                socket.send(asio::buffer(kFull), 0, error);
                continue;
            }
            socket.set_option(tcp::no_delay(true), error);
            asio::co_spawn(worker.context, serve(std::move(socket), peer, is_loopback, worker), asio::detached);
        }
    }

    asio::awaitable<void> serve(tcp::socket socket, std::string peer, bool is_loopback, Worker& worker) {
        const Visit visit(counter, peer);
        auto serving = serve_connection(beast::tcp_stream(std::move(socket)), peer, is_loopback, worker, options);
        co_await std::move(serving);
    }

    void start() {
        asio::co_spawn(workers.front()->context, accept(), asio::detached);
        for (const auto& worker : workers)
            threads.emplace_back([context = &worker->context] {
                const auto guard = asio::make_work_guard(*context);
                context->run();
            });
    }

    void stop(std::chrono::milliseconds drain) {
        if (threads.empty()) return;
        asio::post(workers.front()->context, [this] {
            beast::error_code ignored;
            acceptor->close(ignored);
        });
        for (const auto& worker : workers)
            asio::post(worker->context, [w = worker.get()] {
                w->is_stopping = true;
                const std::set<Stoppable*> open = w->open;
                for (Stoppable* one : open)
                    one->stop();
            });
        counter.wait_until_none(drain);
        for (const auto& worker : workers)
            worker->context.stop();
        for (std::thread& thread : threads)
            thread.join();
        threads.clear();
    }

    ServerOptions options;
    Counter counter;  // outlives the coroutines that live in the contexts
    std::vector<std::unique_ptr<Worker>> workers;
    std::optional<tcp::acceptor> acceptor;
    std::vector<std::thread> threads;
    std::uint16_t port = 0;
};

Server::Server(ServerOptions options) : state_(std::make_unique<State>(std::move(options))) {
    state_->listen();
    state_->start();
}

Server::~Server() { stop(std::chrono::milliseconds(0)); }

std::uint16_t Server::port() const { return state_->port; }

void Server::stop(std::chrono::milliseconds drain) { state_->stop(drain); }

}  // namespace okno::net
