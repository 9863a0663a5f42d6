// One WebSocket: a reader, and a queue that one writer at a time empties.
#include "net/beast.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>

namespace okno::net {
namespace {

namespace websocket = boost::beast::websocket;
constexpr std::size_t kMostWaiting = 4 << 20;
constexpr std::size_t kPiece = 512;  // read at once: pages say little, and each that is open holds so much

class Peer final : public WebSocketPeer, public Stoppable, public std::enable_shared_from_this<Peer> {
public:
    Peer(Stream stream, Deadlines deadlines, Worker& worker)
        : socket_(std::move(stream)),
          executor_(socket_.get_executor()),
          deadlines_(deadlines),
          closing_(executor_),
          worker_(worker) {}

    asio::awaitable<void> serve(RequestHead head, WebSocketEvents events) {
        beast::get_lowest_layer(socket_).expires_never();
        // A ping after half of the idle time: proxies keep the connection, and a peer that is gone is noticed.
        socket_.set_option(websocket::stream_base::timeout{
            .handshake_timeout = deadlines_.request, .idle_timeout = deadlines_.idle, .keep_alive_pings = true});
        socket_.read_message_max(64 << 10);
        socket_.text(true);
        socket_.auto_fragment(false);
        beast::error_code error;
        co_await socket_.async_accept(head, asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return;
        head = {};
        worker_.open.insert(this);
        is_open_ = true;
        if (events.opened) events.opened(shared_from_this());
        beast::flat_buffer buffer;
        while (!error) {
            co_await socket_.async_read_some(buffer, kPiece, asio::redirect_error(asio::use_awaitable, error));
            if (!error && !socket_.is_message_done()) continue;
            if (!error && events.text && is_open_)
                events.text(std::string(static_cast<const char*>(buffer.data().data()), buffer.size()));
            buffer.consume(buffer.size());
        }
        is_open_ = false;
        closing_.cancel();
        worker_.open.erase(this);
        if (events.closed) events.closed();
    }

    void send(std::vector<std::shared_ptr<const std::string>> texts) override {
        asio::post(executor_, [self = shared_from_this(), texts = std::move(texts)]() mutable {
            if (!self->is_open_) return;
            for (auto& text : texts) {
                self->waiting_bytes_ += text->size();
                self->waiting_.push_back(std::move(text));
            }
            if (self->waiting_bytes_ > kMostWaiting) return self->end(1013);
            self->start_writing();
        });
    }

    void close(std::uint16_t code) override {
        asio::post(executor_, [self = shared_from_this(), code] { self->end(code); });
    }

    void stop() override { end(1001); }

private:
    void start_writing() {
        if (is_writing_) return;
        is_writing_ = true;
        asio::co_spawn(executor_, write_all(shared_from_this()), asio::detached);
    }

    static asio::awaitable<void> write_all(std::shared_ptr<Peer> self) {
        beast::error_code error;
        while (!error && !self->waiting_.empty()) {
            const std::shared_ptr<const std::string> text = self->waiting_.front();
            self->waiting_.pop_front();
            self->socket_.next_layer().hold_writes(!self->waiting_.empty());
            co_await self->socket_.async_write(asio::buffer(*text), asio::redirect_error(asio::use_awaitable, error));
            self->waiting_bytes_ -= std::min(self->waiting_bytes_, text->size());
        }
        self->socket_.next_layer().hold_writes(false);
        if (self->close_code_ != 0 && !error)
            co_await self->socket_.async_close(websocket::close_code(self->close_code_),
                                               asio::redirect_error(asio::use_awaitable, error));
        self->is_writing_ = false;
    }

    // A slow client's queue is dropped, so that the close frame is what it sees next. One that does not read that
    // either, but goes on sending, would stay for ever: it is cut.
    void end(std::uint16_t code) {
        if (!is_open_ || close_code_ != 0) return;
        is_open_ = false;
        close_code_ = code;
        if (code == 1013) waiting_.clear();
        start_writing();
        closing_.expires_after(deadlines_.closing);
        closing_.async_wait([self = shared_from_this()](const beast::error_code& error) {
            if (!error) beast::get_lowest_layer(self->socket_).close();
        });
    }

    websocket::stream<Stream> socket_;
    asio::any_io_executor executor_;
    const Deadlines deadlines_;
    asio::steady_timer closing_;
    Worker& worker_;
    std::deque<std::shared_ptr<const std::string>> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::uint16_t close_code_ = 0;
    bool is_open_ = false;
    bool is_writing_ = false;
};

}  // namespace

asio::awaitable<void> serve_web_socket(Stream stream, RequestHead head, WebSocketEvents events, Deadlines deadlines,
                                       Worker& worker) {
    auto peer = std::make_shared<Peer>(std::move(stream), deadlines, worker);
    auto serving = peer->serve(std::move(head), std::move(events));
    co_await std::move(serving);
}

}  // namespace okno::net
