#include "messengers/gateway/gateway_messenger.hpp"

#include "messengers/gateway/address.hpp"
#include "messengers/gateway/parse.hpp"
#include "messengers/gateway/send.hpp"
#include "messengers/gateway/signature.hpp"
#include "messengers/split_text.hpp"

namespace okno::gateway {

namespace json = boost::json;

namespace {

std::unexpected<Error> missing(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "missing_field", detail, where);
}

std::string text_in(const std::map<std::string, std::string>& settings, const std::string& name) {
    const auto found = settings.find(name);
    return found == settings.end() ? std::string() : found->second;
}

// It stands in the address of calls.
bool is_session_name(const std::string& name) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return name.size() <= 54 && name.find_first_not_of(allowed) == std::string::npos;
}

std::string digits_of(std::string_view typed) {
    std::string out;
    for (const char c : typed)
        if (c >= '0' && c <= '9') out += c;
    return out;
}

bool is_phone(std::string_view typed) {
    const std::size_t digits = digits_of(typed).size();
    return digits >= 7 && digits <= 15 && typed.find_first_not_of("0123456789+-() ") == std::string_view::npos;
}

}  // namespace

Result<std::string> GatewayMessenger::address_of(const std::map<std::string, std::string>& settings,
                                                 const std::map<std::string, Secret>& credentials) const {
    if (text_in(settings, "base_url").empty())
        return missing("`base_url` is the address of your gateway, as http://waha.internal:3000.", "settings.base_url");
    const std::string phone = text_in(settings, "phone");
    if (!is_phone(phone))
        return missing("`phone` is the number of the account with its country code, as +7 900 111-22-33.",
                       "settings.phone");
    if (!is_session_name(text_in(settings, "session")))
        return fail(ErrorKind::invalid, "invalid",
                    "`session` is the session's name in the gateway: letters, digits, - and _, at most 54.",
                    "settings.session");
    // A faster pace is what accounts are blocked for.
    if (settings.contains("messages_per_second"))
        return fail(ErrorKind::invalid, "invalid",
                    "Through a gateway messages leave at a human pace, one in three seconds: it cannot be set.",
                    "settings.messages_per_second");
    const auto key = credentials.find("api_key");
    if (key == credentials.end() || key->second.empty())
        return missing("`api_key` is missing: the key that the gateway was started with (WAHA_API_KEY).",
                       "credentials.api_key");
    return digits_of(phone);
}

Receipt GatewayMessenger::receive(const WebhookRequest& request, const Channel& channel) const {
    if (request.method != "POST") return Refuse{405};
    const std::string proof(request.headers.get("X-Webhook-Hmac"));
    if (!verifies(request.body, proof, channel)) return Refuse{401};
    return Keep{"", proof};
}

bool GatewayMessenger::verifies(const std::string& body, const std::string& proof, const Channel& channel) const {
    return is_signed(channel.credential("verify_token").reveal(), body, proof);
}

ParsedWebhook GatewayMessenger::parse(const std::string& body) const { return gateway::parse(body); }

Result<void> GatewayMessenger::check_limits(const std::string& type, const std::string& text,
                                            const std::string& content) const {
    const auto document = parse_json(content);
    if (!document) return std::unexpected(document.error());
    return gateway::check_limits(type, text, JsonView(*document));
}

std::vector<std::string> GatewayMessenger::parts_of(const std::string& type, const std::string& text) const {
    return type == "text" ? split_text(text, traits_.max_text) : std::vector<std::string>{text};
}

// Of a person who hides their number the gateway may know it by now: then both names are one person's.
static boost::asio::awaitable<std::vector<Address>> known_names(std::vector<Address> known, Channel channel,
                                                                HttpTransport& http) {
    const auto hidden = std::ranges::find(known, "lid", &Address::kind);
    if (hidden == known.end() || std::ranges::find(known, "phone", &Address::kind) != known.end()) co_return known;
    auto asking = call(channel, "GET", "/api/" + session_of(channel) + "/lids/" + chat_of(*hidden), nullptr, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return known;
    if (const auto phone = address_of_chat(JsonView(*told)["pn"].text_or(""))) known.push_back(*phone);
    co_return known;
}

boost::asio::awaitable<SendOutcome> GatewayMessenger::send(OutboundMessage message, Channel channel,
                                                           HttpTransport& http) const {
    std::string data;
    if (message.file) {
        Result<std::string> read = read_base64(message.file->path);
        if (!read) co_return RetryLater{.reason = read.error().detail};
        data = std::move(*read);
    }
    const Result<Rendered> rendered = render(message, session_of(channel), data);
    if (!rendered) co_return Rejected{rendered.error().code, rendered.error().detail};
    HttpRequest request = api_request(channel, rendered->method, rendered->path, json::value(rendered->body));
    if (message.file) request.timeout = std::chrono::seconds{30};
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    if (reaction_to(reply) == Reaction::restart) {
        auto restarting = call(channel, "POST", "/api/sessions/" + session_of(channel) + "/restart", nullptr, http);
        co_await std::move(restarting);
    }
    SendOutcome outcome = outcome_of(reply, rendered->prepared_id);
    if (auto* accepted = std::get_if<Accepted>(&outcome)) {
        auto naming = known_names(message.to, channel, http);
        accepted->addresses = co_await std::move(naming);
    }
    co_return outcome;
}

static boost::asio::awaitable<Result<void>> nothing() { co_return Result<void>{}; }

static boost::asio::awaitable<Result<void>> tell(std::string path, json::object body, Channel channel,
                                                 HttpTransport& http) {
    body["session"] = session_of(channel);
    auto calling = call(std::move(channel), "POST", std::move(path), json::value(std::move(body)), http);
    const Result<json::value> done = co_await std::move(calling);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

// A message alone does not tell its chat.
boost::asio::awaitable<Result<void>> GatewayMessenger::mark_read(ProviderMessageId, Channel, HttpTransport&) const {
    return nothing();
}

boost::asio::awaitable<Result<void>> GatewayMessenger::mark_read_of(std::vector<Address> person,
                                                                    ProviderMessageId message, Channel channel,
                                                                    HttpTransport& http) const {
    const auto chat = chat_for(person);
    if (!chat) return nothing();
    return tell("/api/sendSeen", {{"chatId", *chat}, {"messageIds", json::array{full_id(*chat, message.value())}}},
                std::move(channel), http);
}

boost::asio::awaitable<Result<void>> GatewayMessenger::show_typing(ProviderMessageId, Channel, HttpTransport&) const {
    return nothing();
}

boost::asio::awaitable<Result<void>> GatewayMessenger::show_typing_to(std::vector<Address> person, ProviderMessageId,
                                                                      Channel channel, HttpTransport& http) const {
    const auto chat = chat_for(person);
    if (!chat) return nothing();
    return tell("/api/startTyping", {{"chatId", *chat}}, std::move(channel), http);
}

boost::asio::awaitable<Result<std::vector<Template>>> GatewayMessenger::read_templates(Channel, HttpTransport&) const {
    co_return std::vector<Template>{};
}

Result<Address> GatewayMessenger::address_of_phone(std::string_view typed) const {
    if (!is_phone(typed))
        return fail(ErrorKind::invalid, "invalid", "The number has 7 to 15 digits with its country code.", "phone");
    const std::string digits = digits_of(typed);
    return Address{"phone", digits, digits};
}

}  // namespace okno::gateway
