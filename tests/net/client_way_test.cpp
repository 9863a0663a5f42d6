// The way of an outbound call: through a proxy, and to a server whose certificate only this call trusts.
#include "net/client.hpp"

#include "net/server.hpp"
#include "support/raw_socket.hpp"
#include "support/storage_fixture.hpp"
#include "support/tls_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <future>
#include <sstream>

using namespace okno;
using namespace okno::tests;

namespace {

Result<HttpReply> perform(HttpRequest request) {
    net::Client client;
    request.timeout = std::chrono::seconds(20);
    std::promise<Result<HttpReply>> promise;
    client.perform(std::move(request), [&](Result<HttpReply> reply) { promise.set_value(std::move(reply)); });
    return promise.get_future().get();
}

std::string text_of(const std::filesystem::path& file) {
    std::ostringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
}

// A gateway of the company's own: its certificate is signed by nobody known.
struct Gateway {
    TemporaryDirectory folder;
    std::unique_ptr<net::Server> server;

    Gateway() {
        write_certificate(folder.path, "gateway", 7);
        net::ServerOptions options;
        options.tls = net::TlsFiles{folder.path / "gateway.crt", folder.path / "gateway.key"};
        options.handle = [](const net::ServerRequest&, const net::Respond& respond) {
            net::ServerReply reply;
            reply.body = "ours";
            respond(std::move(reply));
        };
        server = std::make_unique<net::Server>(std::move(options));
    }
    HttpRequest call() const {
        return {.url = fmt::format("https://localhost:{}/send", server->port()), .allow_private_network = true};
    }
};

}  // namespace

TEST_CASE("a certificate that the system does not know is trusted by the call that brings it, and by no other") {
    const Gateway gateway;
    HttpRequest trusting = gateway.call();
    trusting.trusted_certificate = text_of(gateway.folder.path / "gateway.crt");
    const auto reply = perform(trusting);
    REQUIRE(reply);
    CHECK(reply->body == "ours");
    const auto refused = perform(gateway.call());
    REQUIRE(!refused);
    CHECK(refused.error().kind == ErrorKind::never_left);
}

TEST_CASE("another certificate is not enough") {
    const Gateway gateway;
    write_certificate(gateway.folder.path, "other", 8);
    HttpRequest request = gateway.call();
    request.trusted_certificate = text_of(gateway.folder.path / "other.crt");
    const auto refused = perform(request);
    REQUIRE(!refused);
    CHECK(refused.error().kind == ErrorKind::never_left);
}

TEST_CASE("a call goes through its proxy, which is asked for the provider") {
    std::string seen;
    const RawServer proxy([&](RawSocket& socket) {
        seen = socket.read_answer();
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    const auto reply = perform({.url = "http://provider.example/send",
                                .proxy = fmt::format("http://127.0.0.1:{}", proxy.port()),
                                .allow_private_network = true});
    REQUIRE(reply);
    CHECK(reply->body == "ok");
    CHECK(seen.starts_with("GET http://provider.example/send HTTP/1.1\r\n"));
}

TEST_CASE("a proxy in a private network is refused like everything there") {
    const auto refused = perform({.url = "http://provider.example/send", .proxy = "http://127.0.0.1:9"});
    REQUIRE(!refused);
    CHECK(refused.error().kind == ErrorKind::never_left);
    CHECK(refused.error().detail.find("private network") != std::string::npos);
}
