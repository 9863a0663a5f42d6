// okno-sim: behaves as the messengers' providers and as their customers' phones.
#include "core/answer.hpp"
#include "core/core.hpp"
#include "core/pages.hpp"
#include "core/provider.hpp"
#include "net/server.hpp"
#include "providers/max/max.hpp"
#include "providers/meta/meta.hpp"
#include "providers/gateway/gateway.hpp"
#include "providers/telegram/telegram.hpp"
#include "providers/viber/viber.hpp"
#include "providers/vk/vk.hpp"
#include "providers/whatsapp/whatsapp.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace {

using namespace okno;

struct Options {
    std::string listen = "127.0.0.1:0";
    std::string public_url;
    std::string okno_url;
    std::string start;
    std::int64_t retry_base_ms = 200;
};

// "127.0.0.1:8099" in two; throws when it is anything else.
std::pair<std::string, std::uint16_t> split_address(const std::string& listen) {
    const std::size_t colon = listen.rfind(':');
    if (colon == std::string::npos) throw std::runtime_error("--listen needs ADDRESS:PORT");
    const int port = std::stoi(listen.substr(colon + 1));
    if (port < 0 || port > 65'535) throw std::runtime_error("--listen needs a port from 0 to 65535");
    return {listen.substr(0, colon), static_cast<std::uint16_t>(port)};
}

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void serve(const Options& options) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread, so that only sigwait sees them

    sim::Core core;
    core.okno_url = options.okno_url;
    core.settings.change({{"retry_base_ms", options.retry_base_ms}});
    sim::max::Max max(core);
    sim::meta::Meta meta(core);
    sim::telegram::Telegram telegram(core);
    sim::viber::Viber viber(core);
    sim::vk::Vk vk(core);
    sim::gateway::Gateway gateway(core);
    sim::whatsapp::WhatsApp whatsapp(core);
    // Asked in this order: WhatsApp's API has no prefix.
    const sim::Providers providers{&gateway, &max, &meta, &telegram, &viber, &vk, &whatsapp};

    const auto [address, port] = split_address(options.listen);
    net::ServerOptions server_options;
    server_options.address = address;
    server_options.port = port;
    server_options.threads = 2;
    server_options.max_body = [](std::string_view) { return std::uint64_t{128} << 20; };
    server_options.handle = [&](net::ServerRequest request, net::Respond respond) {
        try {
            if (sim::answer_core(core, request, respond)) return;
            if (auto page = sim::answer_page(core, request)) return respond(std::move(*page));
            if (sim::answer_for_all(core, providers, request, respond)) return;
            const auto owner = std::ranges::find_if(
                providers, [&](const sim::Provider* provider) { return provider->owns(request.path); });
            (*owner)->answer(std::move(request), respond);
        } catch (const std::exception& error) {  // a world of odd shape, say: the caller shall see it, not a crash
            respond(sim::refusal(500, error.what()));
        }
    };
    net::Server server(std::move(server_options));
    const std::string own_url = "http://" + address + ":" + std::to_string(server.port());
    core.public_url = options.public_url.empty() ? own_url : options.public_url;
    if (!options.start.empty()) sim::create_world(core, providers, read_file(options.start));

    std::printf("okno-sim listening on %s\n", own_url.c_str());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&signals, &signal);
    core.silence.clear();
    for (sim::Provider* provider : providers)
        provider->close();
    server.stop(std::chrono::milliseconds(500));
    core.timers.stop();
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Behaves as the messengers' providers and as their customers' phones.", "okno-sim");
    app.add_option("--listen", options.listen, "ADDRESS:PORT, port 0 takes a free one")->capture_default_str();
    app.add_option("--public-url", options.public_url, "how clients reach this program, for media addresses");
    app.add_option("--okno-url", options.okno_url, "Okno's window beside the phone on /demo");
    app.add_option("--start", options.start, "a JSON file with the world to begin with");
    app.add_option("--retry-base-ms", options.retry_base_ms, "the first pause before a webhook is repeated")
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        serve(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "okno-sim: %s\n", error.what());
        return 1;
    }
    return 0;
}
