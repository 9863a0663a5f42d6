// The HTTP server as a client on the wire sees it.
#include "net/server.hpp"

#include "support/raw_socket.hpp"
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <future>

using namespace okno;
using namespace okno::tests;
using net::Respond;
using net::ServerReply;
using net::ServerRequest;

namespace {

ServerReply echo(const ServerRequest& request) {
    ServerReply reply;
    reply.body = request.method + " " + request.path;
    for (const auto& [key, value] : request.query)
        reply.body += " " + key + "=" + value;
    reply.body += " [" + request.body + "]";
    return reply;
}

net::ServerOptions echoing() {
    net::ServerOptions options;
    options.max_body = [](std::string_view) { return 100; };
    options.handle = [](ServerRequest request, const Respond& respond) { respond(echo(request)); };
    return options;
}

}  // namespace

TEST_CASE("a request arrives with its path and query decoded, and keeps the connection for the next") {
    const net::Server server(echoing());
    const RawSocket socket = RawSocket::connect_to(server.port());
    socket.write("GET /a%20b?q=%D0%B0+c&x= HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK(socket.read_answer().ends_with("GET /a b q=\xD0\xB0 c x= []"));
    socket.write("POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc");
    CHECK(socket.read_answer().ends_with("POST /p [abc]"));
}

TEST_CASE("two requests in one packet are answered in their order") {
    const net::Server server(echoing());
    const RawSocket socket = RawSocket::connect_to(server.port());
    socket.write("GET /1 HTTP/1.1\r\nHost: t\r\n\r\nGET /2 HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK(socket.read_answer().ends_with("GET /1 []"));
    CHECK(socket.read_answer().ends_with("GET /2 []"));
}

TEST_CASE("a body over the limit is 413, told or chunked, and the handler never sees it") {
    std::atomic<int> handled{0};
    net::ServerOptions options = echoing();
    options.handle = [&](const ServerRequest&, const Respond& respond) {
        ++handled;
        respond({});
    };
    const net::Server server(std::move(options));
    CHECK(ask(server.port(), "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 101\r\n\r\n").starts_with("HTTP/1.1 413"));
    const std::string chunk(200, 'x');
    CHECK(ask(server.port(),
              "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nc8\r\n" + chunk + "\r\n0\r\n\r\n")
              .starts_with("HTTP/1.1 413"));
    CHECK(handled == 0);
}

TEST_CASE("a head over 16 KiB is 431, garbage is 400, and the server goes on") {
    const net::Server server(echoing());
    CHECK(ask(server.port(), "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n")
              .starts_with("HTTP/1.1 431"));
    CHECK(ask(server.port(), "\x16\x03\x01 nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
    CHECK(ask(server.port(), "GET /%zz HTTP/1.1\r\nHost: t\r\n\r\n").starts_with("HTTP/1.1 400"));
    CHECK(ask(server.port(), "GET /ok HTTP/1.1\r\nHost: t\r\n\r\n").ends_with("GET /ok []"));
}

TEST_CASE("a client that asks first is told to go on before it sends its body") {
    const net::Server server(echoing());
    const RawSocket socket = RawSocket::connect_to(server.port());
    socket.write("POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    CHECK(socket.read_until("\r\n\r\n").starts_with("HTTP/1.1 100"));
    socket.write("ab");
    CHECK(socket.read_answer().ends_with("[ab]"));
}

TEST_CASE("a handler may answer later from another thread, and one that never answers becomes 500") {
    net::ServerOptions options = echoing();
    std::promise<Respond> held;
    options.handle = [&](const ServerRequest& request, Respond respond) {
        if (request.path == "/later") held.set_value(std::move(respond));
    };
    const net::Server server(std::move(options));
    CHECK(ask(server.port(), "GET /dropped HTTP/1.1\r\nHost: t\r\n\r\n").starts_with("HTTP/1.1 500"));
    const RawSocket socket = RawSocket::connect_to(server.port());
    socket.write("GET /later HTTP/1.1\r\nHost: t\r\n\r\n");
    std::thread([respond = held.get_future().get()] { respond({.status = 202, .headers = {}}); }).join();
    CHECK(socket.read_answer().starts_with("HTTP/1.1 202"));
}

TEST_CASE("a spooled body is a file of the same bytes, and a broken upload leaves none") {
    TemporaryDirectory directory;
    net::ServerOptions options;
    options.max_body = [](std::string_view) { return 10 << 20; };
    options.spool_to = [&](std::string_view) { return directory.path.string(); };
    options.handle = [](const ServerRequest& request, const Respond& respond) {
        std::ifstream file(request.body_file, std::ios::binary);
        ServerReply reply;
        reply.body = std::to_string(std::string{std::istreambuf_iterator<char>(file), {}}.size());
        std::filesystem::remove(request.body_file);
        respond(std::move(reply));
    };
    const net::Server server(std::move(options));
    const std::string body(300'000, 'x');
    CHECK(
        ask(server.port(), "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 300000\r\n\r\n" + body).ends_with("300000"));
    RawSocket broken = RawSocket::connect_to(server.port());
    broken.write("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 300000\r\n\r\nabc");
    broken.close();
    while (!std::filesystem::is_empty(directory.path))
        std::this_thread::yield();
}

TEST_CASE("a piece of a file is sent as the body") {
    TemporaryDirectory directory;
    const std::string path = directory.path / "file";
    std::ofstream(path, std::ios::binary) << std::string(100'000, 'a') << "bcd" << std::string(100'000, 'e');
    net::ServerOptions options;
    options.handle = [&](const ServerRequest&, const Respond& respond) {
        respond({.status = 206, .headers = {}, .file = net::FilePiece{path, 99'999, 5}});
    };
    const net::Server server(std::move(options));
    CHECK(ask(server.port(), "GET / HTTP/1.1\r\nHost: t\r\n\r\n").ends_with("\r\n\r\nabcde"));
    CHECK(ask(server.port(), "HEAD / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n").ends_with("\r\n\r\n"));
}

TEST_CASE("stopping lets the request in hand finish and closes idle connections at once") {
    net::ServerOptions options;
    std::promise<Respond> held;
    options.handle = [&](const ServerRequest&, Respond respond) { held.set_value(std::move(respond)); };
    net::Server server(std::move(options));
    const RawSocket idle = RawSocket::connect_to(server.port());
    const RawSocket busy = RawSocket::connect_to(server.port());
    busy.write("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    const Respond respond = held.get_future().get();
    std::thread stopping([&] { server.stop(std::chrono::seconds(20)); });
    CHECK(idle.read_all().empty());
    respond({.status = 204, .headers = {}});
    const std::string answer = busy.read_all();
    CHECK(answer.starts_with("HTTP/1.1 204"));
    CHECK(answer.find("Connection: close") != std::string::npos);
    stopping.join();
}

TEST_CASE("connections over the limit are answered 503") {
    net::ServerOptions options = echoing();
    options.max_connections = 1;
    const net::Server server(std::move(options));
    const RawSocket first = RawSocket::connect_to(server.port());
    first.write("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    first.read_answer();
    CHECK(RawSocket::connect_to(server.port()).read_all().starts_with("HTTP/1.1 503"));
}

TEST_CASE("an address or a query that is no text is refused") {
    const net::Server server(echoing());
    for (const char* target : {"/%ff", "/a?q=%ff", "/a?q=%00", "/%00", "/a?%ed%a0%80=1", "/%zz"})
        CHECK_MESSAGE(ask(server.port(), std::string("GET ") + target + " HTTP/1.1\r\nHost: t\r\n\r\n")
                          .starts_with("HTTP/1.1 400"),
                      target);
}

TEST_CASE("broken chunks and a wrong length are 400, and the server goes on") {
    const net::Server server(echoing());
    CHECK(ask(server.port(), "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
              .starts_with("HTTP/1.1 400"));
    CHECK(ask(server.port(), "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
              .starts_with("HTTP/1.1 400"));
    CHECK(ask(server.port(), "GET / HTTP/1.1\r\nHost: t\r\n\r\n").starts_with("HTTP/1.1 200"));
}

TEST_CASE("refusals look as the options say") {
    net::ServerOptions options = echoing();
    options.refusal = [](int status, const std::string&) {
        return ServerReply{.status = status, .headers = {}, .body = "mine"};
    };
    const net::Server server(std::move(options));
    CHECK(ask(server.port(), "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 101\r\n\r\n").ends_with("mine"));
}

TEST_CASE("a body that is not admitted is neither asked for nor stored") {
    TemporaryDirectory folder;
    net::ServerOptions options = echoing();
    options.max_body = [](std::string_view) { return 1'000'000; };
    options.spool_to = [&](std::string_view) { return folder.path.string(); };
    options.admit = [](const ServerRequest& head, const std::function<void()>& go_on, const Respond& refuse) {
        head.headers.get("Authorization").empty() ? refuse({.status = 401}) : go_on();
    };
    const net::Server server(std::move(options));
    const std::string head = "POST /u HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nExpect: 100-continue\r\n";
    CHECK(ask(server.port(), head + "\r\n").starts_with("HTTP/1.1 401"));
    CHECK(std::filesystem::is_empty(folder.path));
    const RawSocket socket = RawSocket::connect_to(server.port());
    socket.write(head + "Authorization: x\r\n\r\n");
    CHECK(socket.read_until("\r\n\r\n").starts_with("HTTP/1.1 100"));
    socket.write("abc");
    CHECK(socket.read_answer().starts_with("HTTP/1.1 200"));
}

static net::ServerOptions telling_peer(std::vector<std::string> trusted) {
    net::ServerOptions options;
    options.trusted_proxies = std::move(trusted);
    options.handle = [](const ServerRequest& request, const Respond& respond) {
        ServerReply reply;
        reply.body = request.peer + (request.peer_is_loopback ? " here" : "");
        respond(std::move(reply));
    };
    return options;
}

static std::string peer_told(const net::Server& server, const std::string& fields) {
    const std::string answer = ask(server.port(), "GET / HTTP/1.1\r\nHost: t\r\n" + fields + "\r\n");
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

TEST_CASE("X-Forwarded-For of a stranger is not believed, but shows that somebody stands between") {
    const net::Server server(telling_peer({}));
    CHECK(peer_told(server, "") == "127.0.0.1 here");
    CHECK(peer_told(server, "X-Forwarded-For: 9.9.9.9\r\n") == "127.0.0.1");
    CHECK(peer_told(server, "Forwarded: for=9.9.9.9\r\n") == "127.0.0.1");
}

TEST_CASE("behind a trusted proxy the client is the last address that is no proxy of ours") {
    const net::Server server(telling_peer({"127.0.0.1", "10.0.0.0/8", "fd00::/8"}));
    CHECK(peer_told(server, "X-Forwarded-For: 9.9.9.9\r\n") == "9.9.9.9");
    CHECK(peer_told(server, "X-Forwarded-For: 1.1.1.1, 9.9.9.9, 10.1.2.3\r\n") == "9.9.9.9");
    CHECK(peer_told(server, "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 9.9.9.9:4711\r\n") == "9.9.9.9");
    CHECK(peer_told(server, "X-Forwarded-For: [2001:db8::1]:99, fd00::1\r\n") == "2001:db8::1");
    CHECK(peer_told(server, "X-Forwarded-For: ::ffff:9.9.9.9\r\n") == "9.9.9.9");
    CHECK(peer_told(server, "X-Forwarded-For: rubbish\r\n") == "127.0.0.1");
    CHECK(peer_told(server, "X-Forwarded-For: 127.0.0.1\r\n") == "127.0.0.1");
}

TEST_CASE("a network of trusted proxies that is none is named") {
    CHECK_THROWS_WITH(net::Server(telling_peer({"10.0.0.0/33"})), doctest::Contains("`10.0.0.0/33` is neither"));
}

TEST_CASE("behind a trusted proxy one client holds only so many requests at a time") {
    net::ServerOptions options = telling_peer({"127.0.0.1"});
    options.max_connections_per_address = 1;
    std::promise<Respond> held;
    options.handle = [&](const ServerRequest& request, const Respond& respond) {
        request.path == "/held" ? held.set_value(respond) : respond({.status = 204});
    };
    const net::Server server(std::move(options));
    const RawSocket first = RawSocket::connect_to(server.port());
    first.write("GET /held HTTP/1.1\r\nHost: t\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n");
    const Respond respond = held.get_future().get();
    const auto other = [&](const std::string& from) {
        return ask(server.port(), "GET / HTTP/1.1\r\nHost: t\r\nX-Forwarded-For: " + from + "\r\n\r\n");
    };
    CHECK(other("9.9.9.9").starts_with("HTTP/1.1 503"));
    CHECK(other("8.8.8.8").starts_with("HTTP/1.1 204"));
    respond({.status = 204});
    CHECK(first.read_answer().starts_with("HTTP/1.1 204"));
    CHECK(other("9.9.9.9").starts_with("HTTP/1.1 204"));
}
