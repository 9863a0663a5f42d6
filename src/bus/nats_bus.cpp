#include "bus/nats_bus.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"
#include "bus/hint_text.hpp"

#include <fmt/format.h>

#include <random>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace okno::bus {

constexpr std::size_t most_waiting = 10'000;
constexpr std::size_t most_in_message = 1'000;  // 39 bytes each; NATS takes 1 MiB
constexpr std::int64_t connect_limit_ms = 2'000;
constexpr std::int64_t write_limit_ms = 2'000;
constexpr std::int64_t ping_every_ms = 10'000;
constexpr std::int64_t pause_ms = 500;  // and as much again by chance, so that nodes do not come back all at once

bool NatsBus::Waiting::empty() const {
    return workspaces.empty() && ended_sessions.empty() && !outbox && !intake && !channels;
}

void NatsBus::Waiting::add(const Hint& hint) {
    if (const auto* changed = std::get_if<WorkspacesChanged>(&hint)) {
        if (workspaces.size() < most_waiting) workspaces.insert(changed->workspaces.begin(), changed->workspaces.end());
    } else if (const auto* ended = std::get_if<SessionEnded>(&hint)) {
        if (ended_sessions.size() < most_waiting) ended_sessions.insert(ended->session_hash);
    }
    outbox |= std::holds_alternative<OutboxChanged>(hint);
    intake |= std::holds_alternative<IntakeChanged>(hint);
    channels |= std::holds_alternative<ChannelsChanged>(hint);
}

// Channels first: what comes after may be of a new one.
std::vector<Hint> NatsBus::Waiting::hints() const {
    std::vector<Hint> out;
    if (channels) out.emplace_back(ChannelsChanged{});
    for (const std::string& session : ended_sessions)
        out.emplace_back(SessionEnded{session});
    if (intake) out.emplace_back(IntakeChanged{});
    if (outbox) out.emplace_back(OutboxChanged{});
    WorkspacesChanged part;
    for (const WorkspaceId workspace : workspaces) {
        part.workspaces.push_back(workspace);
        if (part.workspaces.size() < most_in_message) continue;
        out.emplace_back(std::exchange(part, {}));
    }
    if (!part.workspaces.empty()) out.emplace_back(std::move(part));
    return out;
}

static void require(natsStatus status, const char* what) {
    if (status == NATS_OK) return;
    throw std::runtime_error(
        fmt::format("The bus cannot be used ({}: {}): see the setting `bus`.", what, natsStatus_GetText(status)));
}

static std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> out;
    std::istringstream in(list);
    for (std::string one; std::getline(in, one, ',');) {
        std::erase(one, ' ');
        if (!one.empty()) out.push_back(one);
    }
    return out;
}

// What the library says about it; empty when it does not.
static const char* last_error(natsConnection* connection) {
    const char* reason = nullptr;
    if (connection != nullptr) natsConnection_GetLastError(connection, &reason);
    return reason == nullptr ? "" : reason;
}

NatsBus::NatsBus(const std::string& servers, const std::string& installation)
    : subject_(fmt::format("okno.{}.hints", installation)) {
    natsOptions* options = nullptr;
    require(natsOptions_Create(&options), "libnats");
    options_.reset(options);
    const std::vector<std::string> addresses = split(servers);
    std::vector<const char*> pointers;
    for (const std::string& address : addresses)
        pointers.push_back(address.c_str());
    require(natsOptions_SetServers(options, pointers.data(), static_cast<int>(pointers.size())),
            "its addresses cannot be read");
    if (servers.find("tls://") != std::string::npos) require(natsOptions_SetSecure(options, true), "TLS");
    natsOptions_SetName(options, "okno");
    natsOptions_SetNoEcho(options, true);
    natsOptions_SetTimeout(options, connect_limit_ms);
    natsOptions_SetWriteDeadline(options, write_limit_ms);
    natsOptions_SetPingInterval(options, ping_every_ms);
    natsOptions_SetMaxPingsOut(options, 2);
    natsOptions_SetMaxReconnect(options, -1);
    natsOptions_SetReconnectWait(options, pause_ms);
    natsOptions_SetReconnectJitter(options, pause_ms, pause_ms);
    natsOptions_SetRetryOnFailedConnect(options, true, on_connected, this);
    natsOptions_SetDisconnectedCB(options, on_disconnected, this);
    natsOptions_SetReconnectedCB(options, on_connected, this);
    natsOptions_SetClosedCB(options, on_closed, this);
    // Slow listeners lose hints, as hints may be lost; the library's own handler would write to standard error.
    natsOptions_SetErrorHandler(options, [](natsConnection*, natsSubscription*, natsStatus, void*) {}, nullptr);
    thread_ = start_thread("bus", [this] { run(); });
}

NatsBus::~NatsBus() {
    subscribe({});
    {
        const std::scoped_lock lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void NatsBus::publish(const Hint& hint) {
    {
        const std::scoped_lock lock(mutex_);
        if (!is_connected_) return;
        waiting_.add(hint);
    }
    changed_.notify_all();
}

void NatsBus::subscribe(std::function<void(const Hint&)> listener) {
    const std::scoped_lock lock(listener_mutex_);
    listener_ = std::move(listener);
}

bool NatsBus::is_connected() const {
    const std::scoped_lock lock(mutex_);
    return is_connected_;
}

void NatsBus::run() {
    std::minstd_rand random(std::random_device{}());
    while (true) {
        serve_connection();
        std::unique_lock lock(mutex_);
        const std::chrono::milliseconds pause(pause_ms + random() % pause_ms);
        if (changed_.wait_for(lock, pause, [this] { return is_stopping_; })) return;
    }
}

void NatsBus::serve_connection() {
    is_closed_ = false;
    const natsStatus status = natsConnection_Connect(&connection_, options_.get());
    if (status == NATS_OK) is_back();
    if (status != NATS_OK)
        was_lost(*last_error(connection_) != '\0' ? last_error(connection_) : natsStatus_GetText(status));
    if (status != NATS_OK && status != NATS_NOT_YET_CONNECTED) return;
    natsSubscription* subscription = nullptr;
    is_listening_ =
        natsConnection_Subscribe(&subscription, connection_, subject_.c_str(), on_message, this) == NATS_OK &&
        natsSubscription_SetOnCompleteCB(subscription, on_silence, this) == NATS_OK;

    std::unique_lock lock(mutex_);
    while (is_listening_) {
        changed_.wait(lock, [this] { return is_stopping_ || is_closed_ || !waiting_.empty(); });
        if (is_stopping_ || is_closed_) break;
        const Waiting waiting = std::exchange(waiting_, {});
        lock.unlock();
        send(waiting);
        lock.lock();
    }
    is_connected_ = false;
    lock.unlock();
    natsConnection_Close(connection_);
    lock.lock();
    changed_.wait(lock, [this] { return is_closed_ && !is_listening_; });
    lock.unlock();
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection_);
    connection_ = nullptr;
}

void NatsBus::send(const Waiting& waiting) {
    for (const Hint& hint : waiting.hints()) {
        const std::string text = write_hint(hint);
        // A failure is followed by on_disconnected, and a hint may be lost.
        natsConnection_Publish(connection_, subject_.c_str(), text.data(), static_cast<int>(text.size()));
    }
}

void NatsBus::was_lost(const char* reason) {
    {
        const std::scoped_lock lock(mutex_);
        is_connected_ = false;
        waiting_ = {};
        if (is_told_lost_ || is_stopping_) return;
        is_told_lost_ = true;
    }
    log(LogLevel::warning, "the bus (NATS) cannot be reached: other nodes' changes are seen later, it is tried again",
        {{"reason", *reason == '\0' ? "the connection ended" : reason}});
}

void NatsBus::is_back() {
    bool was_told = false;
    {
        const std::scoped_lock lock(mutex_);
        is_connected_ = true;
        was_told = std::exchange(is_told_lost_, false);
    }
    log(LogLevel::info, was_told ? "the bus (NATS) is back" : "the bus (NATS) is reached");
    tell(ChannelsChanged{});
    tell(IntakeChanged{});
    tell(OutboxChanged{});
}

void NatsBus::tell(const Hint& hint) {
    const std::scoped_lock lock(listener_mutex_);
    if (listener_) listener_(hint);
}

void NatsBus::on_message(natsConnection*, natsSubscription*, natsMsg* message, void* bus) {
    const std::string_view text(natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message)));
    const std::optional<Hint> hint = read_hint(text);
    natsMsg_Destroy(message);
    if (hint) static_cast<NatsBus*>(bus)->tell(*hint);
}

void NatsBus::on_silence(void* closure) {
    auto* bus = static_cast<NatsBus*>(closure);
    const std::scoped_lock lock(bus->mutex_);
    bus->is_listening_ = false;
    bus->changed_.notify_all();  // under the lock: the bus may end right after
}

void NatsBus::on_disconnected(natsConnection* connection, void* bus) {
    static_cast<NatsBus*>(bus)->was_lost(last_error(connection));
}

void NatsBus::on_connected(natsConnection*, void* bus) { static_cast<NatsBus*>(bus)->is_back(); }

void NatsBus::on_closed(natsConnection* connection, void* closure) {
    auto* bus = static_cast<NatsBus*>(closure);
    bus->was_lost(last_error(connection));
    const std::scoped_lock lock(bus->mutex_);
    bus->is_closed_ = true;
    bus->changed_.notify_all();
}

}  // namespace okno::bus
