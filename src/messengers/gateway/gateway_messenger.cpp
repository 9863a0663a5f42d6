#include "messengers/gateway/gateway_messenger.hpp"

#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/parse.hpp"
#include "messengers/gateway/send.hpp"
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

bool is_phone(std::string_view typed) {
    const std::size_t digits = digits_of(typed).size();
    return digits >= 7 && digits <= 15 && typed.find_first_not_of("0123456789+-() ") == std::string_view::npos;
}

}  // namespace

Result<std::string> GatewayMessenger::address_of(const std::map<std::string, std::string>& settings,
                                                 const std::map<std::string, Secret>& credentials) const {
    const Shape* shape = find_shape(text_in(settings, "shape"));
    if (shape == nullptr)
        return fail(ErrorKind::invalid, "invalid", "`shape` says which gateway it is: waha, green_api or evolution.",
                    "settings.shape");
    if (text_in(settings, "base_url").empty())
        return missing("`base_url` is the address of your gateway, as http://waha.internal:3000.", "settings.base_url");
    const std::string phone = text_in(settings, "phone");
    if (!is_phone(phone))
        return missing("`phone` is the number of the account with its country code, as +7 900 111-22-33.",
                       "settings.phone");
    if (const Result<void> named = shape->check_session(text_in(settings, "session")); !named)
        return std::unexpected(named.error());
    // A faster pace is what accounts are blocked for.
    if (settings.contains("messages_per_second"))
        return fail(ErrorKind::invalid, "invalid",
                    "Through a gateway messages leave at a human pace, one in three seconds: it cannot be set.",
                    "settings.messages_per_second");
    const auto key = credentials.find("api_key");
    if (key == credentials.end() || key->second.empty())
        return missing("`api_key` is missing: " + std::string(shape->key_in_words()) + ".", "credentials.api_key");
    return digits_of(phone);
}

Receipt GatewayMessenger::receive(const WebhookRequest& request, const Channel& channel) const {
    if (request.method != "POST") return Refuse{405};
    const std::string proof = shape_of(channel).proof_in(request);
    if (!verifies(request.body, proof, channel)) return Refuse{401};
    return Keep{"", proof};
}

bool GatewayMessenger::verifies(const std::string& body, const std::string& proof, const Channel& channel) const {
    const std::string secret = channel.credential("verify_token").reveal();
    return !secret.empty() && shape_of(channel).proves(proof, body, secret);
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
    auto asking = shape_of(channel).phone_of(*hidden, channel, http);
    const std::optional<Address> phone = co_await std::move(asking);
    if (phone) known.push_back(*phone);
    co_return known;
}

// The call that a message is, with its file's bytes where the shape takes them. The error says what cannot be sent.
static Result<Rendered> render(const OutboundMessage& message, const Channel& channel) {
    const Shape& shape = shape_of(channel);
    const auto to = name_to_write_to(message.to);
    if (!to) return fail(ErrorKind::invalid, "no_address", "No WhatsApp account of this person is known.");
    const auto content = parse_json(message.content);
    if (!content) return std::unexpected(content.error());
    Outgoing out{message, *to, JsonView(*content), {}};
    if (message.file && shape.takes_bytes()) {
        Result<std::string> read = read_base64(message.file->path);
        if (!read) return std::unexpected(read.error());
        out.data = std::move(*read);
    }
    return shape.render(out, channel);
}

boost::asio::awaitable<SendOutcome> GatewayMessenger::send(OutboundMessage message, Channel channel,
                                                           HttpTransport& http) const {
    const Shape& shape = shape_of(channel);
    const Result<Rendered> rendered = render(message, channel);
    if (!rendered && rendered.error().kind == ErrorKind::unavailable)
        co_return RetryLater{.reason = rendered.error().detail};
    if (!rendered) co_return Rejected{rendered.error().code, rendered.error().detail};
    HttpRequest request = shape.request_of(channel, rendered->call);
    if (message.file) request.timeout = std::chrono::seconds{30};
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    if (reaction_to(shape, reply) == Reaction::restart) {
        auto restarting = perform(channel, shape.restart_call(channel), http);
        co_await std::move(restarting);
    }
    SendOutcome outcome = outcome_of(shape, reply, rendered->prepared_id);
    if (auto* accepted = std::get_if<Accepted>(&outcome)) {
        auto naming = known_names(message.to, channel, http);
        accepted->addresses = co_await std::move(naming);
    }
    co_return outcome;
}

static boost::asio::awaitable<Result<void>> nothing() { co_return Result<void>{}; }

static boost::asio::awaitable<Result<void>> tell(Call call, Channel channel, HttpTransport& http) {
    auto telling = perform(std::move(channel), std::move(call), http);
    const Result<json::value> done = co_await std::move(telling);
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
    const auto to = name_to_write_to(person);
    if (!to) return nothing();
    return tell(shape_of(channel).seen_call(*to, message.value(), channel), channel, http);
}

boost::asio::awaitable<Result<void>> GatewayMessenger::show_typing(ProviderMessageId, Channel, HttpTransport&) const {
    return nothing();
}

boost::asio::awaitable<Result<void>> GatewayMessenger::show_typing_to(std::vector<Address> person, ProviderMessageId,
                                                                      Channel channel, HttpTransport& http) const {
    const auto to = name_to_write_to(person);
    if (!to) return nothing();
    return tell(shape_of(channel).typing_call(*to, channel), channel, http);
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
