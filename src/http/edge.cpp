#include "http/edge.hpp"

#include "app/courtesies.hpp"
#include "base/crypto.hpp"
#include "base/log.hpp"
#include "http/channel_directory.hpp"
#include "http/push_hub.hpp"
#include "http/repeated_request.hpp"

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

static Reply not_allowed(const std::string& method, const std::string& allowed) {
    Reply reply = problem(405, {ErrorKind::invalid,
                                "method_not_allowed",
                                "This address does not take " + method + " but " + allowed + ".",
                                {}});
    reply.headers.set("Allow", allowed);
    return reply;
}

static bool only_reads(const net::ServerRequest& request) {
    return request.method == "GET" || request.method == "HEAD";
}

Reply Edge::refusal(int status, const std::string& detail) {
    const auto code = [&] {
        switch (status) {
            case 413: return "too_large";
            case 431: return "head_too_large";
            case 503: return "unavailable";
            case 500: return "internal";
            case 404: return "not_found";
            default: return "bad_request";
        }
    };
    return problem(status, {ErrorKind::invalid, code(), detail, {}});
}

static Reply reply_of(Result<Reply> result) { return result ? std::move(*result) : problem(result.error()); }

static Metrics::Kind kind_of(std::string_view path) {
    if (path.starts_with("/hooks/")) return Metrics::Kind::webhook;
    if (path.starts_with("/api/")) return Metrics::Kind::api;
    return path.starts_with("/files/") ? Metrics::Kind::file : Metrics::Kind::page;
}

// What holds for every answer: its type is what it says, no other site's page may use it, and a browser that came
// encrypted once never comes otherwise.
static void guard(Reply& reply, Metrics::Kind kind, bool is_encrypted) {
    if (kind == Metrics::Kind::api)
        reply.headers.set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    reply.headers.set("X-Content-Type-Options", "nosniff");
    reply.headers.set("Cross-Origin-Resource-Policy", "same-origin");
    if (is_encrypted) reply.headers.set("Strict-Transport-Security", "max-age=31536000");
}

// Counts and logs the answer on its way out. Neither query nor body is logged, and of an address that is a secret
// (webhooks, files) only its beginning.
net::Respond Edge::observed(const net::ServerRequest& request, net::Respond respond) {
    const Metrics::Kind kind = kind_of(request.path);
    const bool is_secret = kind == Metrics::Kind::webhook || kind == Metrics::Kind::file;
    const bool is_encrypted = services_.is_public_url_given && services_.public_url.starts_with("https://");
    return [this, is_encrypted, kind, method = request.method,
            path = is_secret ? request.path.substr(0, 11) + "..." : request.path,
            begun = std::chrono::steady_clock::now(), respond = std::move(respond)](Reply reply) {
        // Who came through TLS once does not come without it for a year.
        if (services_.is_tls) reply.headers.set("Strict-Transport-Security", "max-age=31536000");
        const auto took = std::chrono::steady_clock::now() - begun;
        services_.metrics.answered(kind, reply.status, took);
        log(reply.status >= 500 ? LogLevel::warning : LogLevel::debug, "request",
            {{"method", method},
             {"path", path},
             {"status", fmt::to_string(reply.status)},
             {"ms", fmt::format("{:.1f}", std::chrono::duration<double, std::milli>(took).count())}});
        guard(reply, kind, is_encrypted);
        respond(std::move(reply));
    };
}

void Edge::handle(net::ServerRequest request, net::Respond respond) {
    respond = observed(request, std::move(respond));
    if (request.path.starts_with("/hooks/")) return take_webhook(std::move(request), std::move(respond));
    if (request.path.starts_with("/api/") || request.path.starts_with("/files/"))
        return call_api(std::move(request), std::move(respond));
    if (!only_reads(request)) return respond(not_allowed(request.method, "GET, HEAD"));
    if (request.path == "/healthz") return respond(json_reply(200, {{"status", "ok"}}));
    if (request.path == "/readyz")
        return is_ready([respond](const Result<void>& ready) {
            respond(ready ? json_reply(200, {{"status", "ok"}}) : problem(503, ready.error()));
        });
    if (request.path == "/metrics") return respond(tell_metrics(request));
    respond(pages_.answer(request));
}

Reply Edge::tell_metrics(const net::ServerRequest& request) const {
    if (!request.peer_is_loopback)
        return problem({ErrorKind::forbidden, "forbidden", "Metrics are told to this machine only.", {}});
    Reply reply;
    reply.headers.set("Content-Type", "text/plain; version=0.0.4");
    reply.body = services_.metrics.text(gauges());
    return reply;
}

void Edge::take_webhook(net::ServerRequest request, net::Respond respond) {
    const auto came = std::chrono::steady_clock::now();
    const std::shared_ptr<const Channel> channel = services_.directory.by_key(request.path.substr(7));
    const Messenger* messenger = channel ? services_.find(channel->messenger) : nullptr;
    if (messenger == nullptr) return respond({.status = 404, .headers = {}});
    if (request.method != "GET" && request.method != "POST") return respond(not_allowed(request.method, "GET, POST"));
    WebhookRequest webhook{request.method, std::move(request.query), std::move(request.headers),
                           std::move(request.body)};
    const Receipt receipt = messenger->receive(webhook, *channel);
    if (const auto* refuse = std::get_if<Refuse>(&receipt)) {
        services_.metrics.webhook(false);
        return respond({.status = refuse->status, .headers = {}});
    }
    if (!channel->called_at) note_called(channel->workspace, channel->id);
    if (const auto* answer = std::get_if<Answer>(&receipt)) {
        Reply reply{.status = answer->status, .headers = {}};
        reply.headers.set("Content-Type", answer->content_type);
        reply.body = answer->body;
        return respond(std::move(reply));
    }
    const auto& keep = std::get<Keep>(receipt);
    IntakeRow row{0, channel->id, services_.clock.now(), keep.proof, std::move(webhook.body), channel->workspace};
    const auto said = std::make_shared<const std::string>(row.bytes);
    services_.intake.append(std::move(row), [this, body = keep.body, type = keep.content_type, messenger, channel, said,
                                             came, respond](std::exception_ptr error) {
        if (error)  // the provider delivers it again
            return respond(problem({ErrorKind::unavailable, "unavailable", "It could not be stored now.", {}}));
        services_.metrics.webhook(true);
        services_.webhook_kept(std::chrono::steady_clock::now() - came);
        say_courtesies(services_.rim, *messenger, *said, *channel, services_.transport);
        Reply reply;
        if (!type.empty()) reply.headers.set("Content-Type", type);
        reply.body = body;
        respond(std::move(reply));
    });
}

// Once in the life of a channel: whoever connects it sees that the provider found the way here.
void Edge::note_called(WorkspaceId workspace, ChannelId id) {
    const auto note = [this, workspace, id, now = services_.clock.now()](StoreSession& session) {
        Transaction& tx = session.in(workspace);
        tx.lock_channel(id);
        auto channel = tx.channel(id);
        if (!channel || channel->called_at) return;
        channel->called_at = now;
        tx.save_channel(*channel);
        tx.note_change("channel", id.value());
    };
    services_.store.write(note, [&directory = services_.directory, &store = services_.store](std::exception_ptr error) {
        if (!error) directory.load(store, {});  // else at the next call
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

void Edge::authenticate(std::shared_ptr<Call> call, Authenticated done) {
    const std::string bearer = bearer_of(call->request);
    const std::string cookie = bearer.empty() ? cookie_of(call->request, "okno_session") : std::string();
    if (bearer.empty() && cookie.empty()) return done(std::unexpected(not_signed_in()));
    const std::string hash = short_hash(bearer.empty() ? cookie : bearer);
    if (!limit_.take(hash, Clock::real_now()))
        return done(fail(ErrorKind::too_many, "too_many_requests", "Too many requests. Wait a few seconds."));
    auto found = std::make_shared<Result<Caller>>(std::unexpected(not_signed_in()));
    services_.store.read(
        [found, hash, is_token = !bearer.empty()](StoreSession& session) {
            if (is_token) {
                if (auto user = session.user_by_api_token(hash)) *found = Caller{std::move(*user), {}, {}};
            } else if (auto one = session.session(hash, Clock::real_now())) {
                *found = Caller{std::move(one->user), one->csrf_token, hash, one->expires_at};
            }
        },
        [found, call, done = std::move(done)](std::exception_ptr error) {
            if (error) return done(fail(ErrorKind::unavailable, "unavailable", "The server is busy. Try again."));
            const bool by_cookie = *found && !(*found)->csrf_token.empty();
            if (by_cookie && !only_reads(call->request) &&
                !equal_in_constant_time(call->request.headers.get("X-CSRF-Token"), (*found)->csrf_token)) {
                log(LogLevel::info, "refused: the token against forged requests is missing or wrong",
                    {{"user", (*found)->user.id.value().text()}, {"peer", call->request.peer}});
                return done(fail(ErrorKind::forbidden, "csrf_failed",
                                 "The X-CSRF-Token header is missing or old: reload the page."));
            }
            done(std::move(*found));
        });
}

// Whether a page of this site asks, or no browser at all. Behind a proxy the Host may be another than the page's.
bool Edge::is_same_origin(const net::ServerRequest& request) const {
    const std::string_view origin = request.headers.get("Origin");
    if (origin.empty() || origin == services_.public_url) return true;
    const std::size_t at = origin.find("://");
    return at != std::string_view::npos && origin.substr(at + 3) == request.headers.get("Host");
}

void Edge::admit(net::ServerRequest head, std::function<void()> go_on, net::Respond refuse) {
    auto call = std::make_shared<Call>();
    call->request = std::move(head);
    if (call->request.method != "POST") return refuse(not_allowed(call->request.method, "POST"));
    authenticate(call, [go_on = std::move(go_on), refuse](const Result<Caller>& caller) {
        caller ? go_on() : refuse(problem(caller.error()));
    });
}

void Edge::call_api(net::ServerRequest request, net::Respond respond) {
    auto call = std::make_shared<Call>();
    call->request = std::move(request);
    Route route = router_.find(call->request.method == "HEAD" ? "GET" : call->request.method, call->request.path);
    if (route.endpoint == nullptr)
        return respond(route.allowed.empty()
                           ? problem({ErrorKind::not_found, "not_found", "There is no such address.", {}})
                           : not_allowed(call->request.method, route.allowed));
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
    if (route.endpoint->access == Access::anybody) {
        // Nobody is signed in yet, so no token guards these: a page of another site must not sign its visitors in.
        if (!only_reads(call->request) && !is_same_origin(call->request))
            return respond(problem({ErrorKind::forbidden, "forbidden", "This is for this site's own pages.", {}}));
        return run(std::move(call), *route.endpoint, std::move(respond));
    }
    authenticate(call, [this, call, endpoint = route.endpoint, respond](Result<Caller> caller) {
        if (!caller) return respond(problem(caller.error()));
        call->caller = std::move(*caller);
        if (endpoint->access == Access::admin && !call->is_admin()) {
            log(LogLevel::info, "refused: only an admin may do this",
                {{"user", call->caller.user.id.value().text()},
                 {"method", endpoint->method},
                 {"path", endpoint->path}});
            return respond(problem({ErrorKind::forbidden, "forbidden", "Only an admin may do this.", {}}));
        }
        answer_once(
            call, [this, call, endpoint](net::Respond told) { run(call, *endpoint, std::move(told)); }, respond);
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

// The number of the last event that the page has; empty when it has none.
static Result<std::optional<std::int64_t>> read_after(const net::ServerRequest& request) {
    const std::string_view text = request.query_value("after");
    if (text.empty()) return std::nullopt;
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || number < 0)
        return fail(ErrorKind::invalid, "invalid", "after: expected the number of the last event seen", "after");
    return number;
}

void Edge::upgrade(net::ServerRequest request, std::function<void(net::WebSocketEvents)> accept, net::Respond refuse) {
    if (request.path != "/api/v1/events")
        return refuse(problem({ErrorKind::not_found, "not_found", "There is no WebSocket here.", {}}));
    if (!is_same_origin(request))
        return refuse(problem({ErrorKind::forbidden, "forbidden", "The feed is for this site's own pages.", {}}));
    const auto after = read_after(request);
    if (!after) return refuse(problem(after.error()));
    auto watcher = std::make_shared<Watcher>();
    watcher->after = *after;
    auto call = std::make_shared<Call>();
    call->request = std::move(request);
    authenticate(call, [this, watcher, accept = std::move(accept), refuse](Result<Caller> caller) {
        if (!caller) return refuse(problem(caller.error()));
        watcher->user = std::move(caller->user);
        watcher->session_hash = caller->session_hash;
        watcher->ends_at = caller->session_ends;
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
