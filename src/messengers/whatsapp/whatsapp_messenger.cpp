#include "messengers/whatsapp/whatsapp_messenger.hpp"

#include "base/json.hpp"
#include "messengers/whatsapp/errors.hpp"
#include "messengers/whatsapp/media.hpp"
#include "messengers/whatsapp/parse.hpp"
#include "messengers/whatsapp/phone.hpp"
#include "messengers/whatsapp/send.hpp"
#include "messengers/whatsapp/signature.hpp"
#include "messengers/whatsapp/templates.hpp"

namespace okno::whatsapp {

static std::unexpected<Error> missing(const std::string& field, const std::string& detail) {
    return fail(ErrorKind::invalid, "missing_field", detail, field);
}

static bool is_decimal(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

Result<std::string> WhatsappMessenger::address_of(const std::map<std::string, std::string>& settings) const {
    for (const std::string field : {"phone_number_id", "waba_id"}) {
        const auto found = settings.find(field);
        if (found == settings.end() || !is_decimal(found->second))
            return missing("settings." + field,
                           "`" + field + "` is the number that Meta shows in the app's WhatsApp setup.");
    }
    return settings.at("phone_number_id");
}

Result<void> WhatsappMessenger::check_credentials(const std::map<std::string, Secret>& credentials) const {
    for (const std::string field : {"access_token", "app_secret"}) {
        const auto found = credentials.find(field);
        if (found == credentials.end() || found->second.empty())
            return missing("credentials." + field, "`" + field + "` is missing: copy it from the Meta app.");
    }
    return {};
}

Receipt WhatsappMessenger::receive(const WebhookRequest& request, const Channel& channel) const {
    return whatsapp::receive(request, channel);
}

bool WhatsappMessenger::verifies(const std::string& body, const std::string& proof, const Channel& channel) const {
    return is_signed(body, proof, channel);
}

ParsedWebhook WhatsappMessenger::parse(const std::string& body) const { return whatsapp::parse(body); }

std::vector<std::string> WhatsappMessenger::parts_of(const std::string& type, const std::string& text) const {
    return type == "text" ? split_text(text, traits_.max_text) : std::vector<std::string>{text};
}

Result<Address> WhatsappMessenger::address_of_phone(std::string_view typed) const { return typed_phone(typed); }

// Nothing has left yet: what may pass is tried again.
static SendOutcome outcome_of_upload(const Error& error) {
    const bool may_pass = error.kind == ErrorKind::never_left || error.kind == ErrorKind::left_no_answer ||
                          error.kind == ErrorKind::unavailable;
    if (may_pass) return RetryLater{.after = 0ms, .reason = error.detail, .scope = RetryScope::person, .max_tries = 8};
    return Rejected{error.code, error.detail, false, false};
}

boost::asio::awaitable<Result<void>> WhatsappMessenger::fetch_media(Media media, Channel channel, std::string save_to,
                                                                    HttpTransport& http) const {
    return fetch_file(std::move(media), std::move(channel), std::move(save_to), http);
}

boost::asio::awaitable<SendOutcome> WhatsappMessenger::send(OutboundMessage message, Channel channel,
                                                            HttpTransport& http) const {
    if (message.file) {
        auto uploading = upload_file(*message.file, channel, http);
        const Result<std::string> id = co_await std::move(uploading);
        if (!id) co_return outcome_of_upload(id.error());
        message.content = boost::json::serialize(
            boost::json::object{{"id", *id}, {"caption", message.text}, {"filename", message.file->name}});
    }
    const Result<std::string> body = render_send(message);
    if (!body) co_return Rejected{body.error().code, body.error().detail, false, false};
    HttpRequest request = graph_request(channel, "POST", channel.address + "/messages");
    request.headers.set("Content-Type", "application/json");
    request.body = *body;
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    if (!reply) co_return outcome_of(reply.error());
    co_return outcome_of(*reply);
}

static boost::asio::awaitable<Result<void>> tell_read(ProviderMessageId message, Channel channel, HttpTransport& http,
                                                      bool is_typing) {
    HttpRequest request = graph_request(channel, "POST", channel.address + "/messages");
    request.headers.set("Content-Type", "application/json");
    boost::json::object body{{"messaging_product", "whatsapp"}, {"status", "read"}, {"message_id", message.value()}};
    if (is_typing) body["typing_indicator"] = boost::json::object{{"type", "text"}};
    request.body = boost::json::serialize(body);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<boost::json::value> document = read_reply(reply);
    if (!document) co_return std::unexpected(document.error());
    co_return Result<void>{};
}

boost::asio::awaitable<Result<void>> WhatsappMessenger::mark_read(ProviderMessageId message, Channel channel,
                                                                  HttpTransport& http) const {
    return tell_read(std::move(message), std::move(channel), http, false);
}

boost::asio::awaitable<Result<void>> WhatsappMessenger::show_typing(ProviderMessageId message, Channel channel,
                                                                    HttpTransport& http) const {
    return tell_read(std::move(message), std::move(channel), http, true);
}

boost::asio::awaitable<Result<void>> WhatsappMessenger::check(Channel channel, HttpTransport& http) const {
    HttpRequest request = graph_request(channel, "GET", channel.address + "?fields=id,display_phone_number,status");
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<boost::json::value> document = read_reply(reply);
    if (!document) co_return std::unexpected(document.error());
    const std::string status = JsonView(*document)["status"].text_or("CONNECTED");
    if (status != "CONNECTED")
        co_return fail(ErrorKind::conflict, "number_not_connected", "Meta says that the number is " + status + ".");
    co_return Result<void>{};
}

boost::asio::awaitable<Result<std::vector<Template>>> WhatsappMessenger::read_templates(Channel channel,
                                                                                        HttpTransport& http) const {
    std::vector<Template> out;
    std::string after;
    constexpr int most_pages = 100;  // 6,000 templates is the provider's own limit
    for (int page = 0; page < most_pages; ++page) {
        std::string path = channel.setting("waba_id") + "/message_templates?limit=100";
        if (!after.empty()) path += "&after=" + after;
        HttpRequest request = graph_request(channel, "GET", path);
        const Result<HttpReply> reply = co_await http.perform(std::move(request));
        const Result<boost::json::value> document = read_reply(reply);
        if (!document) co_return std::unexpected(document.error());
        const JsonView view(*document);
        for (std::size_t i = 0; i < view["data"].size(); ++i)
            out.push_back(read_template(view["data"].at(i)));
        // `next` holds the token and the provider's host: only the cursor is taken from it.
        after = view["paging"]["cursors"]["after"].text_or("");
        if (!view["paging"]["next"].is_there() || after.empty()) break;
    }
    co_return out;
}

}  // namespace okno::whatsapp
