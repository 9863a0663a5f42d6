#include "providers/gateway/events.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "providers/gateway/objects.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace okno::sim::gateway {

namespace {

constexpr std::size_t kMostStatuses = 10;

struct Post {
    std::string url;
    std::string key;
    std::string body;
    json::object about;
    std::int64_t attempts = 15;
    int attempt = 1;
    std::uint64_t generation = 0;
};

HttpRequest request_of(Site& site, const Post& post) {
    HttpRequest request;
    request.method = "POST";
    request.url = post.url;
    request.headers.set("Content-Type", "application/json");
    if (!post.key.empty()) {
        request.headers.set("X-Webhook-Hmac", signature_of(post.key, post.body));
        request.headers.set("X-Webhook-Hmac-Algorithm", "sha512");
    }
    request.headers.set("X-Webhook-Timestamp", std::to_string(to_millis(site.now())));
    request.headers.set("X-Webhook-Request-Id", random_token(12));
    request.body = post.body;
    request.timeout = std::chrono::milliseconds(site.core.settings.get("webhook_timeout_ms"));
    request.allow_private_network = true;
    return request;
}

void send(Site& site, std::shared_ptr<Post> post);

void repeat_later(Site& site, std::shared_ptr<Post> post) {
    const std::int64_t base = site.core.settings.get("retry_base_ms");
    const std::int64_t pause =
        std::min(base << std::min(post->attempt - 1, 20), site.core.settings.get("retry_max_ms"));
    ++post->attempt;
    site.core.timers.after(std::chrono::milliseconds(pause), [&site, post] {
        const std::scoped_lock lock(site.guard);
        if (post->generation == site.generation) send(site, post);
    });
}

void settle(Site& site, const std::shared_ptr<Post>& post, const Result<HttpReply>& reply) {
    json::object entry{{"provider", "gateway"},    {"url", post->url},  {"body", journal_body(post->body)},
                       {"attempt", post->attempt}, {"status", nullptr}, {"updates", json::array{post->about}}};
    if (reply)
        entry["status"] = reply->status;
    else
        entry["error"] = reply.error().detail;
    site.core.journal.write("webhook", std::move(entry));
    const std::scoped_lock lock(site.guard);
    if (post->generation != site.generation) return;
    const bool is_taken = reply && reply->status / 100 == 2;
    if (!is_taken && post->attempt < post->attempts) return repeat_later(site, post);
    --site.posts_under_way;
}

void send(Site& site, std::shared_ptr<Post> post) {
    site.core.client.perform(request_of(site, *post),
                             [weak = site.weak_from_this(), post](const Result<HttpReply>& reply) {
                                 if (const auto there = weak.lock()) settle(*there, post, reply);
                             });
}

bool wants(const JsonView& webhook, std::string_view event) {
    for (std::size_t i = 0; i < webhook["events"].size(); ++i) {
        const std::string one = webhook["events"].at(i).text_or("");
        if (one == event || one == "*") return true;
    }
    return false;
}

void post_to(Site& site, const JsonView& webhook, const std::string& body, const json::object& about) {
    if (site.core.faults.take("lost_webhook", about)) {
        site.core.journal.write("webhook_lost", {{"provider", "gateway"}, {"updates", json::array{about}}});
        return;
    }
    const auto doubled = site.core.faults.take("duplicate_webhook", about);
    for (std::int64_t times = doubled ? fault_number(*doubled, "times", 2) : 1; times > 0; --times) {
        auto post = std::make_shared<Post>();
        post->url = webhook["url"].text_or("");
        post->key = webhook["hmac"]["key"].text_or("");
        post->body = body;
        post->about = about;
        post->attempts = webhook["retries"]["attempts"].integer().value_or(15);
        post->generation = site.generation;
        ++site.posts_under_way;
        send(site, std::move(post));
    }
}

}  // namespace

std::string signature_of(std::string_view key, std::string_view body) {
    const auto bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
    crypto_auth_hmacsha512_state state;
    crypto_auth_hmacsha512_init(&state, bytes(key), key.size());
    crypto_auth_hmacsha512_update(&state, bytes(body), body.size());
    std::array<unsigned char, crypto_auth_hmacsha512_BYTES> out{};
    crypto_auth_hmacsha512_final(&state, out.data());
    return to_hex(out.data(), out.size());
}

void tell(Site& site, Session& session, const std::string& event, const json::object& payload) {
    if (event != "session.status" && session.status != "WORKING") return;
    const std::string id = "evt_" + random_token(12);
    const json::value me =
        session.number.empty()
            ? json::value(nullptr)
            : json::value(json::object{{"id", session.number + "@c.us"}, {"pushName", session.name}});
    const std::string body = json::serialize(json::object{{"id", id},
                                                          {"timestamp", to_millis(site.now())},
                                                          {"event", event},
                                                          {"session", session.name},
                                                          {"metadata", json::object()},
                                                          {"engine", session.engine},
                                                          {"me", me},
                                                          {"payload", payload}});
    const json::object about{{"provider", "gateway"}, {"what", event}, {"session", session.name}, {"id", id}};
    const json::value config(session.config);
    const JsonView webhooks = JsonView(config)["webhooks"];
    for (std::size_t i = 0; i < webhooks.size(); ++i)
        if (wants(webhooks.at(i), event)) post_to(site, webhooks.at(i), body, about);
}

void enter(Site& site, Session& session, const std::string& status) {
    session.status = status;
    session.statuses.emplace_back(status, site.now());
    if (session.statuses.size() > kMostStatuses) session.statuses.pop_front();
    json::array statuses;
    for (const auto& [name, at] : session.statuses)
        statuses.push_back(json::object{{"status", name}, {"timestamp", to_millis(at)}});
    tell(site, session, "session.status",
         {{"name", session.name}, {"status", status}, {"statuses", std::move(statuses)}, {"data", nullptr}});
}

void tell_message(Site& site, Session& session, const Person& person, Message& message) {
    const json::object object = message_object(session, person, message, true);
    if (!message.is_from_account) tell(site, session, "message", object);
    tell(site, session, "message.any", object);
}

void acknowledge(Site& site, Session& session, const Person& person, Message& message, int ack) {
    if (ack >= 0 && ack <= message.ack) return;
    message.ack = ack;
    const json::object whole = message_object(session, person, message, false);
    tell(site, session, "message.ack",
         {{"id", whole.at("id")},
          {"from", whole.at("from")},
          {"to", whole.at("to")},
          {"participant", nullptr},
          {"fromMe", true},
          {"ack", ack},
          {"ackName", whole.at("ackName")}});
}

}  // namespace okno::sim::gateway
