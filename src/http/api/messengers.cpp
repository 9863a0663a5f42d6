// What each messenger of this program can do, and what it asks of an admin who connects a channel.
#include "http/api/connect_form.hpp"
#include "http/api/endpoints.hpp"
#include "http/api/objects.hpp"

namespace okno::http {

namespace json = boost::json;

static json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

static json::object field_object(const ConnectField& field) {
    return {{"key", field.key},
            {"kind", field.kind == ConnectField::Kind::secret ? "secret" : "text"},
            {"required", field.is_required},
            {"rare", field.is_rare},
            {"fallback", text_or_null(field.fallback)},
            {"choices", json::array(field.choices.begin(), field.choices.end())}};
}

static json::value seconds_or_null(std::optional<std::chrono::milliseconds> time) {
    return time ? json::value(*time / std::chrono::seconds{1}) : json::value(nullptr);
}

static json::object traits_object(const MessengerTraits& traits) {
    json::array files;
    for (const MediaLimit& limit : traits.media)
        files.push_back(
            json::object{{"kind", limit.kind}, {"mimes", text_or_null(limit.mimes)}, {"most_bytes", limit.most_bytes}});
    return {{"reply_window_seconds", seconds_or_null(traits.reply_window)},
            {"edit_within_seconds", seconds_or_null(traits.edit_within)},
            {"delete_within_seconds", seconds_or_null(traits.delete_within)},
            {"has_templates", traits.has_templates},
            {"is_official", traits.is_official},
            {"finds_by_phone", traits.finds_by_phone},
            {"most_text", traits.max_text},
            {"most_choices", traits.most_choices},
            {"tells_delivered", traits.tells_delivered},
            {"tells_read", traits.tells_read},
            {"messages_per_second", traits.messages_per_second},
            {"files", std::move(files)}};
}

static json::object messenger_object(const Messenger& messenger) {
    const ConnectForm& form = messenger.connect_form();
    json::array fields;
    for (const ConnectField& field : form.fields)
        fields.push_back(field_object(field));
    for (const ConnectField& field : common_fields())
        fields.push_back(field_object(field));
    return {{"name", messenger.name()},
            {"title", form.title},
            {"webhook", form.webhook == WebhookSetup::by_okno ? "by_okno" : "by_admin"},
            {"shows_verify_token", form.shows_verify_token},
            {"fields", std::move(fields)},
            {"traits", traits_object(messenger.traits())}};
}

static Result<Reply> list_messengers(const Call& call, StoreSession&) {
    json::array items;
    for (const std::string& name : call.services->messengers)
        items.push_back(messenger_object(*call.services->find(name)));
    return json_reply(200, list_object(std::move(items), std::nullopt));
}

std::vector<Endpoint> messenger_endpoints() {
    return {{"GET", "/api/v1/messengers", Access::member, Read{list_messengers}}};
}

}  // namespace okno::http
