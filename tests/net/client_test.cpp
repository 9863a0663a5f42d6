// What outbound calls report: what left, what did not, and that nothing leaves twice.
#include "net/client.hpp"

#include "net/private_network.hpp"
#include "support/raw_socket.hpp"
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <future>

using namespace okno;
using namespace okno::tests;

namespace {

HttpRequest post(std::uint16_t port, std::string body = "{}") {
    HttpRequest request{.method = "POST", .url = fmt::format("http://127.0.0.1:{}/send", port)};
    request.body = std::move(body);
    request.timeout = std::chrono::seconds(20);
    request.allow_private_network = true;
    return request;
}

Result<HttpReply> perform(net::Client& client, HttpRequest request) {
    std::promise<Result<HttpReply>> promise;
    client.perform(std::move(request), [&](Result<HttpReply> reply) { promise.set_value(std::move(reply)); });
    return promise.get_future().get();
}

// Reads one request with its body.
std::string read_request(const RawSocket& socket) { return socket.read_answer(); }

std::uint16_t closed_port() {
    return RawServer([](RawSocket&) {}).port();
}

}  // namespace

TEST_CASE("a call carries its body and token, and gives back status, headers and body") {
    std::string seen;
    const RawServer server([&](RawSocket& socket) {
        seen = read_request(socket);
        socket.write("HTTP/1.1 201 Created\r\nX-Id: 7\r\nContent-Length: 2\r\n\r\nok");
    });
    net::Client client;
    HttpRequest request = post(server.port(), "{\"a\":1}");
    request.bearer = Secret("token-1");
    request.headers.set("Content-Type", "application/json");
    const auto reply = perform(client, std::move(request));
    REQUIRE(reply);
    CHECK(reply->status == 201);
    CHECK(reply->headers.get("x-id") == "7");
    CHECK(reply->body == "ok");
    CHECK(seen.find("Authorization: Bearer token-1") != std::string::npos);
    CHECK(seen.ends_with("\r\n\r\n{\"a\":1}"));
}

TEST_CASE("asked for the head alone, it does not wait for the bytes that the length promises") {
    const RawServer server([](RawSocket& socket) {
        read_request(socket);
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 4000\r\n\r\n");
    });
    net::Client client;
    HttpRequest request = post(server.port(), "");
    request.method = "HEAD";
    const auto reply = perform(client, std::move(request));
    REQUIRE(reply);
    CHECK(reply->headers.get("Content-Type") == "image/png");
    CHECK(reply->body.empty());
}

TEST_CASE("nobody listens: the call never left") {
    net::Client client;
    const auto reply = perform(client, post(closed_port()));
    REQUIRE_FALSE(reply);
    CHECK(reply.error().kind == ErrorKind::never_left);
}

TEST_CASE("the server took the request and closed: left, no answer") {
    const RawServer server([](RawSocket& socket) { read_request(socket); });
    net::Client client;
    const auto reply = perform(client, post(server.port()));
    REQUIRE_FALSE(reply);
    CHECK(reply.error().kind == ErrorKind::left_no_answer);
}

TEST_CASE("a request that was written on a kept connection is never repeated when that connection breaks") {
    std::atomic<int> posts{0};
    const RawServer server([&](RawSocket& socket) {
        if (read_request(socket).starts_with("POST")) ++posts;
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        if (read_request(socket).starts_with("POST")) ++posts;  // the second is taken, then the line breaks
    });
    net::Client client;
    REQUIRE(perform(client, post(server.port())));
    const auto second = perform(client, post(server.port()));
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == ErrorKind::left_no_answer);
    CHECK(posts == 2);
}

TEST_CASE("no answer in time: left, no answer") {
    std::promise<void> end;
    const RawServer server([&](RawSocket& socket) {
        read_request(socket);
        end.get_future().wait();
    });
    net::Client client;
    HttpRequest request = post(server.port());
    request.timeout = std::chrono::milliseconds(100);
    const auto reply = perform(client, std::move(request));
    end.set_value();
    REQUIRE_FALSE(reply);
    CHECK(reply.error().kind == ErrorKind::left_no_answer);
}

TEST_CASE("a private address is refused before anything leaves, by number and by name") {
    std::atomic<int> connections{0};
    const RawServer server([&](RawSocket&) { ++connections; });
    net::Client client;
    for (const char* host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"}) {
        HttpRequest request = post(server.port());
        request.url = fmt::format("http://{}:{}/", host, server.port());
        request.allow_private_network = false;
        const auto reply = perform(client, std::move(request));
        REQUIRE_FALSE(reply);
        CHECK(reply.error().kind == ErrorKind::never_left);
        CHECK(reply.error().detail.find("private network") != std::string::npos);
    }
    CHECK(connections == 0);
}

TEST_CASE("an answer over its limit ends the call, and redirects are given back, not followed") {
    const RawServer server([](RawSocket& socket) {
        const bool wants_much = read_request(socket).starts_with("GET /much");
        socket.write(wants_much ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x')
                                : "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n");
    });
    net::Client client;
    HttpRequest much = post(server.port());
    much.method = "GET";
    much.body.clear();
    much.url = fmt::format("http://127.0.0.1:{}/much", server.port());
    much.max_reply_bytes = 99;
    CHECK(perform(client, much).error().kind == ErrorKind::left_no_answer);
    much.url = fmt::format("http://127.0.0.1:{}/moved", server.port());
    CHECK(perform(client, much)->status == 302);
}

TEST_CASE("a large body is streamed into a file, and a file is sent as a form") {
    TemporaryDirectory directory;
    std::string seen;
    const RawServer server([&](RawSocket& socket) {
        seen = read_request(socket);
        socket.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nbytes");
    });
    net::Client client;
    HttpRequest download = post(server.port());
    download.method = "GET";
    download.body.clear();
    download.save_to = directory.path / "down";
    CHECK(perform(client, download)->body.empty());
    std::ifstream file(download.save_to);
    CHECK(std::string{std::istreambuf_iterator<char>(file), {}} == "bytes");

    HttpRequest upload = post(server.port(), "");
    upload.form = {{.name = "type", .value = "image/png", .file = {}, .file_name = {}, .mime = {}},
                   {.name = "file", .value = {}, .file = download.save_to, .file_name = "a.png", .mime = "image/png"}};
    CHECK(perform(client, upload)->status == 200);
    CHECK(seen.find("filename=\"a.png\"") != std::string::npos);
    CHECK(seen.find("\r\n\r\nbytes\r\n") != std::string::npos);
}

TEST_CASE("ending the client ends the calls in hand") {
    std::promise<void> taken;
    std::promise<void> end;
    const RawServer server([&](RawSocket& socket) {
        read_request(socket);
        taken.set_value();
        end.get_future().wait();
    });
    std::promise<Result<HttpReply>> promise;
    {
        net::Client client;
        client.perform(post(server.port()), [&](Result<HttpReply> reply) { promise.set_value(std::move(reply)); });
        taken.get_future().get();
    }
    end.set_value();
    CHECK(promise.get_future().get().error().kind == ErrorKind::left_no_answer);
}
