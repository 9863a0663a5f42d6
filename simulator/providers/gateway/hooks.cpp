#include "providers/gateway/hooks.hpp"

#include <algorithm>

namespace okno::sim::gateway {

namespace {

struct Post {
    Hook hook;
    std::string body;
    json::object about;
    int attempt = 1;
    std::uint64_t generation = 0;
};

HttpRequest request_of(Site& site, const Post& post) {
    HttpRequest request;
    request.method = "POST";
    request.url = post.hook.url;
    request.headers.set("Content-Type", "application/json");
    for (const auto& [name, value] : post.hook.headers)
        request.headers.set(name, value);
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

bool is_over(const Post& post, const Result<HttpReply>& reply) {
    if (reply && reply->status / 100 == 2) return true;
    if (reply && std::ranges::find(post.hook.final_statuses, reply->status) != post.hook.final_statuses.end())
        return true;
    return post.attempt >= post.hook.attempts;
}

void settle(Site& site, const std::shared_ptr<Post>& post, const Result<HttpReply>& reply) {
    json::object entry{{"provider", "gateway"},    {"url", post->hook.url}, {"body", journal_body(post->body)},
                       {"attempt", post->attempt}, {"status", nullptr},     {"updates", json::array{post->about}}};
    if (reply)
        entry["status"] = reply->status;
    else
        entry["error"] = reply.error().detail;
    site.core.journal.write("webhook", std::move(entry));
    const std::scoped_lock lock(site.guard);
    if (post->generation != site.generation) return;
    if (!is_over(*post, reply)) return repeat_later(site, post);
    --site.posts_under_way;
}

void send(Site& site, std::shared_ptr<Post> post) {
    site.core.client.perform(request_of(site, *post),
                             [weak = site.weak_from_this(), post](const Result<HttpReply>& reply) {
                                 if (const auto there = weak.lock()) settle(*there, post, reply);
                             });
}

}  // namespace

void post_to(Site& site, const Hook& hook, const std::string& body, const json::object& about) {
    if (site.core.faults.take("lost_webhook", about)) {
        site.core.journal.write("webhook_lost", {{"provider", "gateway"}, {"updates", json::array{about}}});
        return;
    }
    const auto doubled = site.core.faults.take("duplicate_webhook", about);
    for (std::int64_t times = doubled ? fault_number(*doubled, "times", 2) : 1; times > 0; --times) {
        auto post = std::make_shared<Post>(Post{hook, body, about, 1, site.generation});
        ++site.posts_under_way;
        send(site, std::move(post));
    }
}

}  // namespace okno::sim::gateway
