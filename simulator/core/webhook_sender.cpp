#include "core/webhook_sender.hpp"

#include "base/crypto.hpp"
#include "core/core.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::sim {

namespace json = boost::json;

namespace {

// Meta escapes everything beyond ASCII and the slash; whoever re-serialises before checking the signature fails.
std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            if (lead == '/') out += '\\';
            out += text[i++];
            continue;
        }
        const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        std::uint32_t code = lead & (size == 4 ? 0x07U : size == 3 ? 0x0FU : 0x1FU);
        for (std::size_t k = 1; k < size && i + k < text.size(); ++k)
            code = (code << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        i += size;
        if (code >= 0x10000) {
            code -= 0x10000;
            out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (code >> 10U), 0xDC00 + (code & 0x3FFU));
        } else {
            out += fmt::format("\\u{:04x}", code);
        }
    }
    return out;
}

void append(json::object& to, const json::object& from, std::string_view name) {
    const json::value* list = from.if_contains(name);
    if (list == nullptr || !list->is_array()) return;
    if (!to.contains(name)) to[name] = json::array();
    json::array& target = to[name].get_array();
    for (const json::value& element : list->get_array()) {
        const bool is_known_contact = name == "contacts" && std::ranges::find(target, element) != target.end();
        if (!is_known_contact) target.push_back(element);
    }
}

// Messages and statuses of one number share a `value`, as Meta's batches do; all other fields stay alone.
bool joins(const json::object& change, const Update& update) {
    if (update.field != "messages" || change.at("field") != "messages") return false;
    const json::value* mine = change.at("value").as_object().if_contains("metadata");
    const json::value* other = update.value.if_contains("metadata");
    return mine != nullptr && other != nullptr && *mine == *other;
}

// Records of Messenger and Instagram: one entry an account, its lists beside each other.
json::array entries_of_records(const std::vector<Update>& updates, std::int64_t now_ms) {
    json::array entries;
    for (const Update& update : updates) {
        const auto found = std::ranges::find_if(
            entries, [&](const json::value& entry) { return entry.at("id").get_string() == update.entry_id; });
        const bool is_new = found == entries.end();
        if (is_new) entries.push_back(json::object{{"id", update.entry_id}, {"time", now_ms}});
        json::object& entry = is_new ? entries.back().get_object() : found->get_object();
        json::value& list = entry[update.list];
        if (!list.is_array()) list = json::array();
        list.get_array().push_back(update.value);
    }
    return entries;
}

std::string render(const std::vector<Update>& updates, std::int64_t now_ms) {
    const Update& first = updates.front();
    if (first.list != "changes")
        return escaped(
            json::serialize(json::object{{"object", first.object}, {"entry", entries_of_records(updates, now_ms)}}));
    json::array entries;
    for (const Update& update : updates) {
        const auto found = std::ranges::find_if(entries, [&](const json::value& entry) {
            return entry.at("id").get_string() == update.entry_id && !entry.as_object().contains("time") &&
                   !update.time;
        });
        json::value* entry = found == entries.end() ? nullptr : &*found;
        if (entry == nullptr) {
            json::object fresh{{"id", update.entry_id}};
            if (update.time) fresh["time"] = *update.time;
            fresh["changes"] = json::array();
            entries.emplace_back(std::move(fresh));
            entry = &entries.back();
        }
        json::array& changes = entry->at("changes").get_array();
        if (!changes.empty() && joins(changes.back().as_object(), update)) {
            json::object& value = changes.back().at("value").as_object();
            for (const std::string_view name : {"contacts", "messages", "statuses", "errors"})
                append(value, update.value, name);
        } else {
            changes.push_back(json::object{{"value", update.value}, {"field", update.field}});
        }
    }
    return escaped(json::serialize(json::object{{"object", first.object}, {"entry", std::move(entries)}}));
}

}  // namespace

void WebhookSender::send(Update update) {
    if (update.url.empty()) {
        core_.journal.write("webhook_unrouted", {{"updates", json::array{update.about}}});
        return;
    }
    if (const auto fault = core_.faults.take("lost_webhook", update.about)) {
        core_.journal.write("webhook_lost", {{"url", update.url}, {"updates", json::array{update.about}}});
        return;
    }
    if (const auto fault = core_.faults.take("hold_webhooks", update.about)) {
        core_.journal.write("webhook_held", {{"url", update.url}, {"updates", json::array{update.about}}});
        const std::scoped_lock lock(mutex_);
        held_.push_back(std::move(update));
        return;
    }
    std::vector<Update> backwards;
    {
        const std::scoped_lock lock(mutex_);
        // The fault's count is used up by the first of a group; the others join it.
        const bool is_collecting = !reordering_.empty();
        const auto fault = is_collecting ? std::optional<json::object>(reordering_.front().about)
                                         : core_.faults.take("reorder_webhooks", update.about);
        if (fault) {
            if (!is_collecting) update.about["group_of"] = std::max<std::int64_t>(2, fault_number(*fault, "size", 2));
            reordering_.push_back(std::move(update));
            const auto wanted = static_cast<std::size_t>(fault_number(reordering_.front().about, "group_of", 2));
            if (reordering_.size() < wanted) return;
            backwards.swap(reordering_);
            std::ranges::reverse(backwards);
        }
    }
    if (backwards.empty()) {
        enqueue(std::move(update));
        return;
    }
    // Apart in time as well, or the parallel posts would shuffle them again.
    std::chrono::milliseconds pause{0};
    for (Update& one : backwards) {
        {
            const std::scoped_lock lock(mutex_);
            ++under_way_;
        }
        core_.timers.after(pause, [this, one = std::move(one)]() mutable {
            enqueue(std::move(one));
            const std::scoped_lock lock(mutex_);
            --under_way_;
        });
        pause += std::chrono::milliseconds(30);
    }
}

void WebhookSender::enqueue(Update update) {
    const std::string url = update.url;
    {
        const std::scoped_lock lock(mutex_);
        lines_[url].waiting.push_back(std::move(update));
    }
    pump(url);
}

void WebhookSender::pump(const std::string& url) {
    const std::int64_t most_in_flight = std::max<std::int64_t>(1, core_.settings.get("webhooks_in_flight"));
    const auto most_joined = static_cast<std::size_t>(std::max<std::int64_t>(1, core_.settings.get("webhook_batch")));
    while (true) {
        std::vector<Update> joined;
        std::uint64_t generation = 0;
        {
            const std::scoped_lock lock(mutex_);
            Line& line = lines_[url];
            if (line.waiting.empty() || line.in_flight >= most_in_flight) return;
            const std::string secret = line.waiting.front().secret;
            const std::string object = line.waiting.front().object;
            while (!line.waiting.empty() && joined.size() < most_joined && line.waiting.front().secret == secret &&
                   line.waiting.front().object == object) {
                joined.push_back(std::move(line.waiting.front()));
                line.waiting.pop_front();
            }
            ++line.in_flight;
            ++under_way_;
            generation = generation_;
        }
        auto post = std::make_shared<Post>();
        post->url = url;
        post->body = render(joined, core_.clock.now().time_since_epoch().count());
        const Sha256 signature = hmac_sha256(joined.front().secret, post->body);
        post->signature = "sha256=" + to_hex(signature.data(), signature.size());
        post->generation = generation;
        std::int64_t times = 1;
        for (const Update& update : joined) {
            post->about.push_back(update.about);
            if (const auto fault = core_.faults.take("duplicate_webhook", update.about))
                times = std::max(times, fault_number(*fault, "times", 2));
        }
        for (std::int64_t extra = 1; extra < times; ++extra) {
            {
                const std::scoped_lock lock(mutex_);
                ++under_way_;
            }
            this->post(std::make_shared<Post>(*post), false);
        }
        this->post(std::move(post), true);
    }
}

void WebhookSender::post(std::shared_ptr<Post> post, bool holds_place) {
    HttpRequest request;
    request.method = "POST";
    request.url = post->url;
    request.headers.set("Content-Type", "application/json");
    request.headers.set("User-Agent", "facebookexternalua");
    request.headers.set("X-Hub-Signature-256", post->signature);
    request.body = post->body;
    request.timeout = std::chrono::milliseconds(core_.settings.get("webhook_timeout_ms"));
    request.allow_private_network = true;
    const std::int64_t sent_at = core_.journal.elapsed();
    core_.client.perform(std::move(request), [this, post, holds_place, sent_at](Result<HttpReply> reply) {
        {
            const std::scoped_lock lock(mutex_);
            if (post->generation != generation_) return;
            if (holds_place) --lines_[post->url].in_flight;
        }
        json::object entry{{"sent_at_ms", sent_at},    {"url", post->url},  {"body", journal_body(post->body)},
                           {"attempt", post->attempt}, {"status", nullptr}, {"updates", post->about}};
        if (reply)
            entry["status"] = reply->status;
        else
            entry["error"] = reply.error().detail;
        core_.journal.write("webhook", std::move(entry));
        if (!reply || reply->status != 200) {
            repeat_later(post);
        } else {
            const std::scoped_lock lock(mutex_);
            --under_way_;
        }
        pump(post->url);
    });
}

void WebhookSender::repeat_later(std::shared_ptr<Post> post) {
    const std::int64_t base = core_.settings.get("retry_base_ms");
    const std::int64_t pause = std::min(base << std::min(post->attempt - 1, 20), core_.settings.get("retry_max_ms"));
    ++post->attempt;
    core_.timers.after(std::chrono::milliseconds(pause), [this, post] {
        {
            const std::scoped_lock lock(mutex_);
            if (post->generation != generation_) return;
        }
        this->post(post, false);
    });
}

std::size_t WebhookSender::release(std::size_t count, bool backwards) {
    std::vector<Update> freed;
    {
        const std::scoped_lock lock(mutex_);
        while (!held_.empty() && (count == 0 || freed.size() < count)) {
            freed.push_back(std::move(held_.front()));
            held_.pop_front();
        }
    }
    if (backwards) std::ranges::reverse(freed);
    const std::size_t size = freed.size();
    for (Update& update : freed)
        enqueue(std::move(update));
    return size;
}

void WebhookSender::clear() {
    const std::scoped_lock lock(mutex_);
    lines_.clear();
    held_.clear();
    reordering_.clear();
    under_way_ = 0;
    ++generation_;
}

bool WebhookSender::is_idle() const {
    const std::scoped_lock lock(mutex_);
    return under_way_ <= 0 && std::ranges::all_of(lines_, [](const auto& line) { return line.second.waiting.empty(); });
}

}  // namespace okno::sim
