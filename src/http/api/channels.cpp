// Connecting accounts of messengers, checking them, and what they could not read.
#include "app/await.hpp"
#include "app/disconnect.hpp"
#include "app/run_on.hpp"
#include "app/watch_channel.hpp"
#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/redact.hpp"
#include "base/utf8.hpp"
#include "domain/policy_text.hpp"
#include "http/api/connect_form.hpp"
#include "http/api/endpoints.hpp"
#include "http/api/list_query.hpp"
#include "http/api/objects.hpp"
#include "http/body_reader.hpp"
#include "http/channel_directory.hpp"
#include "http/template_cache.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace okno::http {

namespace json = boost::json;

static std::unexpected<Error> no_channel() {
    return fail(ErrorKind::not_found, "not_found", "There is no such channel.");
}

static Reply channel_reply(const Call& call, const Channel& channel, int status = 200) {
    return json_reply(status, channel_object(channel, call.services->find(channel.messenger), call.services->public_url,
                                             call.is_admin()));
}

static Result<Reply> list_channels(const Call& call, StoreSession& session) {
    json::array items;
    for (const Channel& channel : session.in(call.caller.user.workspace).channels())
        items.push_back(channel_object(channel, call.services->find(channel.messenger), call.services->public_url,
                                       call.is_admin()));
    return json_reply(200, list_object(std::move(items), std::nullopt));
}

static Result<Reply> get_channel(const Call& call, StoreSession& session) {
    const auto id = call.path_id<ChannelId>();
    const auto channel = id ? session.in(call.caller.user.workspace).channel(*id) : std::nullopt;
    if (!channel) return no_channel();
    return channel_reply(call, *channel);
}

// Only the provider tells these of its account.
static std::map<std::string, std::string> without_told(std::map<std::string, std::string> settings) {
    for (const char* told : {"handle", "is_polled", "quality", "limit"})
        settings.erase(told);
    return settings;
}

static std::map<std::string, Secret> read_credentials(BodyReader& body) {
    std::map<std::string, Secret> out;
    for (const auto& [name, value] : body.texts("credentials"))
        if (!value.empty()) out[name] = Secret(value);
    return out;
}

static Result<ChannelPolicy> wanted_policy(const BodyReader& body, const Messenger& messenger, ChannelPolicy before) {
    const JsonView wanted = body.view()["policy"];
    if (!wanted.is_there()) return before;
    return changed_policy(messenger.traits(), std::move(before), json::serialize(*wanted.raw()));
}

static Result<Channel> read_new_channel(const Call& call) {
    BodyReader body(call.body);
    Channel channel;
    channel.id = make_id<ChannelId>();
    channel.workspace = call.caller.user.workspace;
    channel.messenger = body.text("messenger", 1, 40);
    channel.name = body.text("name", 1, 100);
    channel.settings = without_told(body.texts("settings"));
    channel.credentials = read_credentials(body);
    channel.key = random_token(18);
    channel.created_at = call.now;
    channel.state_since = call.now;
    if (!body.is_good()) return body.error();
    const Messenger* messenger = call.services->find(channel.messenger);
    if (messenger == nullptr)
        return fail(ErrorKind::invalid, "invalid", "messenger: there is no messenger of this name", "messenger");
    check_settings(body, *messenger, channel.settings);
    if (!body.is_good()) return body.error();
    const Result<std::string> address = messenger->address_of(channel.settings, channel.credentials);
    if (!address) return std::unexpected(address.error());
    channel.address = *address;
    const Result<ChannelPolicy> policy = wanted_policy(body, *messenger, {});
    if (!policy) return std::unexpected(policy.error());
    channel.policy = *policy;
    if (!channel.credentials.contains("verify_token")) channel.credentials["verify_token"] = Secret(random_token(18));
    return channel;
}

// Asks the provider, stores what it said and answers with the channel.
static boost::asio::awaitable<Result<Channel>> check(std::shared_ptr<const Call> call, Channel channel) {
    auto checking = okno::check_channel(call->services->channel_watch, std::move(channel), call->now);
    Result<Channel> checked = co_await std::move(checking);
    call->services->outbox_changed();
    co_return checked;
}

static boost::asio::awaitable<Result<Reply>> create_channel(std::shared_ptr<const Call> call) {
    const Result<Channel> channel = read_new_channel(*call);
    if (!channel) co_return std::unexpected(channel.error());
    auto storing = write(call->services->store, [call, channel = *channel](StoreSession& session) {
        Transaction& tx = session.in(call->caller.user.workspace);
        if (!tx.insert_channel(channel)) return false;
        tx.note_change("channel", channel.id.value());
        return true;
    });
    const bool is_stored = co_await std::move(storing);
    if (!is_stored)
        co_return fail(ErrorKind::conflict, "channel_taken",
                       "This account is connected already, here or in another workspace. Disconnect it there first.",
                       "settings");
    auto telling = call->services->channel_watch->changed();
    co_await std::move(telling);
    auto checking = check(call, *channel);
    const Result<Channel> checked = co_await std::move(checking);
    if (!checked) co_return std::unexpected(checked.error());
    co_return channel_reply(*call, *checked, 201);
}

static boost::asio::awaitable<std::optional<Channel>> stored_channel(std::shared_ptr<const Call> call) {
    const auto id = call->path_id<ChannelId>();
    if (!id) co_return std::nullopt;
    auto reading = read(call->services->store, [call, id = *id](StoreSession& session) {
        return session.in(call->caller.user.workspace).channel(id);
    });
    std::optional<Channel> channel = co_await std::move(reading);
    co_return channel;
}

static boost::asio::awaitable<Result<Reply>> check_channel(std::shared_ptr<const Call> call) {
    auto reading = stored_channel(call);
    const std::optional<Channel> channel = co_await std::move(reading);
    if (!channel) co_return no_channel();
    auto checking = check(call, *channel);
    const Result<Channel> checked = co_await std::move(checking);
    if (!checked) co_return std::unexpected(checked.error());
    co_return channel_reply(*call, *checked);
}

// What decides to whom the credentials go: the API's address, who stands between, and whose certificate is believed.
// Whoever changes it must know them.
static bool changes_the_way(const Channel& channel, const std::map<std::string, std::string>& settings) {
    return std::ranges::any_of(std::array{"base_url", "proxy", "ca_certificate"}, [&](const char* name) {
        const auto given = settings.find(name);
        return given != settings.end() && given->second != channel.setting(name);
    });
}

static Result<Channel> changed_channel(const Call& call, Channel channel) {
    BodyReader body(call.body);
    if (body.has("name")) channel.name = body.text("name", 1, 100);
    const auto settings = without_told(body.texts("settings"));
    const auto credentials = read_credentials(body);
    const Messenger* messenger = call.services->find(channel.messenger);
    check_settings(body, *messenger, settings);
    const std::string state = body.text("state", 0, 20);
    if (!state.empty() && state != "paused" && state != "connected")
        body.wrong("state", "state: expected paused or connected");
    if (!body.is_good()) return body.error();
    const std::string token(messenger->sent_credential());
    if (changes_the_way(channel, settings) && !credentials.contains(token))
        return fail(ErrorKind::invalid, "invalid",
                    "Changing the API address, the proxy or the certificate requires the access token again, since it "
                    "would be sent there.",
                    "credentials." + token);
    const Result<ChannelPolicy> policy = wanted_policy(body, *messenger, channel.policy);
    if (!policy) return std::unexpected(policy.error());
    channel.policy = *policy;
    for (const auto& [name, value] : settings) {
        channel.settings[name] = value;
        if (value.empty()) channel.settings.erase(name);
    }
    for (const auto& [name, value] : credentials)
        channel.credentials[name] = value;
    const Result<std::string> address = messenger->address_of(channel.settings, channel.credentials);
    if (!address) return std::unexpected(address.error());
    if (*address != channel.address)
        return fail(ErrorKind::invalid, "invalid",
                    "The account of a channel cannot be changed, its conversations belong to it. Connect another.",
                    "settings");
    if (!state.empty()) channel.become(read_channel_state(state), "", call.now);
    return channel;
}

static boost::asio::awaitable<Result<Reply>> change_channel(std::shared_ptr<const Call> call) {
    auto storing = write(call->services->store, [call](StoreSession& session) -> Result<Channel> {
        const auto id = call->path_id<ChannelId>();
        Transaction& tx = session.in(call->caller.user.workspace);
        if (id) tx.lock_channel(*id);
        const auto stored = id ? tx.channel(*id) : std::nullopt;
        if (!stored) return no_channel();
        Result<Channel> changed = changed_channel(*call, *stored);
        if (!changed) return changed;
        tx.save_channel(*changed);
        if (changed->state != ChannelState::paused) tx.hurry(*id, call->now);
        tx.note_change("channel", id->value());
        return changed;
    });
    const Result<Channel> changed = co_await std::move(storing);
    if (!changed) co_return std::unexpected(changed.error());
    auto telling = call->services->channel_watch->changed();
    co_await std::move(telling);
    if (!JsonView(call->body)["credentials"].is_there() && !JsonView(call->body)["settings"].is_there()) {
        call->services->outbox_changed();
        co_return channel_reply(*call, *changed);
    }
    auto checking = check(call, *changed);
    const Result<Channel> checked = co_await std::move(checking);
    if (!checked) co_return std::unexpected(checked.error());
    co_return channel_reply(*call, *checked);
}

// The provider is told before the channel is gone, so that one connected anew is not the one it lets go of. That it
// cannot be told (its key is dead, it is away) keeps nothing.
static boost::asio::awaitable<Result<Reply>> delete_channel(std::shared_ptr<const Call> call) {
    auto reading = stored_channel(call);
    const std::optional<Channel> channel = co_await std::move(reading);
    if (!channel) co_return no_channel();
    const Messenger* messenger = call->services->find(channel->messenger);
    auto telling = messenger->disconnect(*channel, call->services->transport);
    const Result<void> told = co_await std::move(telling);
    if (!told)
        log(LogLevel::info, "a provider was not told that its channel is gone",
            {{"channel", channel->id.value().text()}, {"code", told.error().code}});
    auto deleting = write(call->services->store, [call, id = channel->id](StoreSession& session) {
        return disconnect(session.in(call->caller.user.workspace), id, call->now);
    });
    const bool was_there = co_await std::move(deleting);
    if (!was_there) co_return no_channel();
    auto announcing = call->services->channel_watch->changed();
    co_await std::move(announcing);
    co_return no_content();
}

static json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

static json::value time_or_null(const std::optional<Timestamp>& time) {
    return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

static Result<Reply> get_figures(const Call& call, StoreSession& session) {
    const auto id = call.path_id<ChannelId>();
    Transaction& tx = session.in(call.caller.user.workspace);
    const auto channel = id ? tx.channel(*id) : std::nullopt;
    if (!channel) return no_channel();
    const ChannelFigures figures =
        tx.channel_figures(*id, call.now - std::chrono::hours{24}, call.now - std::chrono::days{30});
    json::array errors;
    for (const ChannelFigures::Cause& cause : figures.errors)
        errors.push_back(
            json::object{{"code", cause.code}, {"count", cause.count}, {"last_at", to_rfc3339(cause.last)}});
    return json_reply(200, json::object{{"last_in_at", time_or_null(figures.last_in)},
                                        {"last_out_at", time_or_null(figures.last_out)},
                                        {"came", figures.came},
                                        {"left", figures.left},
                                        {"failed", figures.failed},
                                        {"waiting", figures.waiting},
                                        {"slowest_ms", figures.slowest ? json::value(figures.slowest->count())
                                                                       : json::value(nullptr)},
                                        {"errors", std::move(errors)},
                                        {"quality", text_or_null(channel->setting("quality"))},
                                        {"limit", text_or_null(channel->setting("limit"))}});
}

static boost::asio::awaitable<Result<Reply>> list_templates(std::shared_ptr<const Call> call) {
    auto finding = stored_channel(call);
    const std::optional<Channel> channel = co_await std::move(finding);
    if (!channel) co_return no_channel();
    const Messenger* messenger = call->services->find(channel->messenger);
    auto reading = call->services->templates.read(*messenger, *channel, true, call->services->transport);
    const Result<Templates> templates = co_await std::move(reading);
    if (!templates) co_return problem(502, {ErrorKind::unavailable, "provider_failed", templates.error().detail});
    json::array items;
    for (const Template& one : **templates) {
        json::object item{{"name", one.name},
                          {"language", one.language},
                          {"status", one.status},
                          {"category", one.category},
                          {"body", one.body},
                          {"header", text_or_null(one.header)},
                          {"footer", text_or_null(one.footer)}};
        item["buttons"] = json::array(one.buttons.begin(), one.buttons.end());
        item["variables"] = json::array(one.variables.begin(), one.variables.end());
        items.push_back(std::move(item));
    }
    co_return json_reply(200, list_object(std::move(items), std::nullopt));
}

// The code that links the channel's account to a phone; it is asked for anew each time, since it lives for seconds.
static boost::asio::awaitable<Result<Reply>> get_pairing(std::shared_ptr<const Call> call) {
    auto finding = stored_channel(call);
    const std::optional<Channel> channel = co_await std::move(finding);
    if (!channel) co_return no_channel();
    const Messenger* messenger = call->services->find(channel->messenger);
    auto asking = messenger->pairing(*channel, call->services->transport);
    const Result<Pairing> pairing = co_await std::move(asking);
    if (!pairing && pairing.error().code == "no_pairing") co_return std::unexpected(pairing.error());
    if (!pairing) co_return problem(502, {ErrorKind::unavailable, "provider_failed", pairing.error().detail});
    Reply reply = json_reply(200, json::object{{"linked", pairing->is_linked}, {"qr", text_or_null(pairing->qr)}});
    reply.headers.set("Cache-Control", "no-store");
    co_return reply;
}

static std::optional<std::int64_t> read_number(std::string_view text) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return number;
}

static Result<Reply> list_set_aside(const Call& call, StoreSession& session) {
    const auto id = call.path_id<ChannelId>();
    Transaction& tx = session.in(call.caller.user.workspace);
    if (!id || !tx.channel(*id)) return no_channel();
    const auto limit = read_limit(call.request);
    if (!limit) return std::unexpected(limit.error());
    std::optional<std::int64_t> before;
    if (const std::string_view cursor = call.request.query_value("cursor"); !cursor.empty()) {
        before = read_number(cursor);
        if (!before) return fail(ErrorKind::invalid, "invalid", "The cursor is none that this server gave.", "cursor");
    }
    const auto rows = tx.set_aside_of(*id, before, *limit);
    json::array items;
    for (const SetAside& row : rows)
        items.push_back(json::object{{"n", row.number},
                                     {"received_at", to_rfc3339(row.received_at)},
                                     {"reason", row.reason},
                                     {"body", printable(row.bytes)}});
    std::optional<std::string> next;
    if (static_cast<int>(rows.size()) == *limit) next = std::to_string(rows.back().number);
    return json_reply(200, list_object(std::move(items), next));
}

// Reading the intake blocks: not on the thread of the coroutines.
static boost::asio::awaitable<Result<Reply>> list_webhooks(std::shared_ptr<const Call> call) {
    auto finding = stored_channel(call);
    const std::optional<Channel> channel = co_await std::move(finding);
    if (!channel) co_return no_channel();
    const auto limit = read_limit(call->request);
    if (!limit) co_return std::unexpected(limit.error());
    auto reading = run_on(call->services->file_work, [call, id = channel->id, limit = *limit] {
        return call->services->intake.recent(id, limit);
    });
    const std::vector<IntakeRow> rows = co_await std::move(reading);
    json::array items;
    for (const IntakeRow& row : rows)
        items.push_back(json::object{
            {"n", row.number}, {"received_at", to_rfc3339(row.received_at)}, {"body", redacted(row.bytes)}});
    co_return json_reply(200, list_object(std::move(items), std::nullopt));
}

static boost::asio::awaitable<Result<Reply>> replay_set_aside(std::shared_ptr<const Call> call) {
    const auto id = call->path_id<ChannelId>();
    if (!id) co_return no_channel();
    const auto number = read_number(call->path.at("n"));
    if (!number) co_return no_channel();
    auto replaying = run_on(call->services->passwords, [call, id = *id, number = *number] {
        return call->services->replay(call->caller.user.workspace, id, number);
    });
    const bool is_found = co_await std::move(replaying);
    if (!is_found) co_return fail(ErrorKind::not_found, "not_found", "There is no such webhook set aside.");
    co_return Reply{.status = 202, .headers = {}};
}

std::vector<Endpoint> channel_endpoints() {
    return {
        {"GET", "/api/v1/channels", Access::member, Read{list_channels}},
        {"POST", "/api/v1/channels", Access::admin, Wait{create_channel}},
        {"GET", "/api/v1/channels/{id}", Access::member, Read{get_channel}},
        {"PATCH", "/api/v1/channels/{id}", Access::admin, Wait{change_channel}},
        {"DELETE", "/api/v1/channels/{id}", Access::admin, Wait{delete_channel}},
        {"POST", "/api/v1/channels/{id}/check", Access::admin, Wait{check_channel}},
        {"GET", "/api/v1/channels/{id}/figures", Access::member, Read{get_figures}},
        {"GET", "/api/v1/channels/{id}/templates", Access::member, Wait{list_templates}},
        {"GET", "/api/v1/channels/{id}/pairing", Access::admin, Wait{get_pairing}},
        {"GET", "/api/v1/channels/{id}/webhooks", Access::admin, Wait{list_webhooks}},
        {"GET", "/api/v1/channels/{id}/set-aside", Access::admin, Read{list_set_aside}},
        {"POST", "/api/v1/channels/{id}/set-aside/{n}/replay", Access::admin, Wait{replay_set_aside}},
    };
}

}  // namespace okno::http
