// Clients that do not do their part: each is cut by its deadline, and others are answered meanwhile.
#include "net/server.hpp"

#include "support/raw_socket.hpp"

#include <doctest/doctest.h>

#include <future>

using namespace okno;
using namespace okno::tests;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view upgrade =
    "GET /live HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

net::ServerOptions hurried(net::Deadlines deadlines) {
    net::ServerOptions options;
    options.deadlines = deadlines;
    options.handle = [](const net::ServerRequest& request, const net::Respond& respond) {
        respond({.status = 200, .headers = {}, .body = request.path});
    };
    return options;
}

bool is_answered(std::uint16_t port) {
    const RawSocket socket = RawSocket::connect_to(port);
    socket.write("GET /other HTTP/1.1\r\nHost: t\r\n\r\n");
    return socket.read_answer().ends_with("/other");
}

// A server whose WebSockets can be spoken to and are seen to end.
struct Live {
    std::promise<std::shared_ptr<net::WebSocketPeer>> opened{};
    std::promise<void> closed{};
    net::Server server;

    explicit Live(net::Deadlines deadlines)
        : server([&] {
              net::ServerOptions options = hurried(deadlines);
              options.upgrade = [this](const net::ServerRequest&,
                                       const std::function<void(net::WebSocketEvents)>& accept, const net::Respond&) {
                  accept({.opened = [this](auto peer) { opened.set_value(std::move(peer)); },
                          .text = {},
                          .closed = [this] { closed.set_value(); }});
              };
              return options;
          }()) {}
};

}  // namespace

TEST_CASE("heads and bodies that never come to their end are cut, and others are answered") {
    const net::Server server(hurried({.request = 200ms}));
    for (const std::string_view begun :
         {"G", "GET / HTTP/1.1\r\nHost: t\r\nX-Slow: ", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nabc",
          "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
        const RawSocket slow = RawSocket::connect_to(server.port());
        slow.write(begun);
        CHECK(is_answered(server.port()));
        CHECK(slow.read_all().empty());
    }
}

TEST_CASE("a byte now and then does not lengthen the time of a request") {
    const net::Server server(hurried({.request = 300ms}));
    const RawSocket slow = RawSocket::connect_to(server.port());
    slow.write("GET / HTTP/1.1\r\nX-Slow: ");
    std::promise<void> is_cut;
    auto cut = is_cut.get_future();
    std::thread reading([&] {
        slow.read_all();
        is_cut.set_value();
    });
    while (cut.wait_for(20ms) != std::future_status::ready)
        slow.write("x");
    reading.join();
    CHECK(is_answered(server.port()));
}

TEST_CASE("a connection that asks nothing is closed") {
    const net::Server server(hurried({.idle = 200ms}));
    const RawSocket idle = RawSocket::connect_to(server.port());
    CHECK(idle.read_all().empty());
    const RawSocket kept = RawSocket::connect_to(server.port());
    kept.write("GET /a HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK(kept.read_answer().ends_with("/a"));
    CHECK(kept.read_all().empty());
}

TEST_CASE("a WebSocket whose other side is gone without a word is noticed by its missing pong") {
    Live live({.idle = 300ms});
    const RawSocket gone = RawSocket::connect_to(live.server.port());
    gone.write(upgrade);
    CHECK(gone.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    live.opened.get_future().get();  // a WebSocket does not outlive its server
    live.closed.get_future().get();
    CHECK(gone.read_all().starts_with("\x89"));  // it was asked
}

TEST_CASE("a WebSocket that was told to close and goes on sending without reading is cut") {
    Live live({.closing = 200ms});
    const RawSocket deaf = RawSocket::connect_to(live.server.port());
    deaf.write(upgrade);
    deaf.read_until("\r\n\r\n");
    const auto peer = live.opened.get_future().get();
    const auto large = std::make_shared<const std::string>(1 << 20, 'x');
    for (int i = 0; i < 40; ++i)
        peer->send({large});
    auto closed = live.closed.get_future();
    while (closed.wait_for(20ms) != std::future_status::ready)
        deaf.write(std::string_view("\x81\x82\0\0\0\0hi", 8));
    CHECK(is_answered(live.server.port()));
}
