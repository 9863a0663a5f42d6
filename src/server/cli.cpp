#include "server/cli.hpp"

#include "base/log.hpp"
#include "messengers/registry.hpp"
#include "server/admin.hpp"
#include "server/backup_commands.hpp"
#include "server/control_socket.hpp"
#include "server/demo.hpp"
#include "server/erase_command.hpp"
#include "server/media_store.hpp"
#include "server/migrate_command.hpp"
#include "server/server.hpp"
#include "storage/erasures_file.hpp"
#include "storage/open_storage.hpp"
#include "storage/secret_key.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <iterator>

namespace okno::server {

namespace {

struct Flags {
    std::string config_file = "okno.toml";
    std::map<std::string, std::string> values;
    std::string workspace, email, role = "operator", name, user_name;
    bool is_password_from_input = false;
    std::string folder, contact, conversation, phone, copied_at;  // of backup, restore and erase
    std::vector<std::string> ledgers;
    bool may_replace = false;
    std::string from, to;  // of migrate-database
};

// Exit codes: 0 done, 1 it did not work, 2 the command line or a setting is wrong.
constexpr int wrong_usage = 2;

int complain(const std::string& sentence) {
    fmt::print(stderr, "okno: {}\n", sentence);
    return 1;
}

Result<Configuration> configuration_of(const CLI::App& app, const Flags& flags) {
    const bool is_named = app.get_option("--config")->count() > 0;
    return read_configuration(
        flags.config_file, is_named, [](const char* name) { return std::getenv(name); }, flags.values);
}

void begin_log(const Configuration& configuration) {
    const std::map<std::string, LogLevel> levels{{"debug", LogLevel::debug},
                                                 {"info", LogLevel::info},
                                                 {"warning", LogLevel::warning},
                                                 {"error", LogLevel::error}};
    start_log(configuration.log_format == "json" ? LogFormat::json : LogFormat::text,
              levels.at(configuration.log_level));
}

// Those that end the server, and the one at which it reads its certificate again. Without a certificate SIGHUP means
// what it always does: that the terminal is gone.
sigset_t awaited_signals(bool has_certificate) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (has_certificate) sigaddset(&signals, SIGHUP);
    return signals;
}

int serve(const Configuration& configuration) {
    begin_log(configuration);
    // Blocked before any thread is made, so that only this one waits for them.
    const sigset_t signals = awaited_signals(configuration.has_tls());
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // a closed log or connection must not end the server
    Server server(configuration, false);
    fmt::print("okno listening on {}\n", server.url());
    std::fflush(stdout);
    int signal = 0;
    while (sigwait(&signals, &signal) != 0 || signal == SIGHUP)
        if (signal == SIGHUP) server.reload_certificate();
    log(LogLevel::info, "stopping");
    server.stop();
    return 0;
}

// On the opened files.
Result<boost::json::object> run_alone(const Configuration& configuration, const boost::json::object& request) {
    const std::filesystem::path directory = configuration.data_dir;
    const storage::Storage storage =
        storage::open_storage({.directory = directory, .database = configuration.database});
    if (request.at("command") != "erase") return run_admin(*storage.store, request, Clock::real_now());
    const auto files = open_media(configuration, directory);
    storage::ErasuresFile ledger(directory / "erasures.log", storage::read_key(directory));
    return run_erase({*storage.store, *files, ledger, find_messenger, [] { return true; }}, request, Clock::real_now());
}

// Through the running server when there is one, else on the opened files.
// `may_make`: a new directory becomes an Okno, otherwise it is refused.
int admin(const Configuration& configuration, const boost::json::object& request, bool may_make = false) {
    const std::filesystem::path directory = configuration.data_dir;
    storage::check_owner(directory);
    storage::check_restored(directory);
    if (!may_make && configuration.database.empty() && !std::filesystem::exists(directory / "okno.db"))
        return complain(fmt::format("There is no Okno in {}: name its folder with --data-dir.", directory.string()));
    auto answer = ask_server(directory / "okno.sock", request);
    if (!answer) answer = run_alone(configuration, request);
    if (!*answer) return complain(answer->error().detail);
    std::string text(answer->value().at("text").as_string());
    if (!text.ends_with('\n')) text += '\n';
    fmt::print("{}", text);
    return answer->value().contains("is_well") && !answer->value().at("is_well").as_bool() ? 1 : 0;
}

std::string password_from_input() {
    std::string password{std::istreambuf_iterator<char>(std::cin), {}};
    while (password.ends_with('\n') || password.ends_with('\r'))
        password.pop_back();
    return password;
}

boost::json::object user_request(const Flags& flags) {
    return {{"command", "user_create"}, {"workspace", flags.workspace},
            {"email", flags.email},     {"role", flags.role},
            {"name", flags.user_name},  {"password", flags.is_password_from_input ? password_from_input() : ""}};
}

int say(const std::string& text) {
    fmt::print("{}", text);
    return 0;
}

int after_restore(const Configuration& configuration, const Flags& flags) {
    const auto copied_at = parse_rfc3339(flags.copied_at);
    if (!copied_at && !flags.copied_at.empty()) {
        complain("--copied-at: expected a time such as 2026-03-02T10:00:00Z");
        return wrong_usage;
    }
    return say(finish_copied(configuration, copied_at, {flags.ledgers.begin(), flags.ledgers.end()}));
}

// A flag that is also a setting of okno.toml.
void add_setting(CLI::App* app, Flags& flags, const std::string& flag, const std::string& name,
                 const std::string& about) {
    app->add_option_function<std::string>(
        flag, [&flags, name](const std::string& value) { flags.values[name] = value; }, about);
}

}  // namespace

int run_command_line(int argc, char** argv) {
    CLI::App app{"Okno: one window in which a company talks to its customers in all messengers."};
    Flags flags;
    app.set_version_flag("--version", "okno " OKNO_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--config", flags.config_file, "settings file (okno.toml)");
    add_setting(&app, flags, "--data-dir", "data_dir", "folder of the databases (data)");

    CLI::App* serve_command = app.add_subcommand("serve", "Runs the server.");
    CLI::App* demo_command = app.add_subcommand("demo", "Runs a sample company with simulated messengers.");
    CLI::App* config_command = app.add_subcommand("config", "Prints the effective settings.");
    for (CLI::App* command : {serve_command, config_command}) {
        add_setting(command, flags, "--public-url", "public_url", "address as providers reach it");
        add_setting(command, flags, "--threads", "threads", "I/O threads");
        add_setting(command, flags, "--trusted-proxies", "trusted_proxies", "whose X-Forwarded-For is believed (A,B)");
    }
    for (CLI::App* command : {serve_command, config_command, demo_command}) {
        add_setting(command, flags, "--listen", "listen", "HOST:PORT (127.0.0.1:8080)");
        add_setting(command, flags, "--web-dir", "web_dir", "pages from a folder instead of the built-in ones");
        add_setting(command, flags, "--log-format", "log.format", "text or json");
        add_setting(command, flags, "--log-level", "log.level", "debug, info, warning or error");
    }
    std::string simulator_listen = "127.0.0.1:8099";
    demo_command->add_option("--simulator-listen", simulator_listen, "HOST:PORT of the simulator (127.0.0.1:8099)");

    CLI::App* admin_command = app.add_subcommand("admin", "Works on a data directory, also beside a running server.");
    admin_command->require_subcommand(1);
    CLI::App* user = admin_command->add_subcommand("user", "Users.")->require_subcommand(1);
    CLI::App* user_create = user->add_subcommand("create", "Makes a user who can sign in.");
    user_create->add_option("--workspace", flags.workspace, "name of the workspace; made when it is new")->required();
    user_create->add_option("--email", flags.email)->required();
    user_create->add_option("--name", flags.user_name, "shown to colleagues");
    user_create->add_option("--role", flags.role, "owner, admin or operator");
    user_create->add_flag("--password-stdin", flags.is_password_from_input, "reads the password")->required();
    CLI::App* token = admin_command->add_subcommand("token", "API tokens.")->require_subcommand(1);
    CLI::App* token_create = token->add_subcommand("create", "Makes a token and prints it.");
    token_create->add_option("--email", flags.email, "whose rights it has")->required();
    token_create->add_option("--name", flags.name, "what it is for")->required();
    CLI::App* doctor = admin_command->add_subcommand("doctor", "Looks whether all is well.");
    CLI::App* backup = admin_command->add_subcommand("backup", "Copies databases and files into a new folder.");
    backup->add_option("DIR", flags.folder, "the folder that is made")->required();
    CLI::App* restore = admin_command->add_subcommand("restore", "Puts a backup into a data directory.");
    restore->add_option("DIR", flags.folder, "the backup")->required();
    restore->add_flag("--replace", flags.may_replace, "moves databases that are there into a folder beside");
    CLI::App* after =
        admin_command->add_subcommand("after-restore", "What a restore does, on databases copied already.");
    after->add_option("--copied-at", flags.copied_at, "when the copy was begun; without it every erasure is repeated");
    for (CLI::App* command : {restore, after})
        command->add_option("--erasures", flags.ledgers, "further erasures.log, such as of the machine that is gone");
    CLI::App* move = admin_command->add_subcommand("migrate-database", "Copies the databases into PostgreSQL.");
    move->add_option("--from", flags.from, "the data directory")->required();
    move->add_option("--to", flags.to, "an empty database, postgresql://user@host:5432/name")->required();
    CLI::App* erase = admin_command->add_subcommand("erase", "Forgets a contact for good.");
    erase->add_option("--workspace", flags.workspace)->required();
    CLI::Option* contact = erase->add_option("--contact", flags.contact, "id of the contact");
    CLI::Option* conversation = erase->add_option("--conversation", flags.conversation, "id in the page's address");
    conversation->excludes(contact);
    erase->add_option("--phone", flags.phone, "in all channels")->excludes(contact)->excludes(conversation);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : wrong_usage;
    }
    try {
        const Result<Configuration> configuration = configuration_of(app, flags);
        if (!configuration) {
            complain(configuration.error().detail);
            return wrong_usage;
        }
        if (*serve_command) return serve(*configuration);
        if (*demo_command) return run_demo(*configuration, simulator_listen, !flags.values.contains("data_dir"));
        if (*config_command) {
            fmt::print("{}", write_configuration(*configuration));
            return 0;
        }
        if (*user_create) return admin(*configuration, user_request(flags), true);
        if (*token_create)
            return admin(*configuration, {{"command", "token_create"}, {"email", flags.email}, {"name", flags.name}});
        if (*backup) return say(back_up_to(*configuration, flags.folder));
        if (*restore)
            return say(restore_from(*configuration, flags.folder,
                                    {flags.may_replace, {flags.ledgers.begin(), flags.ledgers.end()}}));
        if (*after) return after_restore(*configuration, flags);
        if (*move) return say(migrate_to(flags.from, flags.to));
        if (*erase)
            return admin(*configuration, {{"command", "erase"},
                                          {"workspace", flags.workspace},
                                          {"contact", flags.contact},
                                          {"conversation", flags.conversation},
                                          {"phone", flags.phone}});
        if (*doctor) return admin(*configuration, {{"command", "doctor"}});
    } catch (const std::exception& reason) {
        return complain(reason.what());
    }
    return 0;
}

}  // namespace okno::server
