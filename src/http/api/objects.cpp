#include "http/api/objects.hpp"

#include "domain/policy_text.hpp"
#include "domain/reply_window.hpp"

namespace okno::http {

namespace json = boost::json;

static json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

static json::value time_or_null(const std::optional<Timestamp>& time) {
    return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

static json::object object_or_empty(const std::string& text) {
    boost::system::error_code error;
    json::value value = json::parse(text, error);
    return !error && value.is_object() ? std::move(value.as_object()) : json::object();
}

static std::string_view author_word(AuthorKind kind) {
    switch (kind) {
        case AuthorKind::customer: return "customer";
        case AuthorKind::person: return "operator";
        case AuthorKind::phone: return "phone";
        case AuthorKind::automatic: return "system";
    }
    return "system";
}

static json::object times_of(const Message& message) {
    json::object out;
    for (std::size_t i = 0; i < message.status_times.size(); ++i)
        if (message.status_times[i]) out[name_of(static_cast<MessageStatus>(i))] = to_rfc3339(*message.status_times[i]);
    return out;
}

json::array ObjectWriter::media(const Message& message) {
    json::array out;
    if (message.type == "text" || message.direction == Direction::note) return out;
    for (const Media& one : tx_.media_of(message.id)) {
        const std::string id = one.id.value().text();
        const bool is_ready = one.state == MediaState::ready;
        out.push_back(json::object{{"id", id},
                                   {"kind", one.kind},
                                   {"name", text_or_null(one.name)},
                                   {"mime", text_or_null(one.mime)},
                                   {"size", one.size > 0 ? json::value(one.size) : json::value(nullptr)},
                                   {"state", name_of(one.state)},
                                   {"url", is_ready ? json::value("/api/v1/media/" + id) : json::value(nullptr)}});
    }
    return out;
}

static json::value change_or_null(const std::optional<WantedChange>& change) {
    if (!change) return nullptr;
    const json::value error =
        change->has_failed()
            ? json::value(json::object{{"code", change->error_code}, {"message", change->error_message}})
            : json::value(nullptr);
    return json::object{
        {"kind", name_of(change->kind)}, {"text", text_or_null(change->text)}, {"by", change->by}, {"error", error}};
}

json::object ObjectWriter::message(const Message& message) {
    json::object out;
    out["id"] = message.id.value().text();
    out["conversation_id"] = message.conversation.value().text();
    out["client_id"] = text_or_null(message.client_id);
    out["direction"] = name_of(message.direction);
    out["type"] = message.type;
    out["text"] = text_or_null(message.text);
    out["content"] = object_or_empty(message.content);
    out["media"] = media(message);
    out["status"] = message.status ? json::value(name_of(*message.status)) : json::value(nullptr);
    out["status_times"] = times_of(message);
    out["error"] = message.error_code.empty()
                       ? json::value(nullptr)
                       : json::value(json::object{{"code", message.error_code}, {"message", message.error_message}});
    out["provider_id"] = text_or_null(message.provider_id.value());
    out["reply_to"] = message.reply_to ? json::value(message.reply_to->value().text()) : json::value(nullptr);
    out["author"] = json::object{{"kind", author_word(message.author.kind)}, {"name", message.author.name}};
    out["attempt"] = std::max(1, message.attempt);
    out["purpose"] =
        message.direction == Direction::outbound ? json::value(name_of(message.purpose)) : json::value(nullptr);
    out["broadcast"] = message.is_broadcast;
    out["price"] = message.price.empty() ? json::value(nullptr) : json::value(object_or_empty(message.price));
    out["is_edited"] = message.is_edited;
    out["is_deleted"] = message.is_deleted;
    out["change"] = change_or_null(message.wanted_change);
    out["created_at"] = to_rfc3339(message.position);
    return out;
}

const Messenger* ObjectWriter::messenger_of(ChannelId channel) {
    const auto known = messengers_.find(channel);
    if (known != messengers_.end()) return known->second;
    const auto stored = tx_.channel(channel);
    return messengers_[channel] = stored ? find_(stored->messenger) : nullptr;
}

json::object ObjectWriter::conversation(const Conversation& conversation) {
    const Messenger* messenger = messenger_of(conversation.channel);
    const ReplyVerdict verdict =
        messenger == nullptr
            ? ReplyVerdict::not_allowed
            : check_reply_window(messenger->traits(), conversation.window_closes_at, AuthorKind::person, now_);
    const auto closes_at = messenger == nullptr
                               ? conversation.window_closes_at
                               : closes_for(messenger->traits(), conversation.window_closes_at, AuthorKind::person);
    const auto last = conversation.last_message ? tx_.message(*conversation.last_message) : std::nullopt;
    json::object out;
    out["id"] = conversation.id.value().text();
    out["channel_id"] = conversation.channel.value().text();
    out["contact"] =
        json::object{{"name", conversation.contact_name}, {"referral", text_or_null(conversation.referral)}};
    out["identity"] = json::object{
        {"external_id", conversation.external_id},
        {"phone", conversation.phone.empty() ? json::value(nullptr) : json::value("+" + conversation.phone)}};
    out["reply_window"] = json::object{{"verdict", name_of(verdict)}, {"closes_at", time_or_null(closes_at)}};
    out["blocked_since"] = time_or_null(conversation.blocked_at);
    out["waiting"] = conversation.waiting;
    out["unread"] = conversation.unread;
    out["draft"] =
        conversation.draft.is_empty()
            ? json::value(nullptr)
            : json::value(json::object{{"text", conversation.draft.text}, {"note", conversation.draft.note}});
    out["last_message"] = last ? json::value(message(*last)) : json::value(nullptr);
    out["updated_at"] = to_rfc3339(conversation.updated_at);
    return out;
}

// Settings are kept as text; whole numbers and lists are given back as such.
static json::value setting_value(const std::string& text) {
    boost::system::error_code error;
    if (text.starts_with('[')) return json::parse(text, error);
    return json::value(text);
}

// As it holds, with what no admin can loosen under `fixed`.
static json::object policy_in_force_object(const Channel& channel, const MessengerTraits& traits) {
    json::object out = object_or_empty(write_policy(policy_in_force(traits, channel.policy)));
    json::array fixed;
    if (traits.is_reply_only) fixed.emplace_back("reply_only");
    if (!traits.takes_broadcasts) fixed.emplace_back("broadcasts");
    out["fixed"] = std::move(fixed);
    return out;
}

json::object channel_object(const Channel& channel, const Messenger* messenger, const std::string& public_url,
                            bool is_admin) {
    const MessengerTraits traits = messenger != nullptr ? messenger->traits() : MessengerTraits{};
    json::object settings;
    for (const auto& [key, value] : channel.settings)
        settings[key] =
            key == "messages_per_second" ? json::value(std::strtoll(value.c_str(), nullptr, 10)) : setting_value(value);
    json::object out;
    out["id"] = channel.id.value().text();
    out["messenger"] = channel.messenger;
    out["name"] = channel.name;
    out["state"] = name_of(channel.state);
    out["state_reason"] = text_or_null(channel.state_reason);
    out["state_since"] = to_rfc3339(channel.state_since);
    out["silent_since"] = time_or_null(channel.silent_since);
    out["called_at"] = time_or_null(channel.called_at);
    out["settings"] = std::move(settings);
    out["policy"] = policy_in_force_object(channel, traits);
    out["unofficial"] = !traits.is_official;
    out["changes_sent"] = messenger != nullptr && messenger->changes_sent(channel);
    out["webhook_url"] = public_url + "/hooks/" + channel.key;
    if (is_admin) out["verify_token"] = channel.credential("verify_token").reveal();
    out["created_at"] = to_rfc3339(channel.created_at);
    return out;
}

json::object me_object(const Caller& caller, const Services& services, Timestamp now) {
    const User& user = caller.user;
    return {{"user", json::object{{"id", user.id.value().text()}, {"name", user.name}, {"email", user.email}}},
            {"workspace", json::object{{"id", user.workspace.value().text()}, {"name", user.workspace_name}}},
            {"role", user.role},
            {"csrf_token", caller.csrf_token},
            {"server_time", to_rfc3339(now)},
            {"demo", services.is_demo}};
}

json::object list_object(json::array items, const std::optional<std::string>& next_cursor) {
    return {{"items", std::move(items)},
            {"next_cursor", next_cursor ? json::value(*next_cursor) : json::value(nullptr)}};
}

}  // namespace okno::http
