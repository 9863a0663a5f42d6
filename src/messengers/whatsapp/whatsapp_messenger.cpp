#include "messengers/whatsapp/whatsapp_messenger.hpp"

#include "base/json.hpp"
#include "messengers/split_text.hpp"
#include "messengers/whatsapp/errors.hpp"
#include "messengers/whatsapp/limits.hpp"
#include "messengers/whatsapp/media.hpp"
#include "messengers/whatsapp/parse.hpp"
#include "messengers/whatsapp/phone.hpp"
#include "messengers/whatsapp/send.hpp"
#include "messengers/meta/signature.hpp"
#include "messengers/whatsapp/templates.hpp"

#include <algorithm>

namespace okno::whatsapp {

static std::unexpected<Error> missing(const std::string& field, const std::string& detail) {
    return fail(ErrorKind::invalid, "missing_field", detail, field);
}

static bool is_decimal(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

Result<std::string> WhatsappMessenger::address_of(const std::map<std::string, std::string>& settings,
                                                  const std::map<std::string, Secret>& credentials) const {
    for (const std::string field : {"phone_number_id", "waba_id"}) {
        const auto found = settings.find(field);
        if (found == settings.end() || !is_decimal(found->second))
            return missing("settings." + field,
                           "`" + field + "` is the number that Meta shows in the app's WhatsApp setup.");
    }
    for (const std::string field : {"access_token", "app_secret"}) {
        const auto found = credentials.find(field);
        if (found == credentials.end() || found->second.empty())
            return missing("credentials." + field, "`" + field + "` is missing: copy it from the Meta app.");
    }
    return settings.at("phone_number_id");
}

Receipt WhatsappMessenger::receive(const WebhookRequest& request, const Channel& channel) const {
    return meta::receive(request, channel);
}

bool WhatsappMessenger::verifies(const std::string& body, const std::string& proof, const Channel& channel) const {
    return meta::is_signed(body, proof, channel);
}

ParsedWebhook WhatsappMessenger::parse(const std::string& body) const { return whatsapp::parse(body); }

Result<void> WhatsappMessenger::check_limits(const std::string& type, const std::string& text,
                                             const std::string& content) const {
    const auto document = parse_json(content);
    if (!document) return std::unexpected(document.error());
    return whatsapp::check_limits(type, text, JsonView(*document));
}

std::vector<std::string> WhatsappMessenger::parts_of(const std::string& type, const std::string& text) const {
    return type == "text" ? split_text(text, traits_.max_text) : std::vector<std::string>{text};
}

Result<Address> WhatsappMessenger::address_of_phone(std::string_view typed) const { return typed_phone(typed); }

boost::asio::awaitable<Result<void>> WhatsappMessenger::fetch_media(Media media, Channel channel, std::string save_to,
                                                                    HttpTransport& http) const {
    return fetch_file(std::move(media), std::move(channel), std::move(save_to), http);
}

static boost::asio::awaitable<SendOutcome> post(OutboundMessage message, Channel channel, HttpTransport& http) {
    const Result<std::string> body = render_send(message);
    if (!body) co_return Rejected{body.error().code, body.error().detail};
    HttpRequest request = graph_request(channel, "POST", channel.address + "/messages");
    request.headers.set("Content-Type", "application/json");
    request.body = *body;
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    if (!reply) co_return outcome_of(reply.error());
    co_return outcome_of(*reply);
}

// The same message to the other form of the person's number; empty when there is none or it was refused otherwise.
static std::optional<OutboundMessage> with_other_form(const OutboundMessage& message, const SendOutcome& outcome) {
    const auto* rejected = std::get_if<Rejected>(&outcome);
    if (rejected == nullptr || (rejected->code != "person_unreachable" && rejected->code != "not_in_test_list"))
        return std::nullopt;
    OutboundMessage out = message;
    const auto phone = std::ranges::find(out.to, "phone", &Address::kind);
    if (phone == out.to.end() || other_form(phone->value).empty()) return std::nullopt;
    *phone = phone_address(other_form(phone->value));
    return out;
}

boost::asio::awaitable<SendOutcome> WhatsappMessenger::send(OutboundMessage message, Channel channel,
                                                            HttpTransport& http) const {
    if (message.file) {
        auto uploading = upload_file(*message.file, channel, http);
        const Uploaded id = co_await std::move(uploading);
        if (!id) co_return id.error();
        message.content = boost::json::serialize(
            boost::json::object{{"id", *id}, {"caption", message.text}, {"filename", message.file->name}});
    }
    auto posting = post(message, channel, http);
    SendOutcome outcome = co_await std::move(posting);
    const std::optional<OutboundMessage> other = with_other_form(message, outcome);
    if (!other) co_return outcome;
    auto again = post(*other, channel, http);
    SendOutcome second = co_await std::move(again);
    if (std::holds_alternative<Rejected>(second)) co_return outcome;
    if (auto* accepted = std::get_if<Accepted>(&second)) {
        // The form that worked is the one to remember, whatever the answer calls it.
        std::erase_if(accepted->addresses, [](const Address& one) { return one.kind == "phone"; });
        accepted->addresses.push_back(*std::ranges::find(other->to, "phone", &Address::kind));
    }
    co_return second;
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

// Without a subscription of the app to the business account no webhook comes. Whoever connected the number wants them.
static boost::asio::awaitable<Result<void>> subscribe_if_needed(Channel channel, HttpTransport& http) {
    const std::string path = channel.setting("waba_id") + "/subscribed_apps";
    HttpRequest asking = graph_request(channel, "GET", path);
    const Result<HttpReply> told = co_await http.perform(std::move(asking));
    const Result<boost::json::value> apps = read_reply(told);
    const auto* list = apps ? JsonView(*apps)["data"].raw() : nullptr;
    if (list == nullptr || !list->is_array() || !list->get_array().empty()) co_return Result<void>{};
    HttpRequest subscribing = graph_request(channel, "POST", path);
    const Result<HttpReply> reply = co_await http.perform(std::move(subscribing));
    const Result<boost::json::value> done = read_reply(reply);
    if (done) co_return Result<void>{};
    co_return fail(done.error().kind, "not_subscribed",
                   "Meta sends no messages here: the app is not subscribed to the WhatsApp Business account, and "
                   "subscribing it was refused: " +
                       done.error().detail);
}

boost::asio::awaitable<Result<Account>> WhatsappMessenger::check(Channel channel, std::string,
                                                                 HttpTransport& http) const {
    HttpRequest request = graph_request(channel, "GET",
                                        channel.address +
                                            "?fields=id,display_phone_number,status,quality_rating,"
                                            "whatsapp_business_manager_messaging_limit");
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<boost::json::value> document = read_reply(reply);
    if (!document) co_return std::unexpected(document.error());
    const std::string status = JsonView(*document)["status"].text_or("CONNECTED");
    if (status != "CONNECTED")
        co_return fail(ErrorKind::conflict, "number_not_connected", "Meta says that the number is " + status + ".");
    auto subscribing = subscribe_if_needed(std::move(channel), http);
    const Result<void> subscribed = co_await std::move(subscribing);
    if (!subscribed) co_return std::unexpected(subscribed.error());
    const JsonView number(*document);
    Account account{.handle = number["display_phone_number"].text_or("")};
    account.settings["quality"] = number["quality_rating"].text_or("");
    account.settings["limit"] = number["whatsapp_business_manager_messaging_limit"].text_or("");
    co_return account;
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
