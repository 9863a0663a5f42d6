// The bytes of one connection, plain or through TLS, as a stream for Beast.
//
// Reads and writes hand their completion over as one type: what Beast compiles for a connection is compiled once, and
// the TLS engine not at all in its files.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio::ssl {
class context;
}

namespace okno::net {

class Stream {
public:
    using executor_type = boost::beast::tcp_stream::executor_type;
    using next_layer_type = boost::beast::tcp_stream;
    using Done = std::move_only_function<void(boost::beast::error_code, std::size_t)>;

    // `tls` empty: the bytes go as they are. It lives as long as its connections.
    Stream(boost::asio::ip::tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> tls);
    ~Stream();
    Stream(Stream&&) noexcept;
    Stream& operator=(Stream&&) noexcept;

    executor_type get_executor();
    // The socket with its deadlines; beast::get_lowest_layer finds it here.
    boost::beast::tcp_stream& next_layer();
    const boost::beast::tcp_stream& next_layer() const;
    void expires_after(std::chrono::steady_clock::duration time) { next_layer().expires_after(time); }
    void expires_never() { next_layer().expires_never(); }
    void cancel() { next_layer().cancel(); }

    // While held, what is written is done at once and waits, up to 64 KiB, to leave with the next write that is not
    // held: many small frames cost one call to the system.
    void hold_writes(bool is_held);

    // False when no connection came about within ten seconds. Whoever speaks plain HTTP is told so.
    boost::asio::awaitable<bool> handshake();
    // Says that nothing more comes, if the other side still listens.
    boost::asio::awaitable<void> shutdown();
    // As shutdown, but what the other side sends can still be read; through TLS nothing is said then.
    void shutdown_send();

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::beast::error_code, std::size_t)>(
            [this, pieces = Pieces<boost::asio::mutable_buffer>(buffers)](auto handler) {
                read_some(pieces, std::move(handler));
            },
            token);
    }

    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::beast::error_code, std::size_t)>(
            [this, pieces = Pieces<boost::asio::const_buffer>(buffers)](auto handler) {
                write_some(pieces, std::move(handler));
            },
            token);
    }

private:
    friend void async_shutdown(Stream& stream, Stream::Done done);

    // The first buffers of a sequence: one read or write needs no more.
    template <typename Buffer>
    class Pieces {
    public:
        template <typename Buffers>
        explicit Pieces(const Buffers& buffers) {
            for (auto at = boost::asio::buffer_sequence_begin(buffers);
                 at != boost::asio::buffer_sequence_end(buffers) && count_ < all_.size(); ++at)
                if (Buffer piece(*at); piece.size() > 0) all_[count_++] = piece;
        }
        const Buffer* begin() const { return all_.data(); }
        const Buffer* end() const { return all_.data() + count_; }
        using value_type = Buffer;
        using const_iterator = const Buffer*;

    private:
        std::array<Buffer, 16> all_{};
        std::size_t count_ = 0;
    };

    void read_some(const Pieces<boost::asio::mutable_buffer>& pieces, Done done);
    void write_some(const Pieces<boost::asio::const_buffer>& pieces, Done done);
    void write_held(const Pieces<boost::asio::const_buffer>& pieces, Done done);

    struct State;
    std::unique_ptr<State> state_;
};

void async_shutdown(Stream& stream, Stream::Done done);

// Beast ends a WebSocket through these.
template <typename Handler>
void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
    async_shutdown(stream, [handler = std::forward<Handler>(handler)](boost::beast::error_code error,
                                                                      std::size_t) mutable { handler(error); });
}

}  // namespace okno::net
