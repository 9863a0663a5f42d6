// One HTTP connection: reads a request, hands it on, awaits the answer, writes it, again.
#include "base/crash_point.hpp"
#include "net/beast.hpp"
#include "net/target.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <mutex>

namespace okno::net {
namespace {

constexpr std::uint32_t kHeadLimit = 16 << 10;
constexpr std::size_t kPiece = 64 << 10;

// The other side is gone, or too slow: nobody is there to be answered.
bool is_broken(const beast::error_code& error) {
    return error == http::error::end_of_stream || error == http::error::partial_message ||
           error.category() != beast::error_code(http::error::bad_target).category();
}

// What the handler decided: a reply, or to go on (with the body, or as a WebSocket).
struct Decision {
    std::optional<ServerReply> reply{};  // empty together with `web_socket`: the decision was dropped
    std::optional<WebSocketEvents> web_socket{};
    bool goes_on = false;
};

// Carries one decision from any thread to the connection's coroutine; dropped without one, it decides nothing.
template <typename Handler>
class Decider {
public:
    Decider(asio::any_io_executor executor, Handler handler)
        : executor_(std::move(executor)), handler_(std::move(handler)) {}
    Decider(const Decider&) = delete;
    Decider& operator=(const Decider&) = delete;
    ~Decider() {
        try {
            decide({});
        } catch (...) {
            std::fputs("okno: a request waits for its deadline\n", stderr);
        }
    }

    void decide(Decision decision) {
        if (is_decided_.exchange(true)) return;
        asio::dispatch(executor_, [handler = std::move(handler_), decision = std::move(decision)]() mutable {
            std::move(handler)(std::move(decision));
        });
    }

private:
    asio::any_io_executor executor_;
    Handler handler_;
    std::atomic<bool> is_decided_{false};
};

// A connection that goes on as a WebSocket.
struct Upgrade {
    Stream stream;
    RequestHead head;
    WebSocketEvents events;
    std::unique_ptr<Visit> visit;  // empty: not behind a proxy
};

class Connection final : Stoppable {
public:
    Connection(Stream stream, const asio::ip::address& peer, Worker& worker, Shared& shared)
        : stream_(std::move(stream)), peer_(peer), worker_(worker), shared_(shared) {
        worker_.open.insert(this);
    }
    ~Connection() override { worker_.open.erase(this); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Until it ends, or goes on as what is returned.
    asio::awaitable<std::optional<Upgrade>> serve() {
        if (!co_await stream_.handshake()) co_return std::nullopt;
        while (!worker_.is_stopping) {
            if (!co_await wait_for_request()) break;
            is_busy_ = true;
            if (!co_await serve_one()) break;
            is_busy_ = false;
        }
        if (!upgrade_) co_await stream_.shutdown();
        co_return std::move(upgrade_);
    }

    void stop() override {
        if (!is_busy_) stream_.cancel();
    }

private:
    asio::awaitable<bool> wait_for_request() {
        if (buffer_.size() > 0) co_return true;
        stream_.expires_after(options_.deadlines.idle);
        beast::error_code error;
        const std::size_t size =
            co_await stream_.async_read_some(buffer_.prepare(4096), asio::redirect_error(asio::use_awaitable, error));
        buffer_.commit(size);
        co_return !error;
    }

    // False: the connection is over, or upgrade_ says how it goes on.
    asio::awaitable<bool> serve_one() {
        http::request_parser<http::empty_body> head;
        head.header_limit(kHeadLimit);
        head.body_limit(boost::none);
        stream_.expires_after(options_.deadlines.request);
        beast::error_code error;
        co_await http::async_read_header(stream_, buffer_, head, asio::redirect_error(asio::use_awaitable, error));
        if (error == http::error::header_limit)
            co_return co_await refuse(431, "The request's head is larger than 16 KiB.");
        if (error && is_broken(error)) co_return false;
        if (error) co_return co_await refuse(400, fmt::format("This is no HTTP request: {}.", error.message()));

        ServerRequest request = request_of(head.get());
        if (!read_target(std::string_view(head.get().target()), request))
            co_return co_await refuse(400, "The address does not decode to text (UTF-8, percent-encoded).");
        std::unique_ptr<Visit> visit;
        if (request.peer != peer_.to_string()) {
            if (!shared_.visits.enter_behind_proxy(request.peer, options_.max_connections_per_address))
                co_return co_await refuse(503, "There are too many requests from this address at a time.");
            visit = std::make_unique<Visit>(shared_.visits, request.peer, true);
        }

        const std::uint64_t limit = options_.max_body ? options_.max_body(request.path) : 1 << 20;
        if (head.content_length().value_or(0) > limit) co_return co_await refuse(413, too_large(limit));
        const std::string spool = options_.spool_to ? options_.spool_to(request.path) : std::string();
        if (!spool.empty() && options_.admit) {
            const Decision admitted = co_await ask([&](auto decider) {
                options_.admit(
                    request, [decider] { decider->decide({.goes_on = true}); },
                    [decider](ServerReply reply) { decider->decide({.reply = std::move(reply)}); });
            });
            if (!admitted.goes_on) co_return co_await refuse(reply_of(admitted));
        }
        if (beast::iequals(head.get()[http::field::expect], "100-continue")) {
            http::response<http::empty_body> go_on(http::status::continue_, 11);
            co_await http::async_write(stream_, go_on, asio::redirect_error(asio::use_awaitable, error));
            if (error) co_return false;
        }
        const bool keep_alive = head.get().keep_alive();
        if (beast::websocket::is_upgrade(head.get()))
            co_return co_await upgrade(head.release(), std::move(request), std::move(visit));

        const int refused =
            spool.empty() ? co_await read_body(head, limit, request) : co_await spool_body(head, limit, spool, request);
        if (refused == 413) co_return co_await refuse(413, too_large(limit));
        if (refused == 400) co_return co_await refuse(400, "The body is no HTTP: its chunks or its length are wrong.");
        if (refused == 503) co_return co_await refuse(503, "There is no room to store the body now.");
        if (refused != 0) co_return false;

        stream_.expires_never();
        const bool is_head = request.method == "HEAD";
        Decision decision = co_await ask([&](auto decider) {
            options_.handle(std::move(request),
                            [decider](ServerReply reply) { decider->decide({.reply = std::move(reply)}); });
        });
        co_return co_await write(reply_of(decision), keep_alive && !worker_.is_stopping, is_head);
    }

    ServerRequest request_of(const RequestHead& head) const {
        ServerRequest request;
        request.method = std::string_view(head.method_string());
        std::string forwarded;
        bool is_forwarded = head.count(http::field::forwarded) > 0;
        for (const auto& field : head) {
            request.headers.fields.emplace_back(std::string_view(field.name_string()), std::string_view(field.value()));
            if (!beast::iequals(field.name_string(), "X-Forwarded-For")) continue;
            forwarded += (is_forwarded ? "," : "") + std::string(field.value());
            is_forwarded = true;
        }
        request.peer = shared_.proxies.client_of(peer_, forwarded).to_string();
        request.peer_is_loopback = peer_.is_loopback() && !is_forwarded;
        return request;
    }

    ServerReply reply_of(const Decision& decision) const {
        return decision.reply ? *decision.reply : shared_.refusal(500, "The request was dropped.");
    }

    static std::string too_large(std::uint64_t limit) {
        return fmt::format("The body is larger than {} bytes.", limit);
    }

    // 0, 413, 400, or -1 when the connection broke.
    asio::awaitable<int> read_body(http::request_parser<http::empty_body>& head, std::uint64_t limit,
                                   ServerRequest& request) {
        http::request_parser<http::string_body> parser(std::move(head));
        parser.body_limit(limit);
        beast::error_code error;
        if (!parser.is_done())
            co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
        if (error == http::error::body_limit) co_return 413;
        if (error) co_return is_broken(error) ? -1 : 400;
        request.body = std::move(parser.get().body());
        co_return 0;
    }

    // As read_body, into a file; 503 when the disk takes no more.
    asio::awaitable<int> spool_body(http::request_parser<http::empty_body>& head, std::uint64_t limit,
                                    std::string folder, ServerRequest& request) {
        static std::atomic<std::uint64_t> number{0};
        const std::string path = fmt::format("{}/{:016x}.part", folder, ++number);
        http::request_parser<http::buffer_body> parser(std::move(head));
        parser.body_limit(limit);
        std::FILE* file = std::fopen(path.c_str(), "wbx");
        if (file == nullptr) {
            std::remove(path.c_str());
            file = std::fopen(path.c_str(), "wbx");
        }
        int result = file == nullptr ? 503 : 0;
        std::vector<char> piece(kPiece);
        while (result == 0 && !parser.is_done()) {
            stream_.expires_after(options_.deadlines.request);
            parser.get().body().data = piece.data();
            parser.get().body().size = piece.size();
            beast::error_code error;
            co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
            if (error == http::error::need_buffer) error = {};
            const std::size_t size = piece.size() - parser.get().body().size;
            if (error == http::error::body_limit)
                result = 413;
            else if (error)
                result = is_broken(error) ? -1 : 400;
            else if (std::fwrite(piece.data(), 1, size, file) != size)
                result = 503;
        }
        if (file != nullptr && std::fclose(file) != 0 && result == 0) result = 503;
        if (result != 0)
            std::remove(path.c_str());
        else
            request.body_file = path;
        co_return result;
    }

    // Hands a decider to `start` and waits for its decision.
    template <typename Start>
    asio::awaitable<Decision> ask(Start start) {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        auto initiate = [executor, &start](auto handler) {
            start(std::make_shared<Decider<decltype(handler)>>(executor, std::move(handler)));
        };
        auto token = asio::use_awaitable;
        auto waiting = asio::async_initiate<decltype(token), void(Decision)>(std::move(initiate), token);
        Decision decision = co_await std::move(waiting);
        co_return decision;
    }

    asio::awaitable<bool> upgrade(RequestHead head, ServerRequest request, std::unique_ptr<Visit> visit) {
        if (!options_.upgrade) co_return co_await refuse(404, "There is no WebSocket here.");
        stream_.expires_never();
        Decision decision = co_await ask([&](auto decider) {
            options_.upgrade(
                std::move(request),
                [decider](WebSocketEvents events) { decider->decide({.web_socket = std::move(events)}); },
                [decider](ServerReply reply) { decider->decide({.reply = std::move(reply)}); });
        });
        if (!decision.web_socket) co_return co_await write(reply_of(decision), false, false);
        upgrade_.emplace(std::move(stream_), std::move(head), std::move(*decision.web_socket), std::move(visit));
        co_return false;
    }

    asio::awaitable<bool> refuse(int status, std::string detail) {
        auto refusing = refuse(shared_.refusal(status, detail));
        co_return co_await std::move(refusing);
    }

    asio::awaitable<bool> refuse(ServerReply reply) {
        co_await write(std::move(reply), false, false);
        co_await swallow_rest();
        co_return false;
    }

    // A client that is still sending its body would lose our answer to a reset, so its bytes are read for a moment.
    asio::awaitable<void> swallow_rest() {
        beast::error_code error;
        stream_.shutdown_send();
        stream_.expires_after(std::chrono::seconds(2));
        std::vector<char> piece(kPiece);
        for (std::size_t total = 0; !error && total < (64 << 20);)
            total +=
                co_await stream_.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
    }

    asio::awaitable<bool> write(ServerReply reply, bool keep_alive, bool is_head) {
        crash_point();
        stream_.expires_after(options_.deadlines.request);
        if (reply.file) co_return co_await write_file(std::move(reply), keep_alive, is_head);
        const std::string_view body = reply.constant_body.empty() ? std::string_view(reply.body) : reply.constant_body;
        http::response<http::span_body<const char>> response;
        fill(response, reply, keep_alive);
        const bool has_body = reply.status >= 200 && reply.status != 204 && reply.status != 304;
        if (has_body) response.content_length(body.size());
        if (!is_head && has_body) response.body() = boost::beast::span<const char>(body.data(), body.size());
        beast::error_code error;
        co_await http::async_write(stream_, response, asio::redirect_error(asio::use_awaitable, error));
        co_return !error && keep_alive;
    }

    asio::awaitable<bool> write_file(ServerReply reply, bool keep_alive, bool is_head) {
        std::ifstream file(reply.file->path, std::ios::binary);
        if (!file) co_return co_await write(shared_.refusal(500, "The file cannot be read."), keep_alive, is_head);
        http::response<http::empty_body> head;
        fill(head, reply, keep_alive);
        head.content_length(reply.file->size);
        http::response_serializer<http::empty_body> serializer(head);
        beast::error_code error;
        co_await http::async_write_header(stream_, serializer, asio::redirect_error(asio::use_awaitable, error));
        file.seekg(static_cast<std::streamoff>(reply.file->offset));
        std::vector<char> piece(kPiece);
        for (std::uint64_t left = is_head ? 0 : reply.file->size; left > 0 && !error;) {
            const std::uint64_t size = std::min<std::uint64_t>(left, piece.size());
            if (!file.read(piece.data(), static_cast<std::streamsize>(size))) co_return false;
            stream_.expires_after(options_.deadlines.request);
            co_await asio::async_write(stream_, asio::buffer(piece.data(), size),
                                       asio::redirect_error(asio::use_awaitable, error));
            left -= size;
        }
        co_return !error && keep_alive;
    }

    template <typename Response>
    static void fill(Response& response, const ServerReply& reply, bool keep_alive) {
        response.version(11);
        response.result(static_cast<unsigned>(reply.status));
        for (const auto& [name, value] : reply.headers.fields)
            response.insert(name, value);
        response.keep_alive(keep_alive);
    }

    Stream stream_;
    beast::flat_buffer buffer_;
    const asio::ip::address peer_;
    Worker& worker_;
    Shared& shared_;
    const ServerOptions& options_ = shared_.options;
    bool is_busy_ = false;
    std::optional<Upgrade> upgrade_;
};

}  // namespace

asio::awaitable<void> serve_connection(Stream stream, asio::ip::address peer, Worker& worker, Shared& shared) {
    auto connection = std::make_unique<Connection>(std::move(stream), peer, worker, shared);
    auto serving = connection->serve();
    std::optional<Upgrade> upgrade = co_await std::move(serving);
    connection.reset();  // thousands of pages are open and idle: what HTTP needed is given back
    if (!upgrade) co_return;
    const std::unique_ptr<Visit> visit = std::move(upgrade->visit);
    auto going_on = serve_web_socket(std::move(upgrade->stream), std::move(upgrade->head), std::move(upgrade->events),
                                     shared.options.deadlines, worker);
    upgrade.reset();
    co_await std::move(going_on);
}

}  // namespace okno::net
