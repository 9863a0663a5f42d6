// A WebSocket as a client on the wire sees it.
#include "net/server.hpp"

#include "support/child.hpp"
#include "support/frames.hpp"
#include "support/raw_socket.hpp"

#include <doctest/doctest.h>

#include <future>

using namespace okno;
using namespace okno::tests;
using net::Respond;
using net::ServerRequest;

namespace {

constexpr std::string_view kUpgrade =
    "GET /live HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

net::ServerOptions answering() {
    net::ServerOptions options;
    options.handle = [](const ServerRequest&, const Respond& respond) { respond({.status = 204}); };
    return options;
}

}  // namespace

TEST_CASE("a WebSocket sends both ways, and a refused one gets the reply") {
    std::promise<std::shared_ptr<net::WebSocketPeer>> opened;
    std::promise<std::string> heard;
    std::promise<void> closed;
    net::ServerOptions options = answering();
    options.upgrade = [&](const ServerRequest& request, const std::function<void(net::WebSocketEvents)>& accept,
                          const Respond& refuse) {
        if (request.path != "/live") return refuse({.status = 401, .headers = {}});
        accept({.opened = [&](auto peer) { opened.set_value(std::move(peer)); },
                .text = [&](std::string text) { heard.set_value(std::move(text)); },
                .closed = [&] { closed.set_value(); }});
    };
    const net::Server server(std::move(options));
    std::string other(kUpgrade);
    other.replace(4, 5, "/none");
    CHECK(ask(server.port(), other).starts_with("HTTP/1.1 401"));

    RawSocket socket = RawSocket::connect_to(server.port());
    socket.write(kUpgrade);
    CHECK(socket.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    const auto peer = opened.get_future().get();
    peer->send({std::make_shared<const std::string>("first")});
    peer->send({std::make_shared<const std::string>("second")});
    CHECK(socket.read_until("first") ==
          "\x81\x05"
          "first");
    CHECK(socket.read_until("second") ==
          "\x81\x06"
          "second");
    socket.write(std::string_view("\x81\x82\0\0\0\0hi", 8));
    CHECK(heard.get_future().get() == "hi");
    peer->close(4401);
    CHECK(socket.read_until("\x11\x31") == "\x88\x02\x11\x31");
    socket.close();
    closed.get_future().get();
}

TEST_CASE("a long text of a WebSocket arrives whole, also in pieces, and one over 64 KiB ends it") {
    std::promise<std::string> heard;
    std::promise<void> closed;
    net::ServerOptions options = answering();
    options.upgrade = [&](const ServerRequest&, const std::function<void(net::WebSocketEvents)>& accept,
                          const Respond&) {
        accept({.opened = {},
                .text = [&](std::string text) { heard.set_value(std::move(text)); },
                .closed = [&] { closed.set_value(); }});
    };
    const net::Server server(std::move(options));
    RawSocket socket = RawSocket::connect_to(server.port());
    socket.write(kUpgrade);
    socket.read_until("\r\n\r\n");
    const std::string mask(4, '\0');
    socket.write("\x01\xfe\x0b\xb8" + mask + std::string(3000, 'a'));  // 3,000 bytes, and more to come
    socket.write("\x80\x83" + mask + "end");
    CHECK(heard.get_future().get() == std::string(3000, 'a') + "end");
    socket.write(std::string("\x81\xff\0\0\0\0\0\x01\0\x01", 10) + mask);  // 65,537 bytes
    CHECK(socket.read_until("\x03\xf1").starts_with("\x88"));              // 1009, too big
    socket.close();
    closed.get_future().get();
}

TEST_CASE("frames that are sent together arrive whole and in order, the last one too") {
    std::promise<std::shared_ptr<net::WebSocketPeer>> opened;
    net::ServerOptions options = answering();
    options.upgrade = [&](const ServerRequest&, const std::function<void(net::WebSocketEvents)>& accept,
                          const Respond&) {
        accept({.opened = [&](auto peer) { opened.set_value(std::move(peer)); }, .text = {}, .closed = [] {}});
    };
    const net::Server server(std::move(options));
    const RawSocket socket = RawSocket::connect_to(server.port());
    socket.write(kUpgrade);
    socket.read_until("\r\n\r\n");
    const auto peer = opened.get_future().get();
    const Texts texts = many_texts();
    peer->send(texts);
    CHECK(socket.read_until("last") == frames_of(texts));
    peer->send(texts);
    peer->close(4401);
    CHECK(socket.read_until("\x88\x02\x11\x31") == frames_of(texts) + "\x88\x02\x11\x31");
}

TEST_CASE("a client that does not read is closed instead of filling memory") {
    std::promise<std::shared_ptr<net::WebSocketPeer>> opened;
    std::promise<void> closed;
    net::ServerOptions options = answering();
    options.upgrade = [&](const ServerRequest&, const std::function<void(net::WebSocketEvents)>& accept,
                          const Respond&) {
        accept({.opened = [&](auto peer) { opened.set_value(std::move(peer)); },
                .text = {},
                .closed = [&] { closed.set_value(); }});
    };
    const net::Server server(std::move(options));
    RawSocket socket = RawSocket::connect_to(server.port());
    socket.write(kUpgrade);
    socket.read_until("\r\n\r\n");
    const auto peer = opened.get_future().get();
    const auto large = std::make_shared<const std::string>(1 << 20, 'x');
    for (int i = 0; i < 40; ++i)
        peer->send({large});
    const std::string all = socket.read_all();
    CHECK(all.ends_with("\x88\x02\x03\xf5"));
    CHECK(all.size() < (20U << 20));
    socket.close();
    closed.get_future().get();
}

TEST_CASE("behind a trusted proxy an open WebSocket counts as one of its client's until it ends") {
    net::ServerOptions options = answering();
    options.trusted_proxies = {"127.0.0.1"};
    options.max_connections_per_address = 1;
    options.upgrade = [](const ServerRequest&, const std::function<void(net::WebSocketEvents)>& accept,
                         const Respond&) { accept({}); };
    const net::Server server(std::move(options));
    const auto status = [&](const std::string& from) {
        return ask(server.port(), "GET / HTTP/1.1\r\nHost: t\r\nX-Forwarded-For: " + from + "\r\n\r\n").substr(9, 3);
    };
    RawSocket page = RawSocket::connect_to(server.port());
    std::string upgrade(kUpgrade);
    page.write(upgrade.insert(upgrade.find("\r\n") + 2, "X-Forwarded-For: 9.9.9.9\r\n"));
    REQUIRE(page.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    CHECK(status("9.9.9.9") == "503");
    CHECK(status("8.8.8.8") == "204");
    page.close();
    CHECK(wait_until([&] { return status("9.9.9.9") == "204"; }));
}
