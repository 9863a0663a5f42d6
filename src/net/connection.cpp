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

constexpr auto kIdle = std::chrono::seconds(60);
constexpr auto kReading = std::chrono::seconds(30);
constexpr std::uint32_t kHeadLimit = 16 << 10;
constexpr std::size_t kPiece = 64 << 10;

ServerReply plain_reply(int status, std::string_view text) {
    ServerReply reply{.status = status};
    reply.headers.set("Content-Type", "text/plain; charset=utf-8");
    reply.body = fmt::format("{}\n", text);
    return reply;
}

// What the handler decided: a reply, or to go on as a WebSocket.
struct Decision {
    ServerReply reply;
    std::optional<WebSocketEvents> web_socket;
};

// Carries one decision from any thread to the connection's coroutine; dropped without one, it decides 500.
template <typename Handler>
class Decider {
public:
    Decider(asio::any_io_executor executor, Handler handler)
        : executor_(std::move(executor)), handler_(std::move(handler)) {}
    Decider(const Decider&) = delete;
    Decider& operator=(const Decider&) = delete;
    ~Decider() { decide({.reply = plain_reply(500, "The request was dropped."), .web_socket = {}}); }

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

class Connection final : Stoppable {
public:
    Connection(beast::tcp_stream stream, std::string peer, bool is_loopback, Worker& worker,
               const ServerOptions& options)
        : stream_(std::move(stream)),
          peer_(std::move(peer)),
          is_loopback_(is_loopback),
          worker_(worker),
          options_(options) {
        worker_.open.insert(this);
    }
    ~Connection() override { worker_.open.erase(this); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    asio::awaitable<void> serve() {
        while (!worker_.is_stopping) {
            if (!co_await wait_for_request()) break;
            is_busy_ = true;
            if (!co_await serve_one()) break;
            is_busy_ = false;
        }
        beast::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }

    void stop() override {
        if (!is_busy_) stream_.cancel();
    }

private:
    asio::awaitable<bool> wait_for_request() {
        if (buffer_.size() > 0) co_return true;
        stream_.expires_after(kIdle);
        beast::error_code error;
        const std::size_t size =
            co_await stream_.async_read_some(buffer_.prepare(4096), asio::redirect_error(asio::use_awaitable, error));
        buffer_.commit(size);
        co_return !error;
    }

    // False: the connection is over.
    asio::awaitable<bool> serve_one() {
        http::request_parser<http::empty_body> head;
        head.header_limit(kHeadLimit);
        head.body_limit(boost::none);
        stream_.expires_after(kReading);
        beast::error_code error;
        co_await http::async_read_header(stream_, buffer_, head, asio::redirect_error(asio::use_awaitable, error));
        if (error == http::error::header_limit)
            co_return co_await refuse(431, "The request's head is larger than 16 KiB.");
        if (error == http::error::end_of_stream || error == beast::error::timeout || error == asio::error::eof ||
            error == asio::error::operation_aborted || error == asio::error::connection_reset)
            co_return false;
        if (error) co_return co_await refuse(400, fmt::format("This is no HTTP request: {}.", error.message()));

        ServerRequest request;
        request.method = std::string_view(head.get().method_string());
        request.peer = peer_;
        request.peer_is_loopback = is_loopback_;
        if (!read_target(std::string_view(head.get().target()), request))
            co_return co_await refuse(400, "The request's target does not decode.");
        for (const auto& field : head.get())
            request.headers.fields.emplace_back(std::string_view(field.name_string()), std::string_view(field.value()));

        const std::uint64_t limit = options_.max_body ? options_.max_body(request.path) : 1 << 20;
        if (head.content_length().value_or(0) > limit) co_return co_await refuse(413, too_large(limit));
        if (beast::iequals(head.get()[http::field::expect], "100-continue")) {
            http::response<http::empty_body> go_on(http::status::continue_, 11);
            co_await http::async_write(stream_, go_on, asio::redirect_error(asio::use_awaitable, error));
            if (error) co_return false;
        }
        const bool keep_alive = head.get().keep_alive();
        if (beast::websocket::is_upgrade(head.get())) co_return co_await upgrade(head.release(), std::move(request));

        const std::string spool = options_.spool_to ? options_.spool_to(request.path) : std::string();
        const int refused =
            spool.empty() ? co_await read_body(head, limit, request) : co_await spool_body(head, limit, spool, request);
        if (refused == 413) co_return co_await refuse(413, too_large(limit));
        if (refused == 507) co_return co_await refuse(507, "There is no room to store the body.");
        if (refused != 0) co_return false;

        stream_.expires_never();
        const bool is_head = request.method == "HEAD";
        Decision decision = co_await ask([&](auto decider) {
            options_.handle(std::move(request), [decider](ServerReply reply) {
                decider->decide({.reply = std::move(reply), .web_socket = {}});
            });
        });
        co_return co_await write(std::move(decision.reply), keep_alive && !worker_.is_stopping, is_head);
    }

    static std::string too_large(std::uint64_t limit) {
        return fmt::format("The body is larger than {} bytes.", limit);
    }

    // 0, 413, or 400 when the connection broke.
    asio::awaitable<int> read_body(http::request_parser<http::empty_body>& head, std::uint64_t limit,
                                   ServerRequest& request) {
        http::request_parser<http::string_body> parser(std::move(head));
        parser.body_limit(limit);
        beast::error_code error;
        if (!parser.is_done())
            co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
        if (error == http::error::body_limit) co_return 413;
        if (error) co_return 400;
        request.body = std::move(parser.get().body());
        co_return 0;
    }

    // As read_body, into a file; 507 when the disk takes no more.
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
        int result = file == nullptr ? 507 : 0;
        std::vector<char> piece(kPiece);
        while (result == 0 && !parser.is_done()) {
            stream_.expires_after(kReading);
            parser.get().body().data = piece.data();
            parser.get().body().size = piece.size();
            beast::error_code error;
            co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
            if (error == http::error::need_buffer) error = {};
            const std::size_t size = piece.size() - parser.get().body().size;
            if (error == http::error::body_limit)
                result = 413;
            else if (error)
                result = 400;
            else if (std::fwrite(piece.data(), 1, size, file) != size)
                result = 507;
        }
        if (file != nullptr && std::fclose(file) != 0 && result == 0) result = 507;
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

    asio::awaitable<bool> upgrade(RequestHead head, ServerRequest request) {
        if (!options_.upgrade) co_return co_await refuse(404, "There is no WebSocket here.");
        stream_.expires_never();
        Decision decision = co_await ask([&](auto decider) {
            options_.upgrade(
                std::move(request),
                [decider](WebSocketEvents events) { decider->decide({.reply = {}, .web_socket = std::move(events)}); },
                [decider](ServerReply reply) { decider->decide({.reply = std::move(reply), .web_socket = {}}); });
        });
        if (!decision.web_socket) co_return co_await write(std::move(decision.reply), false, false);
        auto serving = serve_web_socket(std::move(stream_), std::move(head), std::move(*decision.web_socket), worker_);
        co_await std::move(serving);
        co_return false;
    }

    asio::awaitable<bool> refuse(int status, std::string text) {
        co_await write(plain_reply(status, text), false, false);
        co_await swallow_rest();
        co_return false;
    }

    // A client that is still sending its body would lose our answer to a reset, so its bytes are read for a moment.
    asio::awaitable<void> swallow_rest() {
        beast::error_code error;
        stream_.socket().shutdown(tcp::socket::shutdown_send, error);
        stream_.expires_after(std::chrono::seconds(2));
        std::vector<char> piece(kPiece);
        for (std::size_t total = 0; !error && total < (64 << 20);)
            total +=
                co_await stream_.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
    }

    asio::awaitable<bool> write(ServerReply reply, bool keep_alive, bool is_head) {
        crash_point();
        stream_.expires_after(kReading);
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
        http::response<http::empty_body> head;
        fill(head, reply, keep_alive);
        head.content_length(reply.file->size);
        http::response_serializer<http::empty_body> serializer(head);
        beast::error_code error;
        co_await http::async_write_header(stream_, serializer, asio::redirect_error(asio::use_awaitable, error));
        std::ifstream file(reply.file->path, std::ios::binary);
        file.seekg(static_cast<std::streamoff>(reply.file->offset));
        std::vector<char> piece(kPiece);
        for (std::uint64_t left = is_head ? 0 : reply.file->size; left > 0 && !error;) {
            const std::uint64_t size = std::min<std::uint64_t>(left, piece.size());
            if (!file.read(piece.data(), static_cast<std::streamsize>(size))) co_return false;
            stream_.expires_after(kReading);
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

    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    std::string peer_;
    bool is_loopback_;
    Worker& worker_;
    const ServerOptions& options_;
    bool is_busy_ = false;
};

}  // namespace

asio::awaitable<void> serve_connection(beast::tcp_stream stream, std::string peer, bool is_loopback, Worker& worker,
                                       const ServerOptions& options) {
    Connection connection(std::move(stream), std::move(peer), is_loopback, worker, options);
    auto serving = connection.serve();
    co_await std::move(serving);
}

}  // namespace okno::net
