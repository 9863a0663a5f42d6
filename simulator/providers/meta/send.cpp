#include "providers/meta/send.hpp"

#include "core/reading.hpp"
#include "providers/meta/conversations.hpp"
#include "providers/meta/send_rules.hpp"
#include "providers/meta/webhooks.hpp"

namespace okno::sim::meta {

namespace {

using Wrong = std::optional<Refusal>;

constexpr std::size_t most_slow_files = 10;

bool is_full(std::deque<std::int64_t>& second, std::size_t most, std::int64_t now) {
    while (!second.empty() && now - second.front() >= 1000)
        second.pop_front();
    if (second.size() >= most) return true;
    second.push_back(now);
    return false;
}

bool is_too_fast(Site& site, Account& account, const std::string& type) {
    const std::int64_t now = site.pace_ms();
    if (is_full(account.sends_at_ms, static_cast<std::size_t>(account.sends_per_second), now)) return true;
    return (type == "audio" || type == "video") && is_full(account.files_at_ms, most_slow_files, now);
}

Wrong outside(const Account& account) { return Refusal{10, account.is_instagram() ? 2534022 : 2018278}; }

Wrong check_window(const Site& site, const Account& account, const Person& person, const json::object& body) {
    if (!person.last_incoming_at) return outside(account);
    const auto since = site.now() - *person.last_incoming_at;
    if (text_at(body, "messaging_type") != "MESSAGE_TAG") return since < 24h ? std::nullopt : outside(account);
    const App& app = site.world.apps.at(account.app_id);
    if (!app.may_human_agent)
        return Refusal{10, 0, "Application does not have the Human Agent feature for this action"};
    return since < 7 * 24h ? std::nullopt : outside(account);
}

// Whether the account may write to this person now.
Wrong check_recipient(const Site& site, const Account& account, const Person& person, const json::object& body) {
    const auto app = site.world.apps.find(account.app_id);
    if (app == site.world.apps.end()) return Refusal{10};
    if (account.is_restricted) return Refusal{10, 1893063};
    if (!app->second.is_live && !person.has_role) return Refusal{10, 2018108};
    if (person.is_unreachable) return Refusal{551, 1545041};
    if (!person.leader.empty()) return Refusal{10, 2018300};
    return check_window(site, account, person, body);
}

Answer act(Site& site, Person& person, const std::string& action) {
    if (action == "typing_on") person.typing_until_ms = site.pace_ms() + 20'000;
    if (action == "typing_off") person.typing_until_ms = 0;
    if (action == "mark_seen") person.is_seen = true;
    ++site.world.version;
    return json::object{{"recipient_id", person.id}};
}

// As the echo tells attachments.
json::array attachments_of(const Site& site, const json::object& message) {
    if (!message.contains("attachment")) return {};
    json::object attachment = object_at(message, "attachment");
    if (const File* file = site.world.file_by_id(text_at(object_at(attachment, "payload"), "attachment_id")))
        attachment["payload"] = json::object{{"url", address_of(site, *file)}};
    return {std::move(attachment)};
}

Message message_in(const Site& site, const Account& account, const json::object& body) {
    const json::object& message = object_at(body, "message");
    Message out;
    out.from_account = true;
    out.app_id = account.app_id;
    out.text = text_at(message, "text");
    out.metadata = text_at(message, "metadata");
    out.tag = text_at(body, "tag");
    out.reply_to = text_at(object_at(body, "reply_to"), "mid");
    out.type = message.contains("attachment") ? text_at(object_at(message, "attachment"), "type") : "text";
    if (json::array attachments = attachments_of(site, message); !attachments.empty())
        out.body["attachments"] = std::move(attachments);
    if (message.contains("quick_replies")) out.body["quick_replies"] = message.at("quick_replies");
    return out;
}

// Messenger alone tells of deliveries.
void deliver_later(Site& site, const Account& account, const std::string& person_id, const std::string& mid) {
    if (account.is_instagram()) return;
    site.core.timers.after(std::chrono::milliseconds(site.core.settings.get("delivered_ms")), [&site, person_id, mid] {
        const std::scoped_lock lock(site.guard);
        Person* person = site.world.person(person_id);
        Message* message = person == nullptr ? nullptr : person->message(mid);
        if (message == nullptr || message->is_delivered) return;
        message->is_delivered = true;
        ++site.world.version;
        const Account& of = account_of(site, *person);
        json::object delivery{{"watermark", to_millis(message->at)}};
        if (of.tells_mids) delivery["mids"] = json::array{json::string(mid)};
        tell(site, of, *person, "message_deliveries", {{"delivery", std::move(delivery)}},
             {{"what", "delivery"}, {"id", mid}});
    });
}

}  // namespace

std::expected<Person*, Refusal> recipient_of(Site& site, const Account& caller, const json::object& body) {
    Person* person = site.world.person(text_at(object_at(body, "recipient"), "id"));
    if (person == nullptr) return refuse(100, caller.is_instagram() ? 2534014 : 2018001);
    const Account& account = account_of(site, *person);
    if (account.id != caller.id && account.page_id != caller.id) return refuse(100, 2018001);
    return person;
}

Answer send(Site& site, Account& caller, const json::object& body) {
    const auto person = recipient_of(site, caller, body);
    if (!person) return std::unexpected(person.error());
    Account& account = account_of(site, **person);
    if (auto refusal = check_body(site, account, body)) return std::unexpected(std::move(*refusal));
    if (const std::string action = text_at(body, "sender_action"); !action.empty()) return act(site, **person, action);
    if (auto refusal = check_recipient(site, account, **person, body)) return std::unexpected(std::move(*refusal));
    Message message = message_in(site, account, body);
    if (!message.reply_to.empty() && (*person)->message(message.reply_to) == nullptr)
        return refuse(100, 0, "Param reply_to[mid] names no message of this conversation");
    if (is_too_fast(site, account, message.type)) return refuse(613);
    Message& sent = append(site, account, **person, std::move(message));
    (*person)->typing_until_ms = 0;
    tell_echo(site, account, **person, {{"message", message_of(sent)}}, {{"what", "echo"}, {"id", sent.mid}});
    deliver_later(site, account, (*person)->id, sent.mid);
    return json::object{{"recipient_id", (*person)->id}, {"message_id", sent.mid}};
}

}  // namespace okno::sim::meta
