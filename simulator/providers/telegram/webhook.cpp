#include "providers/telegram/webhook.hpp"

#include "providers/telegram/polling.hpp"
#include "providers/telegram/updates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace okno::sim::telegram {

namespace {

constexpr std::int64_t kMostConnections = 100;
constexpr auto kLongestGone = 23h;
constexpr std::int64_t kLongestRetryAfter = 3600;

// One POST under way, and where its update waits meanwhile.
struct Post {
    std::int64_t bot = 0;
    std::string queue;
    std::int64_t update = 0;
    std::uint64_t epoch = 0;
    bool holds_place = true;  // false: a copy
    json::object entry;
};

std::string reason_phrase(int status) {
    static constexpr std::pair<int, std::string_view> phrases[] = {{301, "Moved Permanently"},
                                                                   {302, "Found"},
                                                                   {400, "Bad Request"},
                                                                   {401, "Unauthorized"},
                                                                   {403, "Forbidden"},
                                                                   {404, "Not Found"},
                                                                   {410, "Gone"},
                                                                   {429, "Too Many Requests"},
                                                                   {500, "Internal Server Error"},
                                                                   {502, "Bad Gateway"},
                                                                   {503, "Service Unavailable"},
                                                                   {504, "Gateway Timeout"}};
    for (const auto& [code, phrase] : phrases)
        if (code == status) return fmt::format("{} {}", status, phrase);
    return std::to_string(status);
}

// First at once, then after a pause that doubles.
std::chrono::milliseconds pause_before(const Site& site, int attempt) {
    if (attempt < 2) return std::chrono::milliseconds(0);
    const std::int64_t base = site.core.settings.get("retry_base_ms");
    return std::chrono::milliseconds(
        std::min(base << std::min(attempt - 2, 20), site.core.settings.get("retry_max_ms")));
}

void remove_webhook(Site& site, Bot& bot) {
    bot.webhook = Webhook();
    restart_webhook(site, bot);
}

// A refusing answer: what getWebhookInfo shows, and whether the webhook is gone for good.
void note_failure(Site& site, Bot& bot, const Result<HttpReply>& reply) {
    Webhook& webhook = bot.webhook;
    webhook.last_error_at = site.now();
    webhook.last_error =
        reply ? "Wrong response from the webhook: " + reason_phrase(reply->status) : reply.error().detail;
    if (!reply || reply->status != 410) {
        webhook.gone_since.reset();
    } else if (!webhook.gone_since) {
        webhook.gone_since = site.now();
    } else if (site.now() - *webhook.gone_since > kLongestGone) {
        remove_webhook(site, bot);
    }
}

void free_queue(Site& site, Bot& bot, const std::string& name) {
    const auto queue = bot.queues.find(name);
    if (queue == bot.queues.end()) return;
    queue->second.is_busy = false;
    if (queue->second.waiting.empty())
        bot.queues.erase(queue);
    else
        bot.ready.push_back(name);
    pump(site, bot);
}

void repeat_later(Site& site, Bot& bot, const Post& post, const Result<HttpReply>& reply) {
    Update& update = bot.queues.at(post.queue).waiting.front();
    std::chrono::milliseconds pause = pause_before(site, update.attempt);
    if (reply) {
        const std::string_view told = reply->headers.get("Retry-After");
        std::int64_t seconds = 0;
        std::from_chars(told.data(), told.data() + told.size(), seconds);
        pause = std::max<std::chrono::milliseconds>(
            pause, std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kLongestRetryAfter)));
    }
    site.later(site.core.timers, pause, [post](Site& later) {
        Bot* again = later.world.bot(post.bot);
        if (again != nullptr && again->epoch == post.epoch) free_queue(later, *again, post.queue);
    });
}

void finish(Site& site, Post post, const Result<HttpReply>& reply) {
    if (reply)
        post.entry["status"] = reply->status;
    else
        post.entry["error"] = reply.error().detail;
    site.core.journal.write("webhook", std::move(post.entry));
    Bot* bot = site.world.bot(post.bot);
    if (!post.holds_place) {
        --site.doubles_in_flight;
        return;
    }
    if (bot == nullptr || bot->epoch != post.epoch) return;
    --bot->in_flight;
    const bool is_taken = reply && reply->status / 100 == 2;
    if (!is_taken) {
        note_failure(site, *bot, reply);
        if (bot->epoch != post.epoch) return;
        repeat_later(site, *bot, post, reply);
        pump(site, *bot);
        return;
    }
    bot->webhook.gone_since.reset();
    bot->queues.at(post.queue).waiting.pop_front();
    free_queue(site, *bot, post.queue);
    pump(site, *bot);
}

void send(Site& site, const Bot& bot, Post post, const std::string& body) {
    HttpRequest request;
    request.method = "POST";
    request.url = bot.webhook.url;
    request.headers.set("Content-Type", "application/json");
    if (!bot.webhook.secret.empty()) request.headers.set("X-Telegram-Bot-Api-Secret-Token", bot.webhook.secret);
    request.body = body;
    request.timeout = std::chrono::milliseconds(site.core.settings.get("webhook_timeout_ms"));
    request.allow_private_network = true;
    site.client.perform(std::move(request),
                        [&site, of = site.generation, post = std::move(post)](Result<HttpReply> reply) {
                            const std::scoped_lock lock(site.guard);
                            if (of == site.generation) finish(site, post, reply);
                        });
}

void post_front(Site& site, Bot& bot, const std::string& name, Queue& queue) {
    Update& update = queue.waiting.front();
    ++update.attempt;
    queue.is_busy = true;
    ++bot.in_flight;
    const std::string body = json::serialize(json::object{{"update_id", update.id}, {update.kind, update.content}});
    Post post{bot.id, name, update.id, bot.epoch, true, {}};
    post.entry = {{"provider", "telegram"},
                  {"sent_at_ms", site.core.journal.elapsed()},
                  {"url", bot.webhook.url},
                  {"body", journal_body(body)},
                  {"attempt", update.attempt},
                  {"status", nullptr},
                  {"updates", json::array{update.about}}};
    if (update.attempt == 1)
        if (const auto fault = site.core.faults.take("duplicate_webhook", update.about))
            for (std::int64_t extra = 1; extra < fault_number(*fault, "times", 2); ++extra) {
                ++site.doubles_in_flight;
                Post copy = post;
                copy.holds_place = false;
                send(site, bot, std::move(copy), body);
            }
    send(site, bot, std::move(post), body);
}

// The port of an address, by its scheme when it names none; 0 when it is no address.
int port_of(std::string_view url, std::string_view scheme, int usual) {
    url.remove_prefix(scheme.size());
    const std::string_view host = url.substr(0, url.find_first_of("/?#"));
    const std::size_t colon = host.rfind(':');
    if (host.empty() || host.find('@') != std::string_view::npos) return 0;
    if (colon == std::string_view::npos) return usual;
    int port = 0;
    std::from_chars(host.data() + colon + 1, host.data() + host.size(), port);
    return port;
}

Problem check_address(const Site& site, const std::string& url) {
    const bool allows_http = site.core.settings.get("telegram_http_webhooks") != 0;
    if (allows_http && url.starts_with("http://") && port_of(url, "http://", 80) != 0) return std::nullopt;
    if (!url.starts_with("https://")) return bad_request("bad webhook: An HTTPS URL must be provided for webhook");
    const int port = port_of(url, "https://", 443);
    if (port == 0) return bad_request("bad webhook: invalid URL specified");
    static constexpr int ports[] = {443, 80, 88, 8443};
    if (std::ranges::find(ports, port) == std::end(ports))
        return bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
    return std::nullopt;
}

Problem check_secret(const std::string& secret) {
    const bool is_plain = std::ranges::all_of(
        secret, [](unsigned char c) { return (c < 0x80 && std::isalnum(c)) || c == '_' || c == '-'; });
    if (!is_plain) return bad_request("secret token contains unallowed characters");
    if (secret.size() > 256) return bad_request("secret token is too long");
    return std::nullopt;
}

}  // namespace

void pump(Site& site, Bot& bot) {
    if (bot.webhook.url.empty()) return;
    while (!bot.ready.empty() && bot.in_flight < bot.webhook.max_connections) {
        const std::string name = std::move(bot.ready.front());
        bot.ready.pop_front();
        const auto queue = bot.queues.find(name);
        if (queue == bot.queues.end() || queue->second.is_busy) continue;
        std::deque<Update>& waiting = queue->second.waiting;
        while (!waiting.empty() && site.now() >= waiting.front().expires_at)
            waiting.pop_front();  // without trace
        if (waiting.empty())
            bot.queues.erase(queue);
        else
            post_front(site, bot, name, queue->second);
    }
}

Problem take_allowed_updates(const Call& call) {
    auto list = call.structure("allowed_updates");
    if (!list) return list.error();
    if (list->is_null()) return std::nullopt;
    if (!list->is_array()) return bad_request("can't parse allowed_updates: expected an Array of String");
    call.bot->allowed_updates.clear();
    for (const json::value& one : list->get_array())
        if (one.is_string()) call.bot->allowed_updates.emplace(one.get_string());
    return std::nullopt;
}

Answer set_webhook(Site& site, Call& call) {
    const std::string url = call.text("url");
    if (url.empty()) return delete_webhook(site, call);
    if (const Problem wrong = check_address(site, url)) return std::unexpected(*wrong);
    const std::string secret = call.text("secret_token");
    if (const Problem wrong = check_secret(secret)) return std::unexpected(*wrong);
    if (const Problem wrong = take_allowed_updates(call)) return std::unexpected(*wrong);
    Bot& bot = *call.bot;
    if (call.flag("drop_pending_updates")) drop_pending(bot);
    const bool is_same = bot.webhook.url == url && bot.webhook.secret == secret;
    if (!is_same) bot.webhook = Webhook();
    bot.webhook.url = url;
    bot.webhook.secret = secret;
    bot.webhook.max_connections = std::clamp<std::int64_t>(call.number("max_connections", 40), 1, kMostConnections);
    bot.webhook.has_certificate = call.uploads.contains("certificate");
    call.remark = is_same ? "Webhook is already set" : "Webhook was set";
    end_poll(site, bot.id, {409, "Conflict: terminated by setWebhook request"});
    if (is_same)
        pump(site, bot);
    else
        restart_webhook(site, bot);
    return true;
}

Answer delete_webhook(Site& site, Call& call) {
    Bot& bot = *call.bot;
    call.remark = bot.webhook.url.empty() ? "Webhook is already deleted" : "Webhook was deleted";
    remove_webhook(site, bot);
    if (call.flag("drop_pending_updates")) drop_pending(bot);
    return true;
}

Answer webhook_info(Site& site, Call& call) {
    Bot& bot = *call.bot;
    if (bot.webhook.url.empty()) confirm_updates(site, bot, 0);
    const Webhook& webhook = bot.webhook;
    json::object out{{"url", webhook.url},
                     {"has_custom_certificate", webhook.has_certificate},
                     {"pending_update_count", pending_count(bot)}};
    if (!webhook.url.empty()) out["max_connections"] = webhook.max_connections;
    if (webhook.last_error_at) {
        out["last_error_date"] = seconds_of(*webhook.last_error_at);
        out["last_error_message"] = webhook.last_error;
    }
    if (!bot.allowed_updates.empty())
        out["allowed_updates"] = json::array(bot.allowed_updates.begin(), bot.allowed_updates.end());
    return out;
}

}  // namespace okno::sim::telegram
