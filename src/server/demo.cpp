#include "server/demo.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "net/client.hpp"
#include "server/child_process.hpp"
#include "server/demo_history.hpp"
#include "server/server.hpp"

#include <fmt/format.h>

#include <stdlib.h>

#include <csignal>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <string_view>

namespace okno::embedded {
extern const std::string_view demo_world;
}

namespace okno::server {

namespace json = boost::json;

namespace {

constexpr const char* password = "okno-demo-2026";

// A call to the simulator; throws with its answer when it refuses.
json::value ask(net::Client& client, const std::string& method, const std::string& url, const json::value& body) {
    HttpRequest request{.method = method, .url = url};
    request.headers.set("Content-Type", "application/json");
    if (!body.is_null()) request.body = json::serialize(body);
    request.timeout = std::chrono::seconds(10);
    request.allow_private_network = true;
    std::promise<Result<HttpReply>> promise;
    client.perform(std::move(request), [&](Result<HttpReply> reply) { promise.set_value(std::move(reply)); });
    const Result<HttpReply> reply = promise.get_future().get();
    if (!reply) throw std::runtime_error("The simulator does not answer: " + reply.error().detail);
    if (reply->status / 100 != 2)
        throw std::runtime_error(fmt::format("The simulator refused {}: {}", url, reply->body));
    auto document = parse_json(reply->body.empty() ? "{}" : reply->body);
    return document ? std::move(*document) : json::value(nullptr);
}

std::string url_in(const std::string& line) {
    const std::size_t at = line.find("http://");
    if (at == std::string::npos) throw std::runtime_error("The simulator did not start. Is its port in use?");
    return line.substr(at);
}

// The server follows the simulator's clock, which is the demo's one clock.
void follow_clock(Server& server, net::Client& client, const std::string& simulator) {
    try {
        const json::value clock = ask(client, "GET", simulator + "/sim/clock", nullptr);
        const std::chrono::milliseconds wanted(JsonView(clock)["offset_ms"].integer().value_or(0));
        if (wanted > server.clock().offset()) server.move_clock(wanted - server.clock().offset());
    } catch (const std::exception& reason) {
        log(LogLevel::warning, "the simulator's clock cannot be read", {{"reason", reason.what()}});
    }
}

void tell(const Server& server, const std::string& simulator, const json::value& sample) {
    fmt::print(
        "\nThe demo runs. Nothing leaves this machine.\n\n"
        "  Phone and inbox side by side   {}/demo\n"
        "  The inbox                      {}/\n"
        "  The customers' phones          {}/\n\n",
        simulator, server.url(), simulator);
    const JsonView users = JsonView(sample)["users"];
    for (std::size_t i = 0; i < users.size(); ++i)
        fmt::print("  Sign in as {} with the password {}\n", users.at(i)["email"].text_or(""), password);
    fmt::print("\nCtrl+C ends it.\n");
    std::fflush(stdout);
}

void wait_for_signal(const std::function<void()>& meanwhile) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    const timespec pause{.tv_sec = 0, .tv_nsec = 300'000'000};
    while (sigtimedwait(&signals, nullptr, &pause) < 0)
        meanwhile();
}

void run(const Configuration& configuration, const std::string& simulator_listen) {
    const auto parsed = parse_json(embedded::demo_world);
    if (!parsed) throw std::runtime_error("The demo's description is broken: " + parsed.error().detail);
    const json::object& sample = parsed->as_object();
    Server server(configuration, true);
    const ChildProcess process("okno-sim", {"--listen", simulator_listen, "--okno-url", server.url()});
    const std::string simulator = url_in(process.read_line());
    net::Client client;
    json::value world = sample.at("world");
    const std::string key = fill_demo(server.store(), sample, simulator, password, server.clock().now());
    server.channels_changed();
    for (json::value& app : world.at("apps").as_array())
        app.as_object()["callback_url"] = server.url() + "/hooks/" + key;
    ask(client, "POST", simulator + "/sim/world", world);
    for (const json::value& line : sample.at("live").as_array())
        ask(client, "POST", fmt::format("{}/sim/phones/{}/messages", simulator, JsonView(line)["phone"].text_or("")),
            line);
    tell(server, simulator, *parsed);
    wait_for_signal([&] { follow_clock(server, client, simulator); });
    server.stop();
}

}  // namespace

int run_demo(Configuration configuration, const std::string& simulator_listen, bool is_temporary) {
    configuration.log_level = configuration.log_level == "info" ? "warning" : configuration.log_level;
    start_log(LogFormat::text, configuration.log_level == "debug" ? LogLevel::debug : LogLevel::warning);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    if (!is_temporary) {
        run(configuration, simulator_listen);
        return 0;
    }
    std::string directory = (std::filesystem::temp_directory_path() / "okno-demo-XXXXXX").string();
    if (::mkdtemp(directory.data()) == nullptr) throw std::runtime_error("No temporary folder could be made.");
    configuration.data_dir = directory;
    try {
        run(configuration, simulator_listen);
    } catch (...) {
        std::filesystem::remove_all(directory);
        throw;
    }
    std::filesystem::remove_all(directory);
    return 0;
}

}  // namespace okno::server
