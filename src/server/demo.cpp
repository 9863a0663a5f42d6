#include "server/demo.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "net/client.hpp"
#include "server/child_process.hpp"
#include "server/demo_channels.hpp"
#include "server/demo_history.hpp"
#include "server/server.hpp"

#include <fmt/format.h>

#include <stdlib.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace okno::embedded {
extern const std::string_view demo_world;
}

namespace okno::server {

namespace json = boost::json;

namespace {

constexpr const char* password = "okno-demo-2026";

std::string url_in(const std::string& line) {
    const std::size_t at = line.find("http://");
    if (at == std::string::npos) throw std::runtime_error("The simulator did not start. Is its port in use?");
    return line.substr(at);
}

// The server follows the simulator's clock, which is the demo's one clock.
void follow_clock(Server& server, const DemoParty& simulator) {
    try {
        const json::value clock = simulator.ask("GET", "/sim/clock", nullptr);
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
        "  The customers' phones          {}/phones\n\n",
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
    net::Client client;
    const DemoParty simulator{client, url_in(process.read_line())};
    json::value world = sample.at("world");
    const DemoKeys keys = fill_demo(server.store(), sample, simulator.url, password, server.clock().now());
    server.channels_changed();
    for (json::value& app : world.at("apps").as_array())
        app.as_object()["callback_url"] = server.url() + "/hooks/" + keys.webhook;
    simulator.ask("POST", "/sim/world", world);
    // Providers have to be told where to call, so that the port must be known before the server starts.
    const JsonView whole(*parsed);
    if (!configuration.public_url.empty()) {
        connect_demo_channels({client, server.url(), keys.token}, simulator, whole["channels"]);
        for (std::size_t i = 0; i < whole["said"].size(); ++i)
            simulator.ask("POST", whole["said"].at(i)["path"].text_or(""), *whole["said"].at(i)["body"].raw());
    }
    for (std::size_t i = 0; i < whole["live"].size(); ++i)
        simulator.ask("POST", "/sim/phones/" + whole["live"].at(i)["phone"].text_or("") + "/messages",
                      *whole["live"].at(i).raw());
    tell(server, simulator.url, *parsed);
    wait_for_signal([&] { follow_clock(server, simulator); });
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
    if (configuration.is_on_loopback() && !configuration.listen.ends_with(":0"))
        configuration.public_url = "http://" + configuration.listen;
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
