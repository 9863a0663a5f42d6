// The few Boost names that the socket code of this folder shares.
#pragma once

#include "net/server.hpp"
#include "net/stream.hpp"
#include "net/trusted_proxies.hpp"
#include "net/visits.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <optional>
#include <set>

namespace okno::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using RequestHead = http::request<http::empty_body>;

// What can be asked to end when the server stops.
class Stoppable {
public:
    virtual ~Stoppable() = default;
    // Ends at once when idle, else after the request in hand. On the worker's thread.
    virtual void stop() = 0;
};

// One thread with its io_context and the connections that live there. All but `context` belongs to that thread.
struct Worker {
    std::set<Stoppable*> open;
    bool is_stopping = false;
    asio::io_context context{1};  // last: its coroutines leave `open` when they are destroyed
};

// What the connections of a server share.
struct Shared {
    explicit Shared(ServerOptions wanted) : options(std::move(wanted)), proxies(options.trusted_proxies) {
        if (options.tls) certificate.emplace(*options.tls);
    }
    ServerReply refusal(int status, const std::string& detail) const;

    const ServerOptions options;
    const TrustedProxies proxies;
    std::optional<Certificate> certificate;  // empty: connections are plain
    Visits visits;
};

// Serves one HTTP connection until it ends; `worker` and `shared` outlive it.
asio::awaitable<void> serve_connection(Stream stream, asio::ip::address peer, Worker& worker, Shared& shared);

// Turns the connection into a WebSocket and serves it until it ends.
asio::awaitable<void> serve_web_socket(Stream stream, RequestHead head, WebSocketEvents events, Deadlines deadlines,
                                       Worker& worker);

}  // namespace okno::net
