#include "messengers/telegram/telegram_messenger.hpp"

#include "base/crypto.hpp"
#include "messengers/split_text.hpp"
#include "messengers/telegram/bot_api.hpp"
#include "messengers/telegram/change.hpp"
#include "messengers/telegram/files.hpp"
#include "messengers/telegram/parse.hpp"
#include "messengers/telegram/send.hpp"

namespace okno::telegram {

namespace json = boost::json;

static const char* const plain_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

static bool is_plain(std::string_view text) { return text.find_first_not_of(plain_characters) == std::string::npos; }

// "123456789:AA..." is the bot's number and the rest; empty when it is none.
static std::string bot_of(const std::string& token) {
    constexpr std::size_t least = 20;
    const std::size_t colon = token.find(':');
    if (colon == std::string::npos || colon == 0 || token.size() - colon - 1 < least) return {};
    const std::string bot = token.substr(0, colon);
    const bool is_number = bot.front() != '0' && bot.find_first_not_of("0123456789") == std::string::npos;
    return is_number && is_plain(std::string_view(token).substr(colon + 1)) ? bot : std::string();
}

static bool is_secret(const std::string& token) {
    constexpr std::size_t most = 256;
    return !token.empty() && token.size() <= most && is_plain(token);
}

Result<std::string> TelegramMessenger::address_of(const std::map<std::string, std::string>& settings,
                                                  const std::map<std::string, Secret>& credentials) const {
    const auto token = credentials.find("bot_token");
    const std::string bot = token == credentials.end() ? std::string() : bot_of(token->second.reveal());
    if (bot.empty())
        return fail(ErrorKind::invalid, "missing_field",
                    "`bot_token` is what @BotFather answers to /newbot: digits, a colon and 35 characters.",
                    "credentials.bot_token");
    const auto secret = credentials.find("verify_token");
    if (secret != credentials.end() && !is_secret(secret->second.reveal()))
        return fail(ErrorKind::invalid, "invalid",
                    "`verify_token` has 1 to 256 characters of A-Z, a-z, 0-9, _ and - in Telegram.",
                    "credentials.verify_token");
    const auto updates = settings.find("updates");
    if (updates != settings.end() && updates->second != "webhook" && updates->second != "polling")
        return fail(ErrorKind::invalid, "invalid", "`updates` is `webhook` or `polling`.", "settings.updates");
    return bot;
}

Receipt TelegramMessenger::receive(const WebhookRequest& request, const Channel& channel) const {
    if (request.method != "POST") return Refuse{405};
    const Secret secret = channel.credential("verify_token");
    const std::string_view told = request.headers.get("X-Telegram-Bot-Api-Secret-Token");
    if (secret.empty() || !equal_in_constant_time(told, secret.reveal())) return Refuse{401};
    return Keep{};
}

ParsedWebhook TelegramMessenger::parse(const std::string& body) const { return telegram::parse(body); }

Result<void> TelegramMessenger::check_limits(const std::string& type, const std::string& text,
                                             const std::string& content) const {
    const auto document = parse_json(content);
    if (!document) return std::unexpected(document.error());
    return telegram::check_limits(type, text, JsonView(*document));
}

std::vector<std::string> TelegramMessenger::parts_of(const std::string& type, const std::string& text) const {
    return type == "text" ? split_text(text, traits_.max_text, TextUnit::utf16) : std::vector<std::string>{text};
}

static boost::asio::awaitable<Result<HttpReply>> make(Call call, OutboundMessage message, Channel channel,
                                                      HttpTransport& http) {
    HttpRequest request = call.file_field.empty()
                              ? bot_request(channel, call.method, call.parameters)
                              : bot_upload(channel, call.method, call.parameters, call.file_field, *message.file);
    Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return reply;
}

boost::asio::awaitable<SendOutcome> TelegramMessenger::send(OutboundMessage message, Channel channel,
                                                            HttpTransport& http) const {
    Result<Call> call = call_for(message);
    if (!call) co_return Rejected{call.error().code, call.error().detail};
    const std::string prefix = chat_for(message.to)->prefix();
    auto making = make(std::move(*call), message, channel, http);
    const Result<HttpReply> reply = co_await std::move(making);
    const auto reaction = reaction_to(reply);
    std::optional<Call> other = reaction ? other_call(message, *reaction) : std::nullopt;
    if (!other) co_return outcome_of(reply, prefix);
    auto again = make(std::move(*other), message, channel, http);
    const Result<HttpReply> second = co_await std::move(again);
    co_return outcome_of(second, prefix);
}

boost::asio::awaitable<SendOutcome> TelegramMessenger::change(OutboundChange change, Channel channel,
                                                              HttpTransport& http) const {
    const Result<Call> call = call_for(change);
    if (!call) co_return Rejected{call.error().code, call.error().detail};
    HttpRequest request = bot_request(channel, call->method, call->parameters);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return outcome_of(reply, change.kind);
}

boost::asio::awaitable<Result<void>> TelegramMessenger::fetch_media(Media media, Channel channel, std::string save_to,
                                                                    HttpTransport& http) const {
    return fetch_file(std::move(media), std::move(channel), std::move(save_to), http);
}

static boost::asio::awaitable<Result<void>> tell(std::string method, json::object parameters, Channel channel,
                                                 HttpTransport& http) {
    auto asking = ask(std::move(channel), std::move(method), std::move(parameters), http);
    const Result<json::value> done = co_await std::move(asking);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

static boost::asio::awaitable<Result<void>> nothing() { co_return Result<void>{}; }

// Bots have no read marks; of a business account the owner's are set.
boost::asio::awaitable<Result<void>> TelegramMessenger::mark_read(ProviderMessageId message, Channel channel,
                                                                  HttpTransport& http) const {
    const auto name = name_of(message);
    const auto number = name ? name->number() : std::nullopt;
    if (!number || name->chat.connection.empty()) return nothing();
    return tell(
        "readBusinessMessage",
        {{"business_connection_id", name->chat.connection}, {"chat_id", name->chat.id}, {"message_id", *number}},
        std::move(channel), http);
}

boost::asio::awaitable<Result<void>> TelegramMessenger::show_typing(ProviderMessageId message, Channel channel,
                                                                    HttpTransport& http) const {
    const auto name = name_of(message);
    if (!name) return nothing();
    json::object parameters{{"chat_id", name->chat.id}, {"action", "typing"}};
    if (!name->chat.connection.empty()) parameters["business_connection_id"] = name->chat.connection;
    return tell("sendChatAction", std::move(parameters), std::move(channel), http);
}

// The wheel on a pressed button stops.
std::vector<HttpRequest> TelegramMessenger::courtesies(const std::string& body, const Channel& channel) const {
    if (body.find("\"callback_query\"") == std::string::npos) return {};
    const auto document = parse_json(body);
    const std::string id = document ? JsonView(*document)["callback_query"]["id"].text_or("") : std::string();
    if (id.empty()) return {};
    return {bot_request(channel, "answerCallbackQuery", {{"callback_query_id", id}})};
}

boost::asio::awaitable<Result<std::vector<Template>>> TelegramMessenger::read_templates(Channel, HttpTransport&) const {
    co_return std::vector<Template>{};
}

Result<Address> TelegramMessenger::address_of_phone(std::string_view) const {
    return fail(ErrorKind::conflict, "not_allowed",
                "In Telegram the person writes first: send them the link to the bot, by phone nobody is found.");
}

}  // namespace okno::telegram
