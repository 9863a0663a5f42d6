#include "net/server.hpp"

#include "base/thread.hpp"
#include "net/beast.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>

namespace okno::net {
namespace {

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

}  // namespace

ServerReply Shared::refusal(int status, const std::string& detail) const {
    if (options.refusal) return options.refusal(status, detail);
    ServerReply reply{.status = status};
    reply.headers.set("Content-Type", "text/plain; charset=utf-8");
    reply.body = detail + "\n";
    return reply;
}

struct Server::State {
    explicit State(ServerOptions wanted) : shared(std::move(wanted)) {
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
            const asio::ip::address peer = plain_address(from.address());
            const bool is_limited = !peer.is_loopback() && !shared.proxies.contains(peer);
            if (!shared.visits.enter(peer.to_string(), options.max_connections,
                                     is_limited ? options.max_connections_per_address : options.max_connections)) {
                if (!shared.certificate) socket.send(asio::buffer(kFull), 0, error);
                continue;
            }
            socket.set_option(tcp::no_delay(true), error);
            asio::co_spawn(worker.context, serve(std::move(socket), peer, worker), asio::detached);
        }
    }

    asio::awaitable<void> serve(tcp::socket socket, asio::ip::address peer, Worker& worker) {
        const Visit visit(shared.visits, peer.to_string(), false);
        Stream stream(std::move(socket), shared.certificate ? shared.certificate->current() : nullptr);
        auto serving = serve_connection(std::move(stream), peer, worker, shared);
        co_await std::move(serving);
    }

    void start() {
        asio::co_spawn(workers.front()->context, accept(), asio::detached);
        for (const auto& worker : workers)
            threads.push_back(start_thread("http-" + std::to_string(threads.size()), [context = &worker->context] {
                const auto guard = asio::make_work_guard(*context);
                context->run();
            }));
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
        shared.visits.wait_until_none(drain);
        for (const auto& worker : workers)
            worker->context.stop();
        for (std::thread& thread : threads)
            thread.join();
        threads.clear();
    }

    Shared shared;  // outlives the coroutines that live in the contexts
    const ServerOptions& options = shared.options;
    std::vector<std::unique_ptr<Worker>> workers;
    std::optional<tcp::acceptor> acceptor;
    std::vector<std::thread> threads;
    std::uint16_t port = 0;
};

Server::Server(ServerOptions options) : state_(std::make_unique<State>(std::move(options))) {
    state_->listen();
    state_->start();
}

Server::~Server() {
    try {
        stop(std::chrono::milliseconds(0));
    } catch (...) {
        std::fputs("okno: connections did not end in order\n", stderr);
    }
}

std::uint16_t Server::port() const { return state_->port; }

Result<void> Server::reload_certificate() {
    return state_->shared.certificate ? state_->shared.certificate->reload() : Result<void>();
}

void Server::stop(std::chrono::milliseconds drain) { state_->stop(drain); }

}  // namespace okno::net
