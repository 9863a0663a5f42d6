// The HTTP server behind TLS, as a client on the wire sees it.
#include "net/server.hpp"

#include "support/frames.hpp"
#include "support/raw_socket.hpp"
#include "support/storage_fixture.hpp"
#include "support/tls_client.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

using namespace okno;
using namespace okno::tests;

namespace {

// A folder with the certificate that the server uses, and a server that tells what it was asked.
struct Keys {
    TemporaryDirectory folder;

    Keys() { write_certificate(folder.path, "okno", 7); }

    net::ServerOptions options(const std::string& certificate = "okno.crt", const std::string& key = "okno.key") const {
        net::ServerOptions out;
        out.tls = net::TlsFiles{folder.path / certificate, folder.path / key};
        out.max_body = [](std::string_view) { return 100 << 10; };
        out.handle = [](net::ServerRequest request, const net::Respond& respond) {
            net::ServerReply reply;
            reply.body = request.path + " [" + request.body + "]";
            if (request.path == "/file") reply.file = net::FilePiece{request.body, 100'000, 200'000};
            respond(std::move(reply));
        };
        return out;
    }
    // What the start says instead of starting.
    std::string refusal(const std::string& certificate, const std::string& key) const {
        try {
            const net::Server server(options(certificate, key));
        } catch (const std::runtime_error& reason) {
            return reason.what();
        }
        return "it started";
    }
};

}  // namespace

TEST_CASE("requests over TLS are answered, one after the other on one connection") {
    const Keys keys;
    const net::Server server(keys.options());
    const TlsClient client(server.port());
    REQUIRE(client.is_open());
    CHECK(client.version() == "TLSv1.3");
    CHECK(client.serial() == 7);
    client.write("GET /one HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK(client.read_until("]").ends_with("/one []"));
    client.write("POST /two HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc");
    CHECK(client.read_until("]").ends_with("/two [abc]"));
}

TEST_CASE("bodies and files longer than a record of TLS come whole") {
    const Keys keys;
    const net::Server server(keys.options());
    const std::string path = keys.folder.path / "file";
    std::string bytes(400'000, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>('a' + i % 23);
    std::ofstream(path, std::ios::binary) << bytes;
    const TlsClient client(server.port());
    const std::string body(90'000, 'x');
    client.write("POST /long HTTP/1.1\r\nHost: t\r\nContent-Length: 90000\r\n\r\n" + body);
    CHECK(client.read_until("]").ends_with("/long [" + body + "]"));
    client.write("POST /file HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: " +
                 std::to_string(path.size()) + "\r\n\r\n" + path);
    client.read_until("\r\n\r\n");
    CHECK(client.read_until("no such end") == bytes.substr(100'000, 200'000));
}

TEST_CASE("the end of a connection is said in TLS, so that nobody can cut an answer short unseen") {
    const Keys keys;
    const net::Server server(keys.options());
    const TlsClient client(server.port());
    client.write("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    client.read_until("]");
    CHECK(client.is_ended_properly());
}

TEST_CASE("TLS 1.2 is spoken, what is older is refused") {
    const Keys keys;
    const net::Server server(keys.options());
    const TlsClient old(server.port(), TLS1_2_VERSION);
    REQUIRE(old.is_open());
    CHECK(old.version() == "TLSv1.2");
    CHECK_FALSE(TlsClient(server.port(), TLS1_1_VERSION).is_open());
}

TEST_CASE("plain HTTP on a port of TLS is told where to go, other bytes are cut off, and the server goes on") {
    const Keys keys;
    const net::Server server(keys.options());
    const RawSocket plain = RawSocket::connect_to(server.port());
    plain.write("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    const std::string answer = plain.read_until("https://.\n");
    CHECK(answer.starts_with("HTTP/1.1 400"));
    CHECK(answer.ends_with("use an address with https://.\n"));
    const RawSocket noise = RawSocket::connect_to(server.port());
    noise.write("\x01\x02nonsense that is neither");
    noise.read_until("never");
    CHECK(TlsClient(server.port()).is_open());
}

TEST_CASE("a body that is too large is refused over TLS in words") {
    const Keys keys;
    const net::Server server(keys.options());
    const TlsClient client(server.port());
    client.write("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n");
    CHECK(client.read_until("bytes.\n").starts_with("HTTP/1.1 413"));
}

TEST_CASE("a WebSocket opens, carries text and is closed over TLS") {
    const Keys keys;
    net::ServerOptions options = keys.options();
    options.upgrade = [](net::ServerRequest, auto accept, const net::Respond&) {
        auto peer = std::make_shared<std::shared_ptr<net::WebSocketPeer>>();
        accept({.opened =
                    [peer](std::shared_ptr<net::WebSocketPeer> opened) {
                        *peer = opened;
                        opened->send({std::make_shared<const std::string>("hello")});
                    },
                .text = [peer](const std::string&) { (*peer)->close(4401); },
                .closed = [peer] { peer->reset(); }});
    };
    const net::Server server(std::move(options));
    const TlsClient client(server.port());
    client.write(
        "GET /feed HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    CHECK(client.read_until("hello") == "\x81\x05hello");
    client.write(std::string_view("\x81\x82\0\0\0\0hi", 8));
    CHECK(client.read_until("\x31") == "\x88\x02\x11\x31");  // 4401
    client.write(std::string_view("\x88\x82\0\0\0\0\x11\x31", 8));
    CHECK(client.is_ended_properly());
}

TEST_CASE("frames that are sent together arrive whole and in order over TLS") {
    const Keys keys;
    const Texts texts = many_texts();
    net::ServerOptions options = keys.options();
    options.upgrade = [&](net::ServerRequest, auto accept, const net::Respond&) {
        accept({.opened = [&](std::shared_ptr<net::WebSocketPeer> opened) { opened->send(texts); },
                .text = {},
                .closed = [] {}});
    };
    const net::Server server(std::move(options));
    const TlsClient client(server.port());
    client.write(
        "GET /feed HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    client.read_until("\r\n\r\n");
    CHECK(client.read_until("last") == frames_of(texts));
}

TEST_CASE("a renewed certificate is for new connections, those that are open go on") {
    const Keys keys;
    net::Server server(keys.options());
    const TlsClient before(server.port());
    write_certificate(keys.folder.path, "okno", 8);
    REQUIRE(server.reload_certificate());
    const TlsClient after(server.port());
    CHECK(after.serial() == 8);
    CHECK(before.serial() == 7);
    before.write("GET /still HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK(before.read_until("]").ends_with("/still []"));
}

TEST_CASE("a renewed certificate that cannot be used leaves the one before") {
    const Keys keys;
    net::Server server(keys.options());
    const auto reason = [&] { return server.reload_certificate().error().detail; };
    write_certificate(keys.folder.path, "other", 8);
    std::filesystem::copy_file(keys.folder.path / "other.crt", keys.folder.path / "okno.crt",
                               std::filesystem::copy_options::overwrite_existing);
    CHECK(reason().find("does not belong to the certificate") != std::string::npos);
    std::ofstream(keys.folder.path / "okno.crt") << "half a certif";
    CHECK(reason().find("holds no certificate in PEM") != std::string::npos);
    std::filesystem::remove(keys.folder.path / "okno.crt");
    CHECK(reason().find("cannot be read (No such file or directory)") != std::string::npos);
    CHECK(TlsClient(server.port()).serial() == 7);
}

TEST_CASE("a certificate or key that cannot be used is said at the start, by its file") {
    const Keys keys;
    write_certificate(keys.folder.path, "other", 8);
    std::ofstream(keys.folder.path / "empty");
    CHECK(keys.refusal("none.crt", "okno.key").find("none.crt cannot be read (No such file") != std::string::npos);
    CHECK(keys.refusal("okno.crt", "none.key").find("none.key cannot be read (No such file") != std::string::npos);
    CHECK(keys.refusal("empty", "okno.key").find("empty holds no certificate in PEM") != std::string::npos);
    CHECK(keys.refusal("okno.crt", "empty").find("empty holds no private key in PEM") != std::string::npos);
    CHECK(keys.refusal("okno.crt", "other.key").find("other.key does not belong to the certificate") !=
          std::string::npos);
}

TEST_CASE("a server without a certificate has none to read anew") {
    net::Server server(net::ServerOptions{});
    CHECK(server.reload_certificate());
}

TEST_CASE("a server that stops waits for nobody who only connected") {
    const Keys keys;
    net::Server server(keys.options());
    const RawSocket silent = RawSocket::connect_to(server.port());
    const TlsClient idle(server.port());  // accepted after the silent one
    const auto begin = std::chrono::steady_clock::now();
    server.stop(std::chrono::seconds(20));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(15));
}
