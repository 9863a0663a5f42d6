#include "providers/viber/callbacks.hpp"

#include "base/crypto.hpp"
#include "core/answer.hpp"
#include "core/reading.hpp"

#include <algorithm>

namespace okno::sim::viber {

namespace {

constexpr auto kRepeatedFor = 1h;

struct Post {
    std::string uri;  // of the bot
    std::string url;
    std::string token;
    std::string body;
    json::object about;
    Timestamp until;
    int attempt = 1;
    std::uint64_t generation = 0;
    std::function<void(const std::string&)> answered;
};

HttpRequest request_of(Site& site, const Post& post) {
    const Sha256 mac = hmac_sha256(post.token, post.body);
    const std::string signature = to_hex(mac.data(), mac.size());
    HttpRequest request;
    request.method = "POST";
    request.url = post.url + (post.url.find('?') == std::string::npos ? "?sig=" : "&sig=") + signature;
    request.headers.set("Content-Type", "application/json");
    request.headers.set("X-Viber-Content-Signature", signature);
    request.body = post.body;
    request.timeout = std::chrono::milliseconds(site.core.settings.get("webhook_timeout_ms"));
    request.allow_private_network = true;
    return request;
}

void note(Site& site, const Post& post, const Result<HttpReply>& reply) {
    json::object entry{{"provider", "viber"},     {"url", post.url},   {"body", journal_body(post.body)},
                       {"attempt", post.attempt}, {"status", nullptr}, {"updates", json::array{post.about}}};
    if (reply) {
        entry["status"] = reply->status;
        entry["answer"] = journal_body(reply->body);
    } else {
        entry["error"] = reply.error().detail;
    }
    site.core.journal.write("webhook", std::move(entry));
}

void send(Site& site, const std::shared_ptr<Post>& post);

void repeat_later(Site& site, const std::shared_ptr<Post>& post) {
    const std::int64_t base = site.core.settings.get("retry_base_ms");
    const std::int64_t pause =
        std::min(base << std::min(post->attempt - 1, 20), site.core.settings.get("retry_max_ms"));
    ++post->attempt;
    site.core.timers.after(std::chrono::milliseconds(pause), [&site, post] {
        const std::scoped_lock lock(site.guard);
        if (post->generation != site.generation) return;
        const auto bot = site.world.bots.find(post->uri);
        const bool is_called = bot != site.world.bots.end() && bot->second.webhook == post->url;
        if (is_called && site.now() < post->until) return send(site, post);
        site.core.journal.write("webhook_lost", {{"url", post->url}, {"updates", json::array{post->about}}});
        --site.under_way;
    });
}

void settle(Site& site, const std::shared_ptr<Post>& post, const Result<HttpReply>& reply) {
    note(site, *post, reply);
    const std::scoped_lock lock(site.guard);
    if (post->generation != site.generation) return;
    if (!reply || reply->status != 200) return repeat_later(site, post);
    --site.under_way;
    if (post->answered) post->answered(reply->body);
}

void send(Site& site, const std::shared_ptr<Post>& post) {
    site.core.client.perform(request_of(site, *post),
                             [weak = site.weak_from_this(), post](const Result<HttpReply>& reply) {
                                 if (const auto there = weak.lock()) settle(*there, post, reply);
                             });
}

}  // namespace

std::int64_t new_token(Site& site) { return ++site.world.last_token; }

json::object callback_of(Site& site, std::string_view event, std::int64_t token, json::object more) {
    json::object out{{"event", event},
                     {"timestamp", to_millis(site.now())},
                     {"chat_hostname", "SN-CHAT-01_"},
                     {"message_token", token}};
    for (auto& [name, value] : more)
        out[name] = value;
    return out;
}

void tell(Site& site, const Bot& bot, const json::object& callback, std::function<void(const std::string&)> answered) {
    const std::string event = text_at(callback, "event");
    if (bot.webhook.empty() || (event != "message" && !bot.event_types.contains(event))) return;
    const json::object about{
        {"provider", "viber"}, {"what", event}, {"bot", bot.uri}, {"id", text_at(callback, "message_token")}};
    if (site.core.faults.take("lost_webhook", about)) {
        site.core.journal.write("webhook_lost", {{"url", bot.webhook}, {"updates", json::array{about}}});
        return;
    }
    std::int64_t times = 1;
    if (const auto fault = site.core.faults.take("duplicate_webhook", about))
        times = std::max<std::int64_t>(2, fault_number(*fault, "times", 2));
    for (std::int64_t i = 0; i < times; ++i) {
        ++site.under_way;
        send(site, std::make_shared<Post>(Post{bot.uri, bot.webhook, bot.token, json::serialize(callback), about,
                                               site.now() + kRepeatedFor, 1, site.generation, answered}));
    }
}

void try_webhook(Site& site, const Bot& bot, const std::string& url, std::function<void(bool)> done) {
    const auto post = std::make_shared<Post>(Post{bot.uri,
                                                  url,
                                                  bot.token,
                                                  json::serialize(callback_of(site, "webhook", new_token(site), {})),
                                                  {{"provider", "viber"}, {"what", "webhook"}, {"bot", bot.uri}},
                                                  site.now(),
                                                  1,
                                                  site.generation,
                                                  {}});
    site.core.client.perform(request_of(site, *post), [weak = site.weak_from_this(), post,
                                                       done = std::move(done)](const Result<HttpReply>& reply) {
        const auto there = weak.lock();
        if (there == nullptr) return;
        note(*there, *post, reply);
        done(reply && reply->status == 200);
    });
}

json::object person_object(const Bot& bot, const Person& person) {
    json::object out{{"id", person.id},
                     {"language", person.language},
                     {"country", person.country},
                     {"api_version", person.api_version}};
    if (bot.sends_name) out["name"] = person.name;
    if (bot.sends_photo) out["avatar"] = "https://media-direct.cdn.viber.com/download_photo?dlid=" + person.key;
    return out;
}

}  // namespace okno::sim::viber
