// The HTTP/1.1 and WebSocket server, plain or over TLS: Beast coroutines, one io_context a thread, no Boost outside.
//
// Limits: head 16 KiB, body as the options say (more: 413), 30 s to read a request, 60 s of idle keep-alive. Paths and
// queries that are no text (bad UTF-8, U+0000) are refused with 400.
#pragma once

#include "base/http.hpp"
#include "net/tls.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace okno::net {

struct ServerRequest {
    std::string method;
    std::string path;                                        // decoded, without the query
    std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
    Headers headers;
    std::string body;
    std::string body_file;          // where a spooled body lies; the handler owns the file then, `body` is empty
    std::string peer;               // numeric address of the client, also behind a trusted proxy
    bool peer_is_loopback = false;  // the client is on this machine and nothing stands between

    std::string_view query_value(std::string_view name) const;
};

// A piece of a file, sent as the body.
struct FilePiece {
    std::string path;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

struct ServerReply {
    int status = 200;
    Headers headers;
    std::string body{};
    std::optional<FilePiece> file{};
    // Shared bytes that live as long as the process (embedded pages); used when it is not empty.
    std::string_view constant_body{};
};

// Completes one request; may be called once, from any thread; calls after the client went away do nothing. A
// Respond that is dropped without a call answers 500.
using Respond = std::function<void(ServerReply)>;

// One open WebSocket. Both may be called from any thread; a client that lets more than 4 MiB wait is closed with
// 1013 (come back later).
class WebSocketPeer {
public:
    virtual ~WebSocketPeer() = default;
    // A frame each, in this order; those that wait for the same client leave in one write.
    virtual void send(std::vector<std::shared_ptr<const std::string>> texts) = 0;
    // 1000: normal; 4401: the session ended.
    virtual void close(std::uint16_t code = 1000) = 0;
};

struct WebSocketEvents {
    std::function<void(std::shared_ptr<WebSocketPeer>)> opened;
    std::function<void(std::string)> text;  // at most 64 KiB a message
    std::function<void()> closed;
};

// How long a client may keep a connection without doing its part.
struct Deadlines {
    std::chrono::milliseconds idle = std::chrono::seconds(60);  // between requests; a WebSocket without a sign of life
    std::chrono::milliseconds request = std::chrono::seconds(30);  // one request or piece of a file, one answer
    std::chrono::milliseconds closing = std::chrono::seconds(10);  // a WebSocket that was told to close
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one, see Server::port
    int threads = 1;
    std::size_t max_connections = 20'000;  // more: the newest is answered 503 and closed
    // But loopback and trusted proxies; behind these it holds for each client's requests and WebSockets at a time.
    std::size_t max_connections_per_address = 1'000;
    // Given: the port speaks TLS 1.2 and 1.3 and nothing else.
    std::optional<TlsFiles> tls{};
    // Addresses and networks whose X-Forwarded-For tells the client.
    std::vector<std::string> trusted_proxies{};
    Deadlines deadlines{};
    // Largest body in bytes for a path; missing: 1 MiB.
    std::function<std::uint64_t(std::string_view path)> max_body;
    // The folder in which the body of this path is streamed to a new file; empty: it is kept in memory.
    std::function<std::string(std::string_view path)> spool_to;
    // Asked before a body is streamed to disk: `go_on`, or a reply and the body is not read. Missing: all may.
    std::function<void(ServerRequest head, std::function<void()> go_on, Respond refuse)> admit;
    std::function<void(ServerRequest, Respond)> handle;
    // How the server's own refusals look (400, 413, 431, 500, 503); missing: plain text.
    std::function<ServerReply(int status, const std::string& detail)> refusal;
    // Decides about an upgrade: events to accept it, or a reply with the reason of the refusal.
    std::function<void(ServerRequest, std::function<void(WebSocketEvents)> accept, Respond refuse)> upgrade;
};

class Server {
public:
    // Binds and starts its threads; throws std::runtime_error saying which address and why when it cannot bind, or
    // which file when the certificate cannot be used.
    explicit Server(ServerOptions options);
    ~Server();  // as stop()

    std::uint16_t port() const;
    // Reads the certificate and its key again, for new connections. When they cannot be used the error says why and
    // nothing changes; a server without TLS has none to read.
    Result<void> reload_certificate();
    // Stops accepting, lets requests in hand finish for at most `drain`, closes WebSockets with 1001, joins.
    void stop(std::chrono::milliseconds drain);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace okno::net
