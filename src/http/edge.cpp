#include "http/edge.hpp"

#include "base/crypto.hpp"
#include "base/log.hpp"
#include "http/channel_directory.hpp"
#include "http/push_hub.hpp"

#include <boost/asio/co_spawn.hpp>

#include <fmt/format.h>

#include <charconv>

namespace okno::http {

Edge::Edge(Services& services, Pages pages, std::vector<Endpoint> endpoints)
    : services_(services), pages_(std::move(pages)), router_(std::move(endpoints)) {}

std::uint64_t Edge::max_body(std::string_view path) {
    if (path.starts_with("/hooks/")) return 4 << 20;
    return path == "/api/v1/uploads" ? 100 << 20 : 1 << 20;
}

static Error internal_error() {
    return {ErrorKind::unavailable, "internal", "Something went wrong here. It was logged; try again.", {}};
}

// What a failed closure means for the caller.
static Reply failed(std::exception_ptr error) {
    try {
        std::rethrow_exception(error);
    } catch (const StoreBusy&) {
        return problem(503,
                       {ErrorKind::unavailable, "unavailable", "The server is busy. Try again in a few seconds.", {}});
    } catch (const std::exception& reason) {
        log(LogLevel::error, "a request failed", {{"reason", reason.what()}});
        return problem(500, internal_error());
    }
}

static Reply reply_of(Result<Reply> result) { return result ? std::move(*result) : problem(result.error()); }

void Edge::handle(net::ServerRequest request, net::Respond respond) {
    ++counters.requests;
    const bool is_ours = request.path.starts_with("/api/") || request.path.starts_with("/hooks/");
    if (is_ours)
        respond = [this, method = request.method, path = request.path, begun = std::chrono::steady_clock::now(),
                   respond = std::move(respond)](Reply reply) {
            if (reply.status >= 500) ++counters.errors;
            const auto took = std::chrono::steady_clock::now() - begun;
            // The key of a webhook is a secret: only its beginning is logged.
            log(reply.status >= 500 ? LogLevel::warning : LogLevel::debug, "request",
                {{"method", method},
                 {"path", path.starts_with("/hooks/") ? path.substr(0, 11) + "..." : path},
                 {"status", fmt::to_string(reply.status)},
                 {"ms", fmt::format("{:.1f}", std::chrono::duration<double, std::milli>(took).count())}});
            respond(std::move(reply));
        };
    if (request.path.starts_with("/hooks/")) return take_webhook(std::move(request), std::move(respond));
    if (request.path.starts_with("/api/") || request.path.starts_with("/files/"))
        return call_api(std::move(request), std::move(respond));
    if (request.path == "/healthz") return respond(json_reply(200, {{"status", "ok"}}));
    if (request.path == "/readyz") {
        const Result<void> ready = is_ready ? is_ready() : Result<void>{};
        return respond(ready ? json_reply(200, {{"status", "ok"}}) : problem(503, ready.error()));
    }
    if (request.path == "/metrics") {
        if (!request.peer_is_loopback || !request.headers.get("X-Forwarded-For").empty())
            return respond(
                problem(403, {ErrorKind::forbidden, "forbidden", "Metrics are told to this machine only.", {}}));
        Reply reply;
        reply.headers.set("Content-Type", "text/plain; version=0.0.4");
        reply.body = metrics ? metrics() : std::string();
        return respond(std::move(reply));
    }
    if (request.method != "GET" && request.method != "HEAD")
        return respond(problem(405, {ErrorKind::invalid, "method_not_allowed", "Pages are only read.", {}}));
    respond(pages_.answer(request));
}

void Edge::take_webhook(net::ServerRequest request, net::Respond respond) {
    const std::shared_ptr<const Channel> channel = services_.directory.by_key(request.path.substr(7));
    const Messenger* messenger = channel ? services_.find(channel->messenger) : nullptr;
    if (messenger == nullptr) return respond({.status = 404, .headers = {}});
    WebhookRequest webhook{request.method, std::move(request.query), std::move(request.headers),
                           std::move(request.body)};
    const Receipt receipt = messenger->receive(webhook, *channel);
    if (const auto* refuse = std::get_if<Refuse>(&receipt)) {
        ++counters.webhooks_refused;
        return respond({.status = refuse->status, .headers = {}});
    }
    if (const auto* answer = std::get_if<Answer>(&receipt)) {
        Reply reply{.status = answer->status, .headers = {}};
        reply.headers.set("Content-Type", answer->content_type);
        reply.body = answer->body;
        return respond(std::move(reply));
    }
    const auto& keep = std::get<Keep>(receipt);
    IntakeRow row{0, channel->id, services_.clock.now(), keep.proof, std::move(webhook.body)};
    services_.intake.append(std::move(row), [this, body = keep.body, respond](std::exception_ptr error) {
        if (error) {
            Reply reply = failed(error);
            reply.status = 503;  // the provider delivers it again
            return respond(std::move(reply));
        }
        ++counters.webhooks_kept;
        services_.intake_changed();
        Reply reply;
        reply.body = body;
        respond(std::move(reply));
    });
}

static std::string cookie_of(const net::ServerRequest& request, std::string_view name) {
    std::string_view all = request.headers.get("Cookie");
    while (!all.empty()) {
        const std::size_t end = std::min(all.find(';'), all.size());
        std::string_view one = all.substr(0, end);
        while (one.starts_with(' '))
            one.remove_prefix(1);
        if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
            return std::string(one.substr(name.size() + 1));
        all.remove_prefix(std::min(end + 1, all.size()));
    }
    return {};
}

static std::string bearer_of(const net::ServerRequest& request) {
    const std::string_view value = request.headers.get("Authorization");
    return value.starts_with("Bearer ") ? std::string(value.substr(7)) : std::string();
}

static Error not_signed_in() { return {ErrorKind::unauthorized, "not_signed_in", "Sign in first.", {}}; }

void Edge::authenticate(std::shared_ptr<Call> call, bool is_write, Authenticated done) {
    const std::string bearer = bearer_of(call->request);
    const std::string cookie = bearer.empty() ? cookie_of(call->request, "okno_session") : std::string();
    if (bearer.empty() && cookie.empty()) return done(std::unexpected(not_signed_in()));
    const std::string hash = short_hash(bearer.empty() ? cookie : bearer);
    if (!limit_.take(hash, Clock::real_now()))
        return done(fail(ErrorKind::unavailable, "too_many_requests", "Too many requests. Wait a few seconds."));
    auto found = std::make_shared<Result<Caller>>(std::unexpected(not_signed_in()));
    services_.store.read(
        [found, hash, is_token = !bearer.empty()](StoreSession& session) {
            if (is_token) {
                if (auto user = session.user_by_api_token(hash)) *found = Caller{std::move(*user), {}, {}};
            } else if (auto one = session.session(hash, Clock::real_now())) {
                *found = Caller{std::move(one->user), one->csrf_token, hash};
            }
        },
        [found, call, is_write, done = std::move(done)](std::exception_ptr error) {
            if (error) return done(fail(ErrorKind::unavailable, "unavailable", "The server is busy. Try again."));
            const bool by_cookie = *found && !(*found)->csrf_token.empty();
            if (is_write && by_cookie &&
                !equal_in_constant_time(call->request.headers.get("X-CSRF-Token"), (*found)->csrf_token))
                return done(fail(ErrorKind::forbidden, "csrf_failed",
                                 "The X-CSRF-Token header is missing or old: reload the page."));
            done(std::move(*found));
        });
}

static bool is_write_method(const std::string& method) { return method != "GET" && method != "HEAD"; }

void Edge::call_api(net::ServerRequest request, net::Respond respond) {
    auto call = std::make_shared<Call>();
    call->request = std::move(request);
    Route route = router_.find(call->request.method == "HEAD" ? "GET" : call->request.method, call->request.path);
    if (route.endpoint == nullptr)
        return respond(route.is_path_known
                           ? problem(405, {ErrorKind::invalid,
                                           "method_not_allowed",
                                           "This address does not take " + call->request.method + ".",
                                           {}})
                           : problem(404, {ErrorKind::not_found, "not_found", "There is no such address.", {}}));
    call->path = std::move(route.path);
    call->now = services_.clock.now();
    call->services = &services_;
    if (call->request.body_file.empty() && !call->request.body.empty()) {
        auto body = parse_json(call->request.body);
        if (!body) {
            Error error = body.error();
            error.code = "bad_request";
            return respond(problem(400, error));
        }
        call->body = std::move(*body);
    }
    if (route.endpoint->access == Access::anybody) return run(std::move(call), *route.endpoint, std::move(respond));
    const bool is_write = is_write_method(call->request.method);
    authenticate(call, is_write, [this, call, endpoint = route.endpoint, respond](Result<Caller> caller) {
        if (!caller)
            return respond(caller.error().code == "too_many_requests" ? problem(429, caller.error())
                                                                      : problem(caller.error()));
        call->caller = std::move(*caller);
        if (endpoint->access == Access::admin && !call->is_admin())
            return respond(problem({ErrorKind::forbidden, "forbidden", "Only an admin may do this.", {}}));
        run(call, *endpoint, respond);
    });
}

void Edge::run(std::shared_ptr<Call> call, const Endpoint& endpoint, net::Respond respond) {
    if (const auto* waiting = std::get_if<Wait>(&endpoint.run)) {
        boost::asio::co_spawn(services_.rim, waiting->run(call),
                              [call, respond](std::exception_ptr error, Result<Reply> reply) {
                                  respond(error ? failed(error) : reply_of(std::move(reply)));
                              });
        return;
    }
    auto reply = std::make_shared<Reply>();
    const auto* write = std::get_if<Write>(&endpoint.run);
    const ReadEndpoint* function = write != nullptr ? &write->run : &std::get<Read>(endpoint.run).run;
    const auto work = [call, reply, function](StoreSession& session) {
        *reply = reply_of((*function)(*call, session));
    };
    const auto done = [this, call, reply, respond,
                       wakes = write != nullptr && write->wakes_outbox](std::exception_ptr e) {
        respond(e ? failed(e) : std::move(*reply));
        if (wakes && !e) services_.outbox_changed();
    };
    if (write != nullptr)
        services_.store.write(work, done);
    else
        services_.store.read(work, done);
}

// A page of another site must not open the feed with our cookie.
static bool is_same_origin(const net::ServerRequest& request) {
    const std::string_view origin = request.headers.get("Origin");
    const std::size_t at = origin.find("://");
    return origin.empty() || (at != std::string_view::npos && origin.substr(at + 3) == request.headers.get("Host"));
}

void Edge::upgrade(net::ServerRequest request, std::function<void(net::WebSocketEvents)> accept, net::Respond refuse) {
    if (request.path != "/api/v1/events")
        return refuse(problem(404, {ErrorKind::not_found, "not_found", "There is no WebSocket here.", {}}));
    if (!is_same_origin(request))
        return refuse(problem(403, {ErrorKind::forbidden, "forbidden", "The feed is for this site's own pages.", {}}));
    auto watcher = std::make_shared<Watcher>();
    const std::string_view after = request.query_value("after");
    std::int64_t number = 0;
    if (!after.empty() && std::from_chars(after.data(), after.data() + after.size(), number).ec == std::errc{})
        watcher->after = number;
    auto call = std::make_shared<Call>();
    call->request = std::move(request);
    authenticate(call, false, [this, watcher, accept = std::move(accept), refuse](Result<Caller> caller) {
        if (!caller) return refuse(problem(caller.error()));
        watcher->user = std::move(caller->user);
        watcher->session_hash = caller->session_hash;
        accept({.opened =
                    [this, watcher](std::shared_ptr<net::WebSocketPeer> peer) {
                        watcher->peer = std::move(peer);
                        services_.hub.join(watcher);
                    },
                .text = {},
                .closed = [this, watcher] { services_.hub.leave(watcher); }});
    });
}

}  // namespace okno::http
