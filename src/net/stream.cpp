#include "net/stream.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace okno::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;

constexpr auto handshake_limit = std::chrono::seconds(10);
constexpr auto farewell_limit = std::chrono::seconds(1);
constexpr std::size_t record_size = 16 << 10;
constexpr std::size_t most_held = 64 << 10;
constexpr std::string_view wrong_scheme =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 54\r\n"
    "Connection: close\r\n\r\nThis port speaks HTTPS: use an address with https://.\n";

struct Stream::State {
    State(asio::ip::tcp::socket socket, std::shared_ptr<ssl::context> context)
        : tcp(std::move(socket)), tls_context(std::move(context)) {
        if (tls_context) tls.emplace(tcp, *tls_context);
    }

    beast::tcp_stream tcp;
    std::shared_ptr<ssl::context> tls_context;
    std::optional<ssl::stream<beast::tcp_stream&>> tls;
    std::string held;    // written, and not yet on its way
    std::string record;  // what is being written: a head and its body go as one record
    bool is_held = false;
};

Stream::Stream(asio::ip::tcp::socket socket, std::shared_ptr<ssl::context> tls)
    : state_(std::make_unique<State>(std::move(socket), std::move(tls))) {}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

Stream::executor_type Stream::get_executor() { return state_->tcp.get_executor(); }

beast::tcp_stream& Stream::next_layer() { return state_->tcp; }

const beast::tcp_stream& Stream::next_layer() const { return state_->tcp; }

asio::awaitable<bool> Stream::handshake() {
    if (!state_->tls) co_return true;
    expires_after(handshake_limit);
    beast::error_code error;
    co_await state_->tls->async_handshake(ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
    if (!error) co_return true;
    const bool is_http = error.category() == asio::error::get_ssl_category() &&
                         ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_HTTP_REQUEST;
    if (is_http)
        co_await asio::async_write(state_->tcp, asio::buffer(wrong_scheme),
                                   asio::redirect_error(asio::use_awaitable, error));
    co_return false;
}

asio::awaitable<void> Stream::shutdown() {
    beast::error_code error;
    if (state_->tls) {
        expires_after(farewell_limit);
        co_await state_->tls->async_shutdown(asio::redirect_error(asio::use_awaitable, error));
    }
    state_->tcp.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
}

void Stream::shutdown_send() {
    beast::error_code ignored;
    if (!state_->tls) state_->tcp.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void Stream::read_some(const Pieces<asio::mutable_buffer>& pieces, Done done) {
    if (state_->tls) return state_->tls->async_read_some(pieces, std::move(done));
    state_->tcp.async_read_some(pieces, std::move(done));
}

void Stream::hold_writes(bool is_held) { state_->is_held = is_held; }

void Stream::write_some(const Pieces<asio::const_buffer>& pieces, Done done) {
    if (state_->is_held || !state_->held.empty()) return write_held(pieces, std::move(done));
    if (!state_->tls) return state_->tcp.async_write_some(pieces, std::move(done));
    std::string& record = state_->record;
    record.clear();
    for (const asio::const_buffer& piece : pieces)
        record.append(static_cast<const char*>(piece.data()), std::min(piece.size(), record_size - record.size()));
    state_->tls->async_write_some(asio::buffer(record), std::move(done));
}

// All of `pieces`, behind what is held.
void Stream::write_held(const Pieces<asio::const_buffer>& pieces, Done done) {
    for (const asio::const_buffer& piece : pieces)
        state_->held.append(static_cast<const char*>(piece.data()), piece.size());
    const std::size_t size = asio::buffer_size(pieces);
    if (state_->is_held && state_->held.size() < most_held)
        return asio::post(get_executor(), [size, done = std::move(done)]() mutable { done({}, size); });
    state_->record = std::exchange(state_->held, {});
    // Thousands of pages are open and idle: what one needed for a moment is given back.
    auto told = [state = state_.get(), size, done = std::move(done)](beast::error_code error, std::size_t) mutable {
        std::string().swap(state->record);
        done(error, size);
    };
    if (state_->tls)
        asio::async_write(*state_->tls, asio::buffer(state_->record), std::move(told));
    else
        asio::async_write(state_->tcp, asio::buffer(state_->record), std::move(told));
}

void async_shutdown(Stream& stream, Stream::Done done) {
    if (stream.state_->tls)
        return stream.state_->tls->async_shutdown(
            [done = std::move(done)](beast::error_code error) mutable { done(error, 0); });
    beast::websocket::async_teardown(beast::role_type::server, stream.state_->tcp.socket(),
                                     [done = std::move(done)](beast::error_code error) mutable { done(error, 0); });
}

}  // namespace okno::net
