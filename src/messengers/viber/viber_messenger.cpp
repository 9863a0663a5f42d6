#include "messengers/viber/viber_messenger.hpp"

#include "base/crypto.hpp"
#include "messengers/viber/api.hpp"
#include "messengers/viber/files.hpp"
#include "messengers/viber/parse.hpp"
#include "messengers/viber/send.hpp"
#include "messengers/viber/text.hpp"
#include "messengers/viber/webhook.hpp"
#include "messengers/viber/welcome.hpp"

namespace okno::viber {

namespace json = boost::json;

static bool is_uri(const std::string& text) {
    return !text.empty() &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
               std::string::npos;
}

Result<std::string> ViberMessenger::address_of(const std::map<std::string, std::string>& settings,
                                               const std::map<std::string, Secret>& credentials) const {
    const auto uri = settings.find("uri");
    if (uri == settings.end() || !is_uri(uri->second))
        return fail(ErrorKind::invalid, "missing_field",
                    "`uri` is the bot's name in links: what follows chatURI= in viber://pa?chatURI=yourbot.",
                    "settings.uri");
    const auto token = credentials.find("auth_token");
    if (token == credentials.end() || token->second.empty())
        return fail(ErrorKind::invalid, "missing_field",
                    "`auth_token` is missing: it stands on the bot's page in Viber's admin panel.",
                    "credentials.auth_token");
    if (token->second.reveal().find_first_of("\r\n") != std::string::npos)
        return fail(ErrorKind::invalid, "invalid", "`auth_token` is one line.", "credentials.auth_token");
    if (const auto fit = check_settings(settings); !fit) return std::unexpected(fit.error());
    return uri->second;
}

// The same value comes as a header and as a parameter of the address.
static std::string proof_of(const WebhookRequest& request) {
    const std::string_view header = request.headers.get("X-Viber-Content-Signature");
    return std::string(header.empty() ? request.query_value("sig") : header);
}

Receipt ViberMessenger::receive(const WebhookRequest& request, const Channel& channel) const {
    if (request.method != "POST") return Refuse{405};
    const std::string proof = proof_of(request);
    if (!verifies(request.body, proof, channel)) return Refuse{403};
    const auto document = parse_json(request.body);
    const std::string event = document ? JsonView(*document)["event"].text_or("") : std::string();
    if (event == "webhook") return Answer{200, {}, "application/json"};  // set_webhook waits for it
    if (event != "conversation_started") return Keep{{}, proof};
    return Keep{welcome_for(JsonView(*document), channel), proof, "application/json"};
}

bool ViberMessenger::verifies(const std::string& body, const std::string& proof, const Channel& channel) const {
    const Secret token = channel.credential("auth_token");
    if (token.empty()) return false;
    const Sha256 mac = hmac_sha256(token.reveal(), body);
    return equal_in_constant_time(proof, to_hex(mac.data(), mac.size()));
}

ParsedWebhook ViberMessenger::parse(const std::string& body) const { return viber::parse(body); }

Result<void> ViberMessenger::check_limits(const std::string& type, const std::string&,
                                          const std::string& content) const {
    const auto document = parse_json(content);
    if (!document) return std::unexpected(document.error());
    return viber::check_limits(type, JsonView(*document));
}

std::vector<std::string> ViberMessenger::parts_of(const std::string& type, const std::string& text) const {
    return type == "text" ? text_parts(text) : std::vector<std::string>{text};
}

// Only a picture has words under it; others leave before theirs.
std::vector<std::string> ViberMessenger::parts_beside(const Media& file, const std::string& type,
                                                      const std::string& text) const {
    const OutboundFile sent{.sha256 = {}, .path = {}, .name = {}, .mime = file.mime, .size = file.size};
    if (text.empty() || is_caption(type, sent, text)) return {text};
    std::vector<std::string> out = text_parts(text);
    out.insert(out.begin(), std::string());
    return out;
}

static boost::asio::awaitable<Result<HttpReply>> post(json::object body, Channel channel, HttpTransport& http) {
    HttpRequest request = api_request(channel, "send_message", body);
    Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return reply;
}

boost::asio::awaitable<SendOutcome> ViberMessenger::send(OutboundMessage message, Channel channel,
                                                         HttpTransport& http) const {
    Result<json::object> body = body_of(message, channel, Form::usual);
    if (!body) co_return Rejected{body.error().code, body.error().detail};
    auto posting = post(*body, channel, http);
    const Result<HttpReply> reply = co_await std::move(posting);

    Form form = Form::usual;
    if (is_refused_as(reply, Reaction::set_webhook)) {
        auto setting = set_webhook_again(channel, http);
        const Result<void> set = co_await std::move(setting);
        if (!set && set.error().kind != ErrorKind::conflict) co_return RetryLater{.reason = set.error().detail};
        if (!set) co_return outcome_of(reply);
    } else if (is_refused_as(reply, Reaction::simpler)) {
        form = Form::simple;
    } else if (is_refused_as(reply, Reaction::newer)) {
        form = Form::newer;
    } else {
        co_return outcome_of(reply);
    }
    Result<json::object> other = body_of(message, channel, form);
    if (!other) co_return Rejected{other.error().code, other.error().detail};
    if (form != Form::usual && *other == *body) co_return outcome_of(reply);  // there is no other form of it
    auto again = post(std::move(*other), channel, http);
    const Result<HttpReply> second = co_await std::move(again);
    co_return outcome_of(second);
}

boost::asio::awaitable<Result<void>> ViberMessenger::fetch_media(Media media, Channel channel, std::string save_to,
                                                                 HttpTransport& http) const {
    return fetch_file(std::move(media), std::move(channel), std::move(save_to), http);
}

static boost::asio::awaitable<Result<void>> nothing() { co_return Result<void>{}; }

// Bots can tell neither.
boost::asio::awaitable<Result<void>> ViberMessenger::mark_read(ProviderMessageId, Channel, HttpTransport&) const {
    return nothing();
}

boost::asio::awaitable<Result<void>> ViberMessenger::show_typing(ProviderMessageId, Channel, HttpTransport&) const {
    return nothing();
}

boost::asio::awaitable<Result<Account>> ViberMessenger::check(Channel channel, std::string webhook_url,
                                                              HttpTransport& http) const {
    return check_account(std::move(channel), std::move(webhook_url), http);
}

boost::asio::awaitable<Result<void>> ViberMessenger::disconnect(Channel channel, HttpTransport& http) const {
    return remove_webhook(std::move(channel), http);
}

boost::asio::awaitable<Result<std::vector<Template>>> ViberMessenger::read_templates(Channel, HttpTransport&) const {
    co_return std::vector<Template>{};
}

Result<Address> ViberMessenger::address_of_phone(std::string_view) const {
    return fail(ErrorKind::conflict, "not_allowed",
                "In Viber the person writes first: send them the link to the bot, by phone nobody is found.");
}

}  // namespace okno::viber
