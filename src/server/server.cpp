#include "server/server.hpp"

#include "app/await.hpp"
#include "app/dispatch.hpp"
#include "app/forget_files.hpp"
#include "app/housekeeping.hpp"
#include "app/name_people.hpp"
#include "app/run_on.hpp"
#include "app/watch_channel.hpp"
#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/thread.hpp"
#include "domain/partition.hpp"
#include "bus/in_process_bus.hpp"
#include "bus/nats_bus.hpp"
#include "http/api/endpoints.hpp"
#include "http/channel_directory.hpp"
#include "http/edge.hpp"
#include "http/file_link.hpp"
#include "http/metrics.hpp"
#include "http/push_hub.hpp"
#include "http/template_cache.hpp"
#include "messengers/registry.hpp"
#include "net/server.hpp"
#include "server/admin.hpp"
#include "server/alarm_loop.hpp"
#include "server/control_socket.hpp"
#include "server/curl_transport.hpp"
#include "server/dispatch_loop.hpp"
#include "server/erase_command.hpp"
#include "server/intake_loop.hpp"
#include "server/media_loop.hpp"
#include "server/poll_loop.hpp"
#include "server/media_store.hpp"
#include "server/open_files.hpp"
#include "storage/erasures_file.hpp"
#include "storage/open_storage.hpp"
#include "storage/search/search_index.hpp"
#include "storage/secret_key.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <future>
#include <mutex>
#include <thread>

namespace okno::server {

namespace asio = boost::asio;

// The demo's page shows the inbox in a frame, from another port of this machine.
constexpr const char* demo_frames = "http://127.0.0.1:* http://localhost:*";

namespace {

// One thread that runs an io_context.
struct Executor {
    explicit Executor(const std::string& name) : thread(start_thread(name, [this] { context.run(); })) {}

    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
    std::thread thread;

    ~Executor() { stop(); }
    void stop() {
        context.stop();
        if (thread.joinable()) thread.join();
    }
};

template <typename Work>
void on_store(Store& store, bool is_write, Work work) {
    std::promise<void> done;
    const auto finish = [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); };
    is_write ? store.write(work, finish) : store.read(work, finish);
    done.get_future().get();
}

}  // namespace

struct Server::Parts {
    Parts(const Configuration& wanted, bool demo) : configuration(wanted), is_demo(demo) {}
    ~Parts() {
        if (bus) bus->subscribe({});
        if (files) files->stop();
        file_work.stop();
        file_work.join();
        if (search) search->stop();
    }

    Configuration configuration;
    bool is_demo;
    Clock clock;
    std::string url;
    std::string link_key;
    std::string public_push_key;
    http::Metrics metrics;
    // In the order of need; destroyed from the last to the first. Requests in hand live in `rim` and answer to
    // `server`.
    std::unique_ptr<net::Server> server;
    Executor rim{"rim"};
    Executor passwords{"passwords"};
    asio::thread_pool file_work{4};  // hashing, and files that come over the network
    std::unique_ptr<CurlTransport> transport;
    std::unique_ptr<Bus> bus;                      // commits are told to it to their end
    std::unique_ptr<storage::SearchIndex> search;  // the store's commits and readers call it to their end
    http::ChannelDirectory directory;              // likewise
    storage::Storage storage;
    std::unique_ptr<MediaFiles> files;
    std::unique_ptr<storage::ErasuresFile> erasures;
    std::shared_ptr<const ChannelWatch> channel_watch;
    http::TemplateCache templates;
    std::unique_ptr<http::PushHub> hub;
    std::unique_ptr<IntakeLoop> intake_loop;
    std::unique_ptr<DispatchLoop> dispatch;
    std::unique_ptr<MediaLoop> media_loop;
    std::unique_ptr<PollLoop> poll_loop;
    std::unique_ptr<AlarmLoop> alarm_loop;
    std::unique_ptr<http::Services> services;
    std::unique_ptr<http::Edge> edge;
    std::unique_ptr<ControlSocket> control;
    // For commits that come before and after the lives of those who are told.
    std::atomic<http::PushHub*> open_hub{nullptr};
    std::atomic<storage::SearchIndex*> open_search{nullptr};
    std::atomic<MediaLoop*> open_media_loop{nullptr};
    std::atomic<IntakeLoop*> open_intake_loop{nullptr};
    bool is_stopped = false;
    bool is_naming = false;
    // Backups that run: what they have yet to copy must stay.
    std::atomic<std::size_t> backups{0};
    std::mutex readiness_mutex;
    Result<void> readiness;
    std::chrono::steady_clock::time_point readiness_known_at;

    void open();
    void open_media_store();
    void heard(const Hint& hint);
    asio::awaitable<void> tell_of_channels();
    void committed(const std::vector<WorkspaceId>& workspaces);
    void settle_left_in_flight();
    void listen();
    void start_housekeeping();
    asio::awaitable<void> keep_house();
    asio::awaitable<void> watch_for_silence();
    asio::awaitable<void> name_people();
    asio::awaitable<void> sweep_waiting();
    asio::awaitable<void> prune();
    asio::awaitable<void> sweep_files();
    Result<boost::json::object> run_command(const boost::json::object& request);
    void tell_readiness(std::function<void(Result<void>)> tell);
    void stop();
};

void Server::Parts::committed(const std::vector<WorkspaceId>& workspaces) {
    if (http::PushHub* open = open_hub.load()) open->changed(workspaces);
    if (MediaLoop* loop = open_media_loop.load()) loop->wake();
    if (storage::SearchIndex* open = open_search.load()) open->wake(workspaces);
    bus->publish(WorkspacesChanged{workspaces});
}

static const Messenger* find(std::string_view name) { return find_messenger(name); }

static std::unique_ptr<Bus> bus_of(const Configuration& configuration) {
    if (configuration.bus.empty()) return std::make_unique<bus::InProcessBus>();
    return std::make_unique<bus::NatsBus>(configuration.bus, configuration.installation);
}

void Server::Parts::open_media_store() {
    files = open_media(configuration, configuration.data_dir);
    if (!configuration.has_media_on_s3()) return;
    // A store that is away may come back, so it does not keep the server from starting; its reason is in the log.
    asio::post(file_work, [this] {
        if (const auto works = files->stored(0); !works)
            log(LogLevel::warning, "the file store does not work now", {{"reason", works.error().detail}});
    });
}

void Server::Parts::open() {
    storage::check_restored(configuration.data_dir);
    bus = bus_of(configuration);
    storage = storage::open_storage({
        .directory = configuration.data_dir,
        .database = configuration.database,
        .shares_files = !configuration.media.empty(),
        .committed = [this](const std::vector<WorkspaceId>& workspaces) { committed(workspaces); },
        .webhooks_arrived =
            [this] {
                if (IntakeLoop* loop = open_intake_loop.load()) loop->wake();
                bus->publish(IntakeChanged{});
            },
    });
    if (storage.leases) storage.leases->check_files_are_shared();
    open_media_store();
    const auto directory_path = std::filesystem::path(configuration.data_dir);
    const SealingKey key = storage::read_key(directory_path);
    link_key = http::file_link_key(key);
    erasures = std::make_unique<storage::ErasuresFile>(directory_path / "erasures.log", key);
    search = storage.leases
                 ? std::make_unique<storage::SearchIndex>(*storage.connector, *storage.leases, *storage.store)
                 : std::make_unique<storage::SearchIndex>(std::filesystem::path(configuration.data_dir) / "search.db",
                                                          *storage.store);
    open_search = search.get();
    transport = std::make_unique<CurlTransport>(configuration.allow_private, metrics);
    if (!storage.leases) settle_left_in_flight();
    on_store(*storage.store, false, [this](StoreSession& session) { directory.load(session); });
    intake_loop = std::make_unique<IntakeLoop>(*storage.store, *storage.intake, find, storage.leases == nullptr);
    open_intake_loop = intake_loop.get();
    auto link = [key = link_key, base = configuration.public_url](WorkspaceId workspace, const OutboundFile& file) {
        return base.empty() ? std::string() : base + http::path_for_provider(key, workspace, file);
    };
    dispatch = std::make_unique<DispatchLoop>(rim.context.get_executor(), file_work.get_executor(), *storage.store,
                                              clock, find, *transport, *files, storage.leases.get(), std::move(link));
    media_loop = std::make_unique<MediaLoop>(rim.context.get_executor(), file_work.get_executor(), *storage.store, find,
                                             *transport, *files);
    open_media_loop = media_loop.get();
    poll_loop = std::make_unique<PollLoop>(rim.context.get_executor(), *storage.store, *storage.intake, clock, find,
                                           *transport, directory, storage.leases.get(), [this] {
                                               intake_loop->wake();
                                               bus->publish(IntakeChanged{});
                                           });
    net::P256Key push_key = net::push_key(key);
    public_push_key = push_key.point();
    alarm_loop = std::make_unique<AlarmLoop>(
        rim.context.get_executor(), *storage.store, clock, *transport, storage.leases.get(),
        AlarmTargets{
            configuration.alarm_url, configuration.alarm_key, std::move(push_key),
            configuration.public_url.starts_with("https://") ? configuration.public_url : "mailto:okno@localhost"});
}

// Of another node, on the bus's thread: the same as after a commit of our own.
void Server::Parts::heard(const Hint& hint) {
    if (const auto* changed = std::get_if<WorkspacesChanged>(&hint)) {
        hub->changed(changed->workspaces);
        media_loop->wake();
        search->wake(changed->workspaces);
    } else if (const auto* ended = std::get_if<SessionEnded>(&hint)) {
        hub->end_session(ended->session_hash);
    } else if (std::holds_alternative<OutboxChanged>(hint)) {
        dispatch->wake();
    } else if (std::holds_alternative<IntakeChanged>(hint)) {
        intake_loop->wake();
    } else if (std::holds_alternative<ChannelsChanged>(hint)) {
        directory.load(*storage.store, {});
    }
}

asio::awaitable<void> Server::Parts::tell_of_channels() {
    auto loading = directory.load(*storage.store);
    co_await std::move(loading);
    bus->publish(ChannelsChanged{});
}

// What another run or another node was sending, and the files it had in hand.
void Server::Parts::settle_left_in_flight() {
    int unknown = 0;
    on_store(*storage.store, true, [&](StoreSession& session) {
        unknown = okno::settle_left_in_flight(session, clock.now());
        session.hurry_media(Clock::real_now());
    });
    if (unknown > 0)
        log(LogLevel::warning, "messages were leaving when their sender ended: they show as unknown",
            {{"count", fmt::to_string(unknown)}});
}

// Whether `public_url` is another machine's address: then a proxy stands before the server, and a request from this
// machine may be anybody's.
static bool is_for_others(const Configuration& configuration) {
    const std::string& url = configuration.public_url;
    const std::size_t at = url.find("://");
    const std::string host = at == std::string::npos ? std::string() : url.substr(at + 3);
    const bool is_local = host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
    return !configuration.is_on_loopback() || (!url.empty() && !is_local);
}

// Databases, media and calls to providers need files too, however many clients there are.
static std::size_t connections_within(std::size_t open_files, int wanted) {
    const std::size_t reserve = std::min<std::size_t>(1024, open_files / 2);
    const auto most = static_cast<std::size_t>(wanted);
    if (most + reserve <= open_files) return most;
    log(LogLevel::info, "the limit of open files allows fewer connections than max_connections",
        {{"limit", std::to_string(open_files)}, {"connections", std::to_string(open_files - reserve)}});
    return open_files - reserve;
}

void Server::Parts::listen() {
    std::string code;
    on_store(*storage.store, false, [&](StoreSession& session) {
        if (!session.has_users()) code = random_token(9);
    });
    const bool is_public_url_given = !configuration.public_url.empty();
    const bool needs_code = is_for_others(configuration);
    // The port is known only once it is bound, the endpoints need the address before: so the edge is made last.
    net::ServerOptions options;
    options.address = configuration.address();
    options.port = static_cast<std::uint16_t>(configuration.port());
    options.threads = configuration.threads;
    options.max_connections = connections_within(raise_open_files(), configuration.max_connections);
    options.max_connections_per_address = static_cast<std::size_t>(configuration.connections_per_address);
    if (configuration.has_tls()) options.tls = net::TlsFiles{configuration.tls_certificate, configuration.tls_key};
    options.trusted_proxies = configuration.trusted_proxies;
    options.max_body = http::Edge::max_body;
    options.refusal = http::Edge::refusal;
    options.spool_to = [folder = files->incoming()](std::string_view path) {
        return path == "/api/v1/uploads" ? folder : std::string();
    };
    auto ready = std::make_shared<std::promise<void>>();
    auto is_ready = std::make_shared<std::shared_future<void>>(ready->get_future().share());
    options.admit = [this, is_ready](net::ServerRequest head, auto go_on, net::Respond refuse) {
        is_ready->wait();
        edge->admit(std::move(head), std::move(go_on), std::move(refuse));
    };
    options.handle = [this, is_ready](net::ServerRequest request, net::Respond respond) {
        is_ready->wait();
        edge->handle(std::move(request), std::move(respond));
    };
    options.upgrade = [this, is_ready](net::ServerRequest request, auto accept, net::Respond refuse) {
        is_ready->wait();
        edge->upgrade(std::move(request), std::move(accept), std::move(refuse));
    };
    server = std::make_unique<net::Server>(std::move(options));
    const std::string host = configuration.address();
    url = fmt::format("{}://{}:{}", configuration.has_tls() ? "https" : "http",
                      host.find(':') == std::string::npos ? host : "[" + host + "]", server->port());
    if (configuration.public_url.empty()) configuration.public_url = url;
    hub = std::make_unique<http::PushHub>(*storage.store, clock, find, configuration.public_url);
    open_hub = hub.get();
    channel_watch = std::make_shared<const ChannelWatch>(ChannelWatch{
        *storage.store, find, *transport, is_public_url_given ? configuration.public_url + "/hooks/" : std::string(),
        [this] { return tell_of_channels(); }});
    services.reset(new http::Services{
        .store = *storage.store,
        .intake = *storage.intake,
        .search = *search,
        .clock = clock,
        .transport = *transport,
        .find = find,
        .messengers = {},
        .directory = directory,
        .hub = *hub,
        .bus = *bus,
        .templates = templates,
        .files = *files,
        .erasures = *erasures,
        .metrics = metrics,
        .rim = rim.context.get_executor(),
        .passwords = passwords.context.get_executor(),
        .file_work = file_work.get_executor(),
        .channel_watch = channel_watch,
        .outbox_changed =
            [this] {
                dispatch->wake();
                bus->publish(OutboxChanged{});
            },
        .webhook_kept =
            [this](std::chrono::steady_clock::duration took) {
                intake_loop->acknowledged(took);
                bus->publish(IntakeChanged{});
            },
        .replay = [this](WorkspaceId workspace, ChannelId channel,
                         std::int64_t number) { return intake_loop->replay(workspace, channel, number); },
        .forget_files =
            [this](const std::vector<std::string>& hashes) {
                const Result<int> forgotten = okno::forget_files(*storage.store, *files, hashes, forgotten_at_once,
                                                                 [this] { return backups == 0; });
                if (!forgotten)
                    log(LogLevel::warning, "files of erased people stay for the next sweep",
                        {{"reason", forgotten.error().detail}});
            },
        .public_url = configuration.public_url,
        .is_public_url_given = is_public_url_given,
        .link_key = link_key,
        .push_key = public_push_key,
        .is_tls = configuration.has_tls(),
        .setup_code = code,
        .needs_setup_code = needs_code,
        .is_demo = is_demo,
    });
    for (const auto& messenger : all_messengers())
        services->messengers.emplace_back(messenger->name());
    edge = std::make_unique<http::Edge>(*services, http::Pages(configuration.web_dir, is_demo ? demo_frames : "'none'"),
                                        http::api_endpoints());
    edge->gauges = [this] {
        return http::Gauges{{"messages_in_flight", dispatch->in_flight()},
                            {"pages_open", static_cast<double>(hub->watchers())},
                            {"bus_connected", bus->is_connected() ? 1.0 : 0.0}};
    };
    edge->is_ready = [this](auto tell) { tell_readiness(std::move(tell)); };
    ready->set_value();
    if (!code.empty())
        log(LogLevel::info,
            needs_code ? "open the page and make the first owner with this code"
                       : "open the page and make the first owner; from another machine it takes this code",
            {{"code", code}, {"url", configuration.public_url}});
    if (!configuration.is_on_loopback() && !is_public_url_given && !configuration.has_tls())
        log(LogLevel::warning,
            "the server listens beyond this machine without encryption: set tls_certificate and tls_key, or put a proxy"
            " with TLS before it and set public_url;"
            " browsers keep the session's cookie only there");
}

// A real commit tells, at most one a second: who asks more often is told what the last one said.
void Server::Parts::tell_readiness(std::function<void(Result<void>)> tell) {
    {
        const std::scoped_lock lock(readiness_mutex);
        if (std::chrono::steady_clock::now() - readiness_known_at < std::chrono::seconds(1)) return tell(readiness);
    }
    storage.store->write([](StoreSession& session) { session.touch(); },
                         [this, tell = std::move(tell)](std::exception_ptr error) {
                             Result<void> found;
                             if (error)
                                 found = fail(ErrorKind::unavailable, "unavailable",
                                              "Nothing can be stored now: see the log.");
                             {
                                 const std::scoped_lock lock(readiness_mutex);
                                 readiness = found;
                                 readiness_known_at = std::chrono::steady_clock::now();
                             }
                             tell(found);
                         });
}

asio::awaitable<void> Server::Parts::keep_house() {
    asio::steady_timer timer(rim.context);
    for (std::uint64_t round = 0;; ++round) {
        timer.expires_after(std::chrono::seconds(1));
        boost::system::error_code error;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return;
        poll_loop->look();
        if (round % 5 == 4) alarm_loop->look();
        if (round % 600 == 599) asio::co_spawn(rim.context, watch_for_silence(), asio::detached);
        if (!std::exchange(is_naming, true)) asio::co_spawn(rim.context, name_people(), asio::detached);
        if (round % 2 == 0) {  // whatever became of the hints
            hub->poll();
            media_loop->wake();
            intake_loop->wake();
        }
        if (round % 10 == 0) directory.load(*storage.store, {});  // whatever became of the readings and hints
        try {
            if (round % 10 == 0 && storage.leases) {
                auto settling = write_later(*storage.store, [this](StoreSession& session) {
                    return okno::settle_left_in_flight(session, clock.now());
                });
                co_await std::move(settling);
            }
            if (round % 5 == 0) {
                auto sweeping = sweep_waiting();
                co_await std::move(sweeping);
            }
            if (round % 3600 == 0) {
                auto pruning = prune();
                co_await std::move(pruning);
                asio::co_spawn(rim.context, sweep_files(), [](std::exception_ptr error) {
                    if (error) log(LogLevel::warning, "files that nobody needs stay for the next sweep");
                });
            }
        } catch (const std::exception& reason) {
            log(LogLevel::warning, "housekeeping failed, it is tried again", {{"reason", reason.what()}});
        }
    }
}

asio::awaitable<void> Server::Parts::watch_for_silence() {
    try {
        const auto is_ours = [this](ChannelId id) {
            return !storage.leases || storage.leases->epoch_of(partition_of(id)).has_value();
        };
        auto watching = okno::watch_for_silence(channel_watch, is_ours, clock.now());
        co_await std::move(watching);
    } catch (const std::exception& reason) {
        log(LogLevel::info, "channels are not watched for silence now", {{"reason", reason.what()}});
    }
}

asio::awaitable<void> Server::Parts::name_people() {
    try {
        auto naming = okno::name_people(*storage.store, find, *transport, clock.now());
        co_await std::move(naming);
    } catch (const std::exception& reason) {
        log(LogLevel::info, "people stay without their names for now", {{"reason", reason.what()}});
    }
    is_naming = false;
}

asio::awaitable<void> Server::Parts::sweep_waiting() {
    auto looking =
        read(*storage.store, [this](StoreSession& session) { return okno::is_sweep_due(session, clock.now()); });
    const bool is_due = co_await std::move(looking);
    if (!is_due) co_return;
    auto working = write(*storage.store,
                         [this](StoreSession& session) { return okno::sweep_waiting(session, find, clock.now()); });
    const int dropped = co_await std::move(working);
    if (dropped > 0) metrics.statuses_dropped(dropped);
}

// Changes are kept for 7 days, applied webhooks for 24 hours.
asio::awaitable<void> Server::Parts::prune() {
    const Timestamp real_now = Clock::real_now();
    auto working = write_later(*storage.store, [real_now](StoreSession& session) {
        session.remove_unsent_media(real_now - std::chrono::hours(24));
        session.prune(real_now - std::chrono::days(7), real_now);
        return true;
    });
    co_await std::move(working);
    // A backup copies okno.db before the intake: what is applied only since must not be gone from both.
    if (backups == 0) storage.intake->prune(real_now - std::chrono::hours(24));
}

// A group at a time, so that files in use meanwhile wait for one only.
asio::awaitable<void> Server::Parts::sweep_files() {
    for (int group = 0; group < MediaFiles::groups && backups == 0; ++group) {
        auto sweeping = run_on(file_work.get_executor(), [this, group] {
            return okno::sweep_files(*storage.store, *files, group, [this] { return backups == 0; });
        });
        const Result<int> swept = co_await std::move(sweeping);
        if (swept) continue;
        log(LogLevel::warning, "files that nobody needs stay for the next sweep", {{"reason", swept.error().detail}});
        co_return;
    }
}

Result<boost::json::object> Server::Parts::run_command(const boost::json::object& request) {
    const boost::json::value* command = request.if_contains("command");
    if (command != nullptr && *command == "begin_backup") {
        // What was decided before the pruning was held is committed once this is.
        on_store(*storage.store, true, [](StoreSession&) {});
        return boost::json::object{{"text", ""}};
    }
    if (command != nullptr && *command == "erase")
        return run_erase({*storage.store, *files, *erasures, find, [this] { return backups == 0; }}, request,
                         Clock::real_now());
    auto answer = run_admin(*storage.store, request, clock.now());
    if (answer && command != nullptr && *command == "doctor" && backups > 0)
        answer->at("text").as_string() += "backup: runs, nothing is pruned meanwhile\n";
    return answer;
}

void Server::Parts::start_housekeeping() {
    dispatch->start();
    bus->subscribe([this](const Hint& hint) { heard(hint); });
    if (storage.leases)
        storage.leases->start(
            [this](const std::set<int>&) {
                // What fails is done again by the housekeeping.
                storage.store->write_later(
                    [this](StoreSession& session) {
                        okno::settle_left_in_flight(session, clock.now());
                        session.hurry_media(Clock::real_now());
                    },
                    [](std::exception_ptr) {});
                dispatch->wake();
                intake_loop->wake();
                media_loop->wake();
            },
            [this](int partition) { return dispatch->is_busy(partition); });
    asio::co_spawn(rim.context, keep_house(), asio::detached);
    const auto answer = [this](const boost::json::object& request) -> Result<boost::json::object> {
        try {
            return run_command(request);
        } catch (const std::exception& reason) {
            return fail(ErrorKind::unavailable, "unavailable", reason.what());
        }
    };
    control = std::make_unique<ControlSocket>(std::filesystem::path(configuration.data_dir) / "okno.sock", answer,
                                              [this](std::size_t holders) { backups = holders; });
}

void Server::Parts::stop() {
    if (is_stopped) return;
    is_stopped = true;
    bus->subscribe({});
    control.reset();
    if (storage.leases) storage.leases->stop();
    server->stop(std::chrono::seconds(5));
    asio::post(rim.context, [this] { dispatch->stop(); });
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (dispatch->in_flight() > 0 && std::chrono::steady_clock::now() < limit)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    open_intake_loop = nullptr;
    intake_loop->stop();
    open_hub = nullptr;
    open_media_loop = nullptr;
    hub->close();
    // No coroutine runs any more; what the store still finishes is dropped with its answers.
    rim.stop();
    passwords.stop();
    files->stop();
    file_work.stop();
    file_work.join();
    search->stop();
    storage.store.reset();
    storage.intake.reset();
}

Server::Server(const Configuration& configuration, bool is_demo)
    : parts_(std::make_unique<Parts>(configuration, is_demo)) {
    parts_->open();
    parts_->listen();
    parts_->start_housekeeping();
}

Server::~Server() {
    try {
        stop();
    } catch (...) {
        std::fputs("okno: the server did not stop in order\n", stderr);
    }
}

const std::string& Server::url() const { return parts_->url; }

Store& Server::store() { return *parts_->storage.store; }

Clock& Server::clock() { return parts_->clock; }

void Server::move_clock(std::chrono::milliseconds step) {
    parts_->clock.move_forward(step);
    parts_->dispatch->wake();
    parts_->hub->clock_moved();
}

void Server::channels_changed() {
    on_store(*parts_->storage.store, false, [this](StoreSession& session) { parts_->directory.load(session); });
    parts_->bus->publish(ChannelsChanged{});
}

void Server::reload_certificate() {
    if (const Result<void> read = parts_->server->reload_certificate(); !read)
        log(LogLevel::error, "the certificate stays as it was", {{"reason", read.error().detail}});
}

void Server::stop() { parts_->stop(); }

}  // namespace okno::server
