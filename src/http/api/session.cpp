// First run, sign-in, sign-out, and who is signed in.
#include "app/await.hpp"
#include "app/run_on.hpp"
#include "base/crypto.hpp"
#include "base/log.hpp"
#include "domain/email.hpp"
#include "http/api/endpoints.hpp"
#include "http/api/objects.hpp"
#include "http/body_reader.hpp"
#include "http/push_hub.hpp"
#include "http/rate_limit.hpp"

#include <fmt/format.h>

#include <atomic>

namespace okno::http {

namespace json = boost::json;

constexpr auto session_length = std::chrono::days(30);

static bool is_loopback_host(std::string_view host) {
    return host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
}

// Browsers keep a Secure cookie from an encrypted page only, so it is left out where there is none: when the public
// address says so, and when this machine's own page asks.
static bool is_cookie_secure(const Call& call) {
    if (call.services->is_tls) return true;
    if (call.services->is_public_url_given) return !call.services->public_url.starts_with("http://");
    return !call.request.peer_is_loopback || !is_loopback_host(call.request.headers.get("Host"));
}

static void set_cookie(Reply& reply, const Call& call, const std::string& token, std::chrono::seconds age) {
    reply.headers.set("Set-Cookie", fmt::format("okno_session={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}", token,
                                                age.count(), is_cookie_secure(call) ? "; Secure" : ""));
}

// Each check takes 64 MiB and a tenth of a second, so only so many may wait.
class PasswordTurn {
public:
    PasswordTurn() : is_mine_(++waiting_ <= 32) {}
    ~PasswordTurn() { --waiting_; }
    PasswordTurn(const PasswordTurn&) = delete;
    PasswordTurn& operator=(const PasswordTurn&) = delete;
    bool is_mine() const { return is_mine_; }

private:
    static inline std::atomic<int> waiting_{0};
    bool is_mine_;
};

static std::unexpected<Error> too_many(const std::string& detail) {
    return fail(ErrorKind::too_many, "too_many_requests", detail);
}

static boost::asio::awaitable<Result<Reply>> begin_session(std::shared_ptr<const Call> call, User user, int status) {
    const std::string token = random_token(32);
    const std::string csrf = random_token(16);
    const UserId id = user.id;
    auto storing = write(call->services->store, [token, csrf, id](StoreSession& session) {
        session.insert_session(short_hash(token), id, csrf, Clock::real_now() + session_length);
        return true;
    });
    co_await std::move(storing);
    const Caller caller{std::move(user), csrf, {}};
    Reply reply = json_reply(status, me_object(caller, *call->services, call->now));
    set_cookie(reply, *call, token, session_length);
    co_return reply;
}

static Result<Reply> get_setup(const Call&, StoreSession& session) {
    return json_reply(200, json::object{{"needed", !session.has_users()}});
}

// With the code of the log; without one from this machine alone, unless the server is meant for others.
static bool may_set_up(const Call& call, const std::string& code) {
    const std::string& wanted = call.services->setup_code;
    if (!code.empty()) return !wanted.empty() && equal_in_constant_time(code, wanted);
    return !call.services->needs_setup_code && call.request.peer_is_loopback;
}

static boost::asio::awaitable<Result<Reply>> set_up(std::shared_ptr<const Call> call) {
    static RateLimit limit(10.0 / 60, 10);
    if (!limit.take(call->request.peer, Clock::real_now())) co_return too_many("Try again in a minute.");
    BodyReader body(call->body);
    User user;
    user.id = make_id<UserId>();
    user.role = "owner";
    const std::string code = body.text("code", 0, 100);
    user.workspace_name = body.text("workspace", 1, 100);
    const Result<std::string> email = read_email(body.text("email", 1, 254));
    user.name = body.text("name", 1, 100);
    const std::string password = body.text("password", least_password, most_password);
    if (!body.is_good()) co_return body.error();
    if (!email) co_return std::unexpected(email.error());
    user.email = *email;
    if (!may_set_up(*call, code))
        co_return fail(ErrorKind::forbidden, "wrong_code",
                       "The first owner is made with the code that the server printed in its log at start.", "code");
    const PasswordTurn turn;
    if (!turn.is_mine()) co_return too_many("Try again in a few seconds.");
    auto hashing = run_on(call->services->passwords, [password] { return hash_password(Secret(password)); });
    user.password_hash = co_await std::move(hashing);
    auto making = write(call->services->store, [&user, now = call->now](StoreSession& session) {
        if (session.has_users()) return false;
        user.workspace = session.make_workspace(user.workspace_name, now);
        session.insert_user(user, now);
        return true;
    });
    const bool is_made = co_await std::move(making);
    if (!is_made) co_return fail(ErrorKind::conflict, "already_set_up", "This server has an owner. Sign in instead.");
    log(LogLevel::info, "the first owner was made");
    auto beginning = begin_session(call, user, 201);
    Result<Reply> reply = co_await std::move(beginning);
    co_return reply;
}

// Who is unknown has no name here: people type their password into the other field.
static void note_sign_in(std::string_view event, const Call& call, const User* user) {
    log(LogLevel::info, event,
        {{"user", user != nullptr ? user->id.value().text() : "unknown"}, {"peer", call.request.peer}});
}

static boost::asio::awaitable<Result<Reply>> sign_in(std::shared_ptr<const Call> call) {
    static RateLimit by_address(20.0 / 60, 20);
    static RateLimit by_email(2.0 / 60, 10);
    BodyReader body(call->body);
    const std::string typed = body.text("email", 1, 254);
    const std::string password = body.text("password", 1, most_password);
    if (!body.is_good()) co_return body.error();
    const std::string email = read_email(typed).value_or(typed);  // what is no e-mail is nobody's
    const Timestamp real_now = Clock::real_now();
    if (!by_address.take(call->request.peer, real_now) || !by_email.take(email, real_now)) {
        note_sign_in("sign-in refused: too many tries", *call, nullptr);
        Reply wait = problem(too_many("Too many tries to sign in. Wait a minute, then try again.").error());
        wait.headers.set("Retry-After", "30");
        co_return wait;
    }
    const PasswordTurn turn;
    if (!turn.is_mine()) co_return too_many("Too many people sign in at this moment. Try again in a few seconds.");
    auto finding = read(call->services->store, [email](StoreSession& session) { return session.user_by_email(email); });
    std::optional<User> user = co_await std::move(finding);
    // An unknown e-mail costs the same time as a wrong password.
    auto checking = run_on(call->services->passwords, [password, hash = user ? user->password_hash : std::string()] {
        static const std::string nobody = hash_password(Secret(random_token(16)));
        return is_password(Secret(password), hash.empty() ? nobody : hash);
    });
    const bool is_right = co_await std::move(checking);
    note_sign_in(user && is_right ? "signed in" : "sign-in refused: wrong e-mail or password", *call,
                 user ? &*user : nullptr);
    if (!user || !is_right)
        co_return fail(ErrorKind::unauthorized, "wrong_credentials", "The e-mail or the password is wrong.");
    auto beginning = begin_session(call, std::move(*user), 200);
    Result<Reply> reply = co_await std::move(beginning);
    co_return reply;
}

static Result<Reply> sign_out(const Call& call, StoreSession& session) {
    session.delete_session(call.caller.session_hash);
    call.services->hub.end_session(call.caller.session_hash);
    call.services->bus.publish(SessionEnded{call.caller.session_hash});
    Reply reply = no_content();
    set_cookie(reply, call, "", std::chrono::seconds(0));
    return reply;
}

static Result<Reply> get_me(const Call& call, StoreSession&) {
    return json_reply(200, me_object(call.caller, *call.services, call.now));
}

// A WebSocket is taken before it comes here.
static Result<Reply> need_web_socket(const Call&, StoreSession&) {
    Reply reply = problem(426, {ErrorKind::invalid, "upgrade_required", "The live feed is a WebSocket.", {}});
    reply.headers.set("Upgrade", "websocket");
    return reply;
}

std::vector<Endpoint> session_endpoints() {
    return {
        {"GET", "/api/v1/setup", Access::anybody, Read{get_setup}},
        {"POST", "/api/v1/setup", Access::anybody, Wait{set_up}},
        {"POST", "/api/v1/session", Access::anybody, Wait{sign_in}},
        {"DELETE", "/api/v1/session", Access::member, Write{sign_out}},
        {"GET", "/api/v1/me", Access::member, Read{get_me}},
        {"GET", "/api/v1/events", Access::member, Read{need_web_socket}},
    };
}

std::vector<Endpoint> api_endpoints() {
    std::vector<Endpoint> all;
    for (auto* part :
         {&session_endpoints, &channel_endpoints, &conversation_endpoints, &erasure_endpoints, &first_message_endpoints,
          &media_endpoints, &message_endpoints, &messenger_endpoints, &push_endpoints, &search_endpoints})
        for (Endpoint& endpoint : part())
            all.push_back(std::move(endpoint));
    return all;
}

}  // namespace okno::http
