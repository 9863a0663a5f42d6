// First run, sign-in, sign-out, and who is signed in.
#include "app/await.hpp"
#include "base/crypto.hpp"
#include "base/log.hpp"
#include "http/api/endpoints.hpp"
#include "http/api/objects.hpp"
#include "http/body_reader.hpp"
#include "http/push_hub.hpp"
#include "http/rate_limit.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

namespace okno::http {

namespace json = boost::json;

constexpr auto session_length = std::chrono::days(30);

// E-mails are compared without regard to the case of Latin letters.
static std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

// Runs `work` on the executor that is meant to be slow.
template <typename Work>
static boost::asio::awaitable<std::invoke_result_t<Work>> on(boost::asio::any_io_executor executor, Work work) {
    auto task = [work = std::move(work)]() mutable -> boost::asio::awaitable<std::invoke_result_t<Work>> {
        co_return work();
    };
    auto running = boost::asio::co_spawn(executor, std::move(task), boost::asio::use_awaitable);
    auto value = co_await std::move(running);
    co_return value;
}

static Reply with_session(Reply reply, const Services& services, const std::string& token) {
    const bool is_plain = services.public_url.starts_with("http://");
    reply.headers.set("Set-Cookie",
                      fmt::format("okno_session={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}", token,
                                  std::chrono::seconds(session_length).count(), is_plain ? "" : "; Secure"));
    return reply;
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
    co_return with_session(json_reply(status, me_object(caller, *call->services, call->now)), *call->services, token);
}

static Result<Reply> get_setup(const Call&, StoreSession& session) {
    return json_reply(200, json::object{{"needed", !session.has_users()}});
}

static bool may_set_up(const Call& call, const std::string& code) {
    const std::string& wanted = call.services->setup_code;
    const bool is_direct = call.request.headers.get("X-Forwarded-For").empty();
    if (wanted.empty()) return call.request.peer_is_loopback && is_direct;
    return equal_in_constant_time(code, wanted);
}

static boost::asio::awaitable<Result<Reply>> set_up(std::shared_ptr<const Call> call) {
    static RateLimit limit(10.0 / 60, 10);
    if (!limit.take(call->request.peer, Clock::real_now()))
        co_return problem(429, {ErrorKind::unavailable, "too_many_requests", "Try again in a minute."});
    BodyReader body(call->body);
    User user;
    user.id = make_id<UserId>();
    user.role = "owner";
    const std::string code = body.text("code", 0, 100);
    user.workspace_name = body.text("workspace", 1, 100);
    user.email = lower(body.text("email", 3, 200));
    user.name = body.text("name", 1, 100);
    const std::string password = body.text("password", 10, 256);
    if (!body.is_good()) co_return body.error();
    if (user.email.find('@') == std::string::npos)
        co_return fail(ErrorKind::invalid, "invalid", "email: expected an e-mail address", "email");
    if (!may_set_up(*call, code))
        co_return fail(ErrorKind::forbidden, "wrong_code",
                       "The first owner is made with the code that the server printed in its log at start.", "code");
    auto hashing = on(call->services->passwords, [password] { return hash_password(Secret(password)); });
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

static boost::asio::awaitable<Result<Reply>> sign_in(std::shared_ptr<const Call> call) {
    static RateLimit by_address(20.0 / 60, 20);
    static RateLimit by_email(10.0 / 60, 10);
    BodyReader body(call->body);
    const std::string email = lower(body.text("email", 1, 200));
    const std::string password = body.text("password", 1, 256);
    if (!body.is_good()) co_return body.error();
    const Timestamp real_now = Clock::real_now();
    if (!by_address.take(call->request.peer, real_now) || !by_email.take(email, real_now))
        co_return problem(429, {ErrorKind::unavailable, "too_many_requests",
                                "Too many tries to sign in. Wait a minute, then try again."});
    auto finding = read(call->services->store, [email](StoreSession& session) { return session.user_by_email(email); });
    std::optional<User> user = co_await std::move(finding);
    // An unknown e-mail costs the same time as a wrong password.
    static const std::string nobody = hash_password(Secret(random_token(16)));
    const std::string hash = user ? user->password_hash : nobody;
    auto checking = on(call->services->passwords, [password, hash] { return is_password(Secret(password), hash); });
    const bool is_right = co_await std::move(checking);
    if (!user || !is_right)
        co_return fail(ErrorKind::unauthorized, "wrong_credentials", "The e-mail or the password is wrong.");
    auto beginning = begin_session(call, std::move(*user), 200);
    Result<Reply> reply = co_await std::move(beginning);
    co_return reply;
}

static Result<Reply> sign_out(const Call& call, StoreSession& session) {
    session.delete_session(call.caller.session_hash);
    call.services->hub.end_session(call.caller.session_hash);
    Reply reply = no_content();
    reply.headers.set("Set-Cookie", "okno_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    return reply;
}

static Result<Reply> get_me(const Call& call, StoreSession&) {
    return json_reply(200, me_object(call.caller, *call.services, call.now));
}

std::vector<Endpoint> session_endpoints() {
    return {
        {"GET", "/api/v1/setup", Access::anybody, Read{get_setup}},
        {"POST", "/api/v1/setup", Access::anybody, Wait{set_up}},
        {"POST", "/api/v1/session", Access::anybody, Wait{sign_in}},
        {"DELETE", "/api/v1/session", Access::member, Write{sign_out}},
        {"GET", "/api/v1/me", Access::member, Read{get_me}},
    };
}

std::vector<Endpoint> api_endpoints() {
    std::vector<Endpoint> all;
    for (auto* part : {&session_endpoints, &channel_endpoints, &conversation_endpoints, &first_message_endpoints,
                       &media_endpoints, &message_endpoints, &search_endpoints})
        for (Endpoint& endpoint : part())
            all.push_back(std::move(endpoint));
    return all;
}

}  // namespace okno::http
