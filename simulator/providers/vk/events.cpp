#include "providers/vk/events.hpp"

#include "base/crypto.hpp"
#include "core/answer.hpp"

#include <algorithm>
#include <charconv>

namespace okno::sim::vk {

namespace {

constexpr std::size_t kMostKept = 1000;

struct Post {
    std::int64_t group = 0;
    std::int64_t server = 0;
    std::string url;
    std::string body;
    json::object about;
    int attempt = 1;
    std::uint64_t generation = 0;
};

std::string new_event_id() {
    std::array<unsigned char, 20> bytes{};
    random_bytes(bytes.data(), bytes.size());
    return to_hex(bytes.data(), bytes.size());
}

// Before 5.103 the message stood in `object` by itself, and events had no id.
bool is_old(const std::string& version) {
    int minor = 0;
    const std::size_t dot = version.find('.');
    if (dot != std::string::npos) std::from_chars(version.data() + dot + 1, version.data() + version.size(), minor);
    return minor < 103;
}

json::object envelope_of(const Group& group, const std::string& type, const json::object& object,
                         const std::string& event_id, const std::string& version) {
    if (!is_old(version))
        return {{"group_id", group.id}, {"type", type}, {"event_id", event_id}, {"v", version}, {"object", object}};
    const json::value* message = object.if_contains("message");
    return {{"type", type},
            {"object", type == "message_new" && message != nullptr ? *message : json::value(object)},
            {"group_id", group.id}};
}

HttpRequest request_of(Site& site, const Post& post) {
    HttpRequest request;
    request.method = "POST";
    request.url = post.url;
    request.headers.set("Content-Type", "application/json");
    if (post.attempt > 1) request.headers.set("X-Retry-Counter", std::to_string(post.attempt - 1));
    request.body = post.body;
    request.timeout = std::chrono::milliseconds(site.core.settings.get("webhook_timeout_ms"));
    request.allow_private_network = true;
    return request;
}

void note(Site& site, const Post& post, const Result<HttpReply>& reply) {
    json::object entry{{"provider", "vk"},        {"url", post.url},   {"body", journal_body(post.body)},
                       {"attempt", post.attempt}, {"status", nullptr}, {"updates", json::array{post.about}}};
    if (reply) {
        entry["status"] = reply->status;
        entry["answer"] = journal_body(reply->body);
    } else {
        entry["error"] = reply.error().detail;
    }
    site.core.journal.write("webhook", std::move(entry));
}

void send(Site& site, std::shared_ptr<Post> post);

void repeat_later(Site& site, std::shared_ptr<Post> post) {
    const std::int64_t base = site.core.settings.get("retry_base_ms");
    const std::int64_t pause =
        std::min(base << std::min(post->attempt - 1, 20), site.core.settings.get("retry_max_ms"));
    ++post->attempt;
    site.core.timers.after(std::chrono::milliseconds(pause), [&site, post] {
        const std::scoped_lock lock(site.guard);
        if (post->generation != site.generation) return;
        const auto group = site.world.groups.find(post->group);
        const bool is_there = group != site.world.groups.end() && group->second.server(post->server) != nullptr;
        if (is_there) return send(site, post);
        --site.posts_under_way;
    });
}

void settle(Site& site, const std::shared_ptr<Post>& post, const Result<HttpReply>& reply) {
    note(site, *post, reply);
    const std::scoped_lock lock(site.guard);
    if (post->generation != site.generation) return;
    if (reply && reply->status == 200 && reply->body == "remove") {
        std::erase_if(site.world.groups[post->group].servers,
                      [&](const CallbackServer& one) { return one.id == post->server; });
    } else if (!reply || reply->status != 200 || reply->body != "ok") {
        return repeat_later(site, post);
    }
    --site.posts_under_way;
}

void send(Site& site, std::shared_ptr<Post> post) {
    site.core.client.perform(request_of(site, *post),
                             [weak = site.weak_from_this(), post](const Result<HttpReply>& reply) {
                                 if (const auto there = weak.lock()) settle(*there, post, reply);
                             });
}

// The answer to a confirmation.
void judge(Site& site, const Post& post, const Result<HttpReply>& reply) {
    note(site, post, reply);
    const std::scoped_lock lock(site.guard);
    if (post.generation != site.generation) return;
    --site.posts_under_way;
    const auto group = site.world.groups.find(post.group);
    CallbackServer* asked = group == site.world.groups.end() ? nullptr : group->second.server(post.server);
    if (asked == nullptr) return;
    const bool is_right = reply && reply->status == 200 && reply->body == group->second.confirmation_code;
    asked->status = is_right ? "ok" : "failed";
    group->second.confirmation_code = to_hex(random_token(4).data(), 4);
}

void answer_waiters(LongPoll& poll) {
    std::vector<Waiter> ready;
    ready.swap(poll.waiters);
    for (Waiter& waiter : ready) {
        json::array updates;
        const auto fresh = static_cast<std::size_t>(poll.ts - waiter.after);
        for (std::size_t i = poll.queue.size() - std::min(fresh, poll.queue.size()); i < poll.queue.size(); ++i)
            updates.emplace_back(poll.queue[i]);
        waiter.answer({{"ts", std::to_string(poll.ts)}, {"updates", std::move(updates)}});
    }
}

}  // namespace

void tell(Site& site, Group& group, const std::string& type, const json::object& object) {
    const std::string event_id = new_event_id();
    const json::object about{{"provider", "vk"}, {"what", type}, {"group", group.id}, {"event_id", event_id}};
    for (const CallbackServer& server : group.servers) {
        if (server.status != "ok" || !server.events.contains(type)) continue;
        if (site.core.faults.take("lost_webhook", about)) {
            site.core.journal.write("webhook_lost", {{"url", server.url}, {"updates", json::array{about}}});
            continue;
        }
        json::object body = envelope_of(group, type, object, event_id, server.api_version);
        if (!server.secret_key.empty()) body["secret"] = server.secret_key;
        std::int64_t times = 1;
        if (const auto fault = site.core.faults.take("duplicate_webhook", about))
            times = std::max<std::int64_t>(2, fault_number(*fault, "times", 2));
        for (std::int64_t i = 0; i < times; ++i) {
            ++site.posts_under_way;
            send(site, std::make_shared<Post>(
                           Post{group.id, server.id, server.url, json::serialize(body), about, 1, site.generation}));
        }
    }
    LongPoll& poll = group.long_poll;
    if (!poll.is_enabled || !poll.events.contains(type)) return;
    poll.queue.push_back(envelope_of(group, type, object, event_id, "5.199"));
    if (poll.queue.size() > kMostKept) poll.queue.pop_front();
    ++poll.ts;
    answer_waiters(poll);
}

void confirm(Site& site, Group& group, std::int64_t server_id) {
    CallbackServer* server = group.server(server_id);
    if (server == nullptr) return;
    server->status = "wait";
    json::object body{{"type", "confirmation"}, {"group_id", group.id}};
    if (!server->secret_key.empty()) body["secret"] = server->secret_key;
    const auto post = std::make_shared<Post>(Post{group.id,
                                                  server_id,
                                                  server->url,
                                                  json::serialize(body),
                                                  {{"provider", "vk"}, {"what", "confirmation"}, {"group", group.id}},
                                                  1,
                                                  site.generation});
    ++site.posts_under_way;
    site.core.client.perform(request_of(site, *post),
                             [weak = site.weak_from_this(), post](const Result<HttpReply>& reply) {
                                 if (const auto there = weak.lock()) judge(*there, *post, reply);
                             });
}

void renew_key(Group& group) { group.long_poll.key = "key-" + random_token(9); }

void answer_long_poll(Site& site, std::int64_t group_id, const net::ServerRequest& request, net::Respond respond) {
    const std::scoped_lock lock(site.guard);
    const auto found = site.world.groups.find(group_id);
    if (found == site.world.groups.end() || request.query_value("act") != "a_check" || site.is_closing)
        return respond(json_reply(400, {{"failed", 4}}));
    LongPoll& poll = found->second.long_poll;
    if (request.query_value("key") != poll.key) return respond(json_reply(200, {{"failed", 2}}));
    std::int64_t after = 0;
    const std::string_view text = request.query_value("ts");
    std::from_chars(text.data(), text.data() + text.size(), after);
    if (after > poll.ts || after < 1) return respond(json_reply(200, {{"failed", 3}}));
    if (poll.ts - after > static_cast<std::int64_t>(poll.queue.size()))
        return respond(json_reply(200, {{"failed", 1}, {"ts", poll.ts}}));
    const std::uint64_t number = ++site.world.last_waiter;
    poll.waiters.push_back(
        {number, after, [respond](json::object answer) { respond(json_reply(200, json::value(std::move(answer)))); }});
    if (poll.ts > after) return answer_waiters(poll);
    int wait = 25;
    const std::string_view wished = request.query_value("wait");
    std::from_chars(wished.data(), wished.data() + wished.size(), wait);
    site.core.timers.after(std::chrono::seconds(std::clamp(wait, 0, 90)), [&site, group_id, number] {
        const std::scoped_lock later(site.guard);
        const auto group = site.world.groups.find(group_id);
        if (group == site.world.groups.end()) return;
        LongPoll& of_group = group->second.long_poll;
        const auto waiter = std::ranges::find(of_group.waiters, number, &Waiter::number);
        if (waiter == of_group.waiters.end()) return;
        waiter->answer({{"ts", std::to_string(of_group.ts)}, {"updates", json::array()}});
        of_group.waiters.erase(waiter);
    });
}

}  // namespace okno::sim::vk
