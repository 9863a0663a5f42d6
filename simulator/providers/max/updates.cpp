#include "providers/max/updates.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "providers/max/objects.hpp"

#include <algorithm>

namespace okno::sim::max {

namespace {

constexpr auto kLife = 24h;                 // of an update that nobody asked for
constexpr auto kLongestFailing = 8h;        // then a subscription ends by itself
constexpr std::int64_t kMostQuestions = 2;  // a second

struct Post {
    std::int64_t bot = 0;
    std::string url;
    std::string secret;
    std::string body;
    json::object about;
    int attempt = 1;
    std::uint64_t generation = 0;
};

HttpRequest request_of(Site& site, const Post& post) {
    HttpRequest request;
    request.method = "POST";
    request.url = post.url;
    request.headers.set("Content-Type", "application/json");
    if (!post.secret.empty()) request.headers.set("X-Max-Bot-Api-Secret", post.secret);
    request.body = post.body;
    request.timeout = std::chrono::milliseconds(site.core.settings.get("webhook_timeout_ms"));
    request.allow_private_network = true;
    return request;
}

void note(Site& site, const Post& post, const Result<HttpReply>& reply) {
    json::object entry{{"provider", "max"},       {"url", post.url},   {"body", journal_body(post.body)},
                       {"attempt", post.attempt}, {"status", nullptr}, {"updates", json::array{post.about}}};
    if (reply)
        entry["status"] = reply->status;
    else
        entry["error"] = reply.error().detail;
    site.core.journal.write("webhook", std::move(entry));
}

Subscription* subscription_of(Site& site, const Post& post) {
    const auto bot = site.world.bots.find(post.bot);
    if (bot == site.world.bots.end()) return nullptr;
    const auto found = std::ranges::find(bot->second.subscriptions, post.url, &Subscription::url);
    return found == bot->second.subscriptions.end() ? nullptr : &*found;
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
        if (const Subscription* subscription = subscription_of(site, *post)) {
            post->secret = subscription->secret;
            return send(site, post);
        }
        --site.posts_under_way;
    });
}

void settle(Site& site, const std::shared_ptr<Post>& post, const Result<HttpReply>& reply) {
    note(site, *post, reply);
    const std::scoped_lock lock(site.guard);
    if (post->generation != site.generation) return;
    Subscription* subscription = subscription_of(site, *post);
    const bool is_taken = reply && reply->status == 200;
    if (subscription != nullptr && is_taken) subscription->failing_since.reset();
    const bool has_failed = subscription != nullptr && !is_taken;
    if (has_failed && !subscription->failing_since) subscription->failing_since = site.now();
    const bool is_over = has_failed && site.now() - *subscription->failing_since > kLongestFailing;
    if (is_over)
        std::erase_if(site.world.bots[post->bot].subscriptions,
                      [&](const Subscription& one) { return one.url == post->url; });
    if (!has_failed || is_over)
        --site.posts_under_way;
    else
        repeat_later(site, post);
}

void send(Site& site, std::shared_ptr<Post> post) {
    site.core.client.perform(request_of(site, *post),
                             [weak = site.weak_from_this(), post](const Result<HttpReply>& reply) {
                                 if (const auto there = weak.lock()) settle(*there, post, reply);
                             });
}

void post_to(Site& site, const Bot& bot, const Subscription& subscription, const json::object& update,
             const json::object& about) {
    if (site.core.faults.take("lost_webhook", about)) {
        site.core.journal.write("webhook_lost", {{"url", subscription.url}, {"updates", json::array{about}}});
        return;
    }
    std::int64_t times = 1;
    if (const auto fault = site.core.faults.take("duplicate_webhook", about))
        times = std::max<std::int64_t>(2, fault_number(*fault, "times", 2));
    for (std::int64_t i = 0; i < times; ++i) {
        ++site.posts_under_way;
        send(site, std::make_shared<Post>(Post{bot.id, subscription.url, subscription.secret, json::serialize(update),
                                               about, 1, site.generation}));
    }
}

bool is_wanted(const std::set<std::string, std::less<>>& types, const json::object& update) {
    return types.empty() || types.contains(std::string_view(update.at("update_type").as_string()));
}

json::object page_of(const Bot& bot, std::int64_t marker, const std::set<std::string, std::less<>>& types,
                     std::size_t limit) {
    json::array updates;
    std::int64_t next = marker;
    for (const Kept& kept : bot.kept) {
        if (kept.number < marker) continue;
        if (updates.size() >= limit) break;
        next = kept.number + 1;
        if (is_wanted(types, kept.update)) updates.push_back(kept.update);
    }
    return {{"updates", std::move(updates)}, {"marker", next}};
}

void answer_waiters(Bot& bot) {
    std::vector<Waiter> ready;
    ready.swap(bot.waiters);
    for (Waiter& waiter : ready) {
        json::object page = page_of(bot, waiter.marker, waiter.types, 100);
        if (page.at("updates").as_array().empty())
            bot.waiters.push_back(std::move(waiter));
        else
            waiter.answer(std::move(page));
    }
}

void wait_for_update(Site& site, Bot& bot, Waiter waiter, std::chrono::seconds longest) {
    const std::uint64_t number = waiter.number;
    bot.waiters.push_back(std::move(waiter));
    site.core.timers.after(longest, [&site, id = bot.id, number] {
        const std::scoped_lock later(site.guard);
        const auto found = site.world.bots.find(id);
        if (found == site.world.bots.end()) return;
        auto& waiters = found->second.waiters;
        const auto waiting = std::ranges::find(waiters, number, &Waiter::number);
        if (waiting == waiters.end()) return;
        waiting->answer({{"updates", json::array()}, {"marker", waiting->marker}});
        waiters.erase(waiting);
    });
}

bool is_secret(const std::string& text) {
    return text.size() >= 5 && text.size() <= 256 && std::ranges::all_of(text, [](unsigned char c) {
               return (c < 0x80 && std::isalnum(c) != 0) || c == '_' || c == '-';
           });
}

std::set<std::string, std::less<>> types_in(const JsonView& list) {
    std::set<std::string, std::less<>> out;
    for (std::size_t i = 0; i < list.size(); ++i)
        out.insert(list.at(i).text_or(""));
    return out;
}

std::set<std::string, std::less<>> types_in(std::string_view list) {
    std::set<std::string, std::less<>> out;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        out.emplace(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return out;
}

}  // namespace

Answer list_subscriptions(Site&, const Call& call) {
    json::array list;
    for (const Subscription& one : call.bot->subscriptions)
        list.push_back(json::object{{"url", one.url},
                                    {"time", to_millis(one.since)},
                                    {"update_types", json::array(one.types.begin(), one.types.end())},
                                    {"version", nullptr}});
    return json::value{{"subscriptions", std::move(list)}};
}

Answer subscribe(Site& site, const Call& call) {
    const json::value whole(call.body);
    const JsonView body(whole);
    const std::string url = body["url"].text_or("");
    const bool is_fit = url.starts_with("https://") || (call.bot->takes_http && url.starts_with("http://"));
    if (!is_fit) return wrong("url must be an https:// address with a trusted certificate");
    const std::string secret = body["secret"].text_or("");
    if (body["secret"].is_there() && !is_secret(secret)) return wrong("secret must match ^[\\w-]{5,256}$");
    auto& all = call.bot->subscriptions;
    std::erase_if(all, [&](const Subscription& one) { return one.url == url; });
    all.push_back({url, secret, types_in(body["update_types"]), site.now(), {}});
    call.bot->kept.clear();
    std::vector<Waiter> waiting;
    waiting.swap(call.bot->waiters);
    for (const Waiter& waiter : waiting)
        waiter.answer({{"updates", json::array()}, {"marker", waiter.marker}});
    return done();
}

Answer unsubscribe(Site&, const Call& call) {
    const std::string url = call.text("url");
    if (url.empty()) return wrong("url is required");
    const auto gone = std::erase_if(call.bot->subscriptions, [&](const Subscription& one) { return one.url == url; });
    if (gone == 0) return json::value{{"success", false}, {"message", "Subscription not found"}};
    return done();
}

void tell(Site& site, Bot& bot, const std::string& type, json::object members) {
    json::object update{{"update_type", type}, {"timestamp", millis_now(site)}};
    for (auto& [name, value] : members)
        update[name] = std::move(value);
    const json::object about{{"provider", "max"}, {"what", type}, {"bot", bot.id}};
    if (bot.subscriptions.empty()) {
        while (!bot.kept.empty() && site.now() - bot.kept.front().at > kLife)
            bot.kept.pop_front();
        bot.kept.push_back({++bot.last_update, site.now(), std::move(update)});
        return answer_waiters(bot);
    }
    for (const Subscription& subscription : bot.subscriptions)
        if (is_wanted(subscription.types, update)) post_to(site, bot, subscription, update, about);
}

std::optional<Refusal> answer_question(Site& site, const Call& call, const net::Respond& respond) {
    Bot& bot = *call.bot;
    if (!bot.subscriptions.empty())
        return Refusal{405, "method.not.allowed", "Long polling is not available while the bot has a subscription"};
    if (is_too_fast(bot.questions_at_ms, site.pace_ms(), kMostQuestions))
        return Refusal{429, "too.many.requests", "Too many requests"};
    const std::int64_t limit = call.number("limit").value_or(100);
    const std::int64_t longest = call.number("timeout").value_or(30);
    if (limit < 1 || limit > 100 || longest < 0 || longest > 30)
        return Refusal{400, "proto.payload", "limit is 1 to 100, timeout 0 to 30"};
    const std::int64_t newest = bot.kept.empty() ? bot.last_update + 1 : bot.kept.back().number;
    const std::int64_t marker = call.number("marker").value_or(newest);
    const auto types = types_in(std::string_view(call.text("types")));
    json::object page = page_of(bot, marker, types, static_cast<std::size_t>(limit));
    if (longest == 0 || !page.at("updates").as_array().empty() || site.is_closing) {
        respond(json_reply(200, page));
        return std::nullopt;
    }
    const std::int64_t next = page.at("marker").as_int64();
    wait_for_update(site, bot,
                    {++site.world.last_waiter, next, types,
                     [respond](json::object answer) { respond(json_reply(200, json::value(std::move(answer)))); }},
                    std::chrono::seconds(longest));
    return std::nullopt;
}

}  // namespace okno::sim::max
