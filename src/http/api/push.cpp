// Browsers of admins that want to hear of channels that break while no page is open (Web Push).
#include "base/base64url.hpp"
#include "http/api/endpoints.hpp"
#include "http/body_reader.hpp"

namespace okno::http {

namespace json = boost::json;

static Result<Reply> get_key(const Call& call, StoreSession&) {
    return json_reply(200, json::object{{"public_key", to_base64url(call.services->push_key)}});
}

// Push services speak TLS; without it only a server on this machine, which is a test's.
static bool is_push_address(const std::string& endpoint) {
    return endpoint.starts_with("https://") || endpoint.starts_with("http://127.0.0.1:");
}

static Result<Reply> subscribe(const Call& call, StoreSession& session) {
    if (call.caller.session_hash.empty())
        return fail(ErrorKind::forbidden, "needs_session",
                    "A browser that is signed in does this, an API token cannot.");
    BodyReader body(call.body);
    PushSubscription wanted;
    wanted.id = make_id<PushSubscriptionId>();
    wanted.user = call.caller.user.id;
    wanted.session_hash = call.caller.session_hash;
    wanted.endpoint = body.text("endpoint", 1, 2000);
    wanted.language = body.text("language", 2, 2);
    BodyReader keys = body.part("keys", true);
    wanted.browser_key = from_base64url(keys.text("p256dh", 1, 200)).value_or("");
    wanted.auth = from_base64url(keys.text("auth", 1, 100)).value_or("");
    if (!is_push_address(wanted.endpoint)) body.wrong("endpoint", "This is no https address of a push service.");
    if (wanted.browser_key.size() != 65 || wanted.browser_key.front() != 4)
        body.wrong("keys.p256dh", "This is no uncompressed point of P-256 in base64url.");
    if (wanted.auth.size() != 16) body.wrong("keys.auth", "This is not 16 bytes in base64url.");
    if (wanted.language != "en" && wanted.language != "ru") body.wrong("language", "Known are `en` and `ru`.");
    if (!body.is_good()) return body.error();
    const auto id = session.in(call.caller.user.workspace).save_push_subscription(wanted);
    return json_reply(200, json::object{{"id", id.value().text()}});
}

static Result<Reply> unsubscribe(const Call& call, StoreSession& session) {
    const auto id = call.path_id<PushSubscriptionId>();
    if (!id) return std::unexpected(id.error());
    if (!session.in(call.caller.user.workspace).delete_push_subscription(call.caller.user.id, *id))
        return fail(ErrorKind::not_found, "not_found", "There is no such subscription of yours.");
    return no_content();
}

std::vector<Endpoint> push_endpoints() {
    return {
        {"GET", "/api/v1/push/key", Access::admin, Read{get_key}},
        {"POST", "/api/v1/push/subscriptions", Access::admin, Write{subscribe}},
        {"DELETE", "/api/v1/push/subscriptions/{id}", Access::member, Write{unsubscribe}},
    };
}

}  // namespace okno::http
