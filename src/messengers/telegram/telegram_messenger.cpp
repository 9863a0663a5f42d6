#include "messengers/telegram/telegram_messenger.hpp"

#include "base/crypto.hpp"
#include "messengers/telegram/bot_api.hpp"
#include "messengers/telegram/parse.hpp"
#include "messengers/split_text.hpp"
#include "messengers/telegram/send.hpp"

namespace okno::telegram {

namespace json = boost::json;

// "123456789:AA..." in the bot's number and the rest; empty when it is none.
static std::string bot_of(const std::string& token) {
    const std::size_t colon = token.find(':');
    if (colon == std::string::npos || colon == 0 || token.size() - colon < 21) return {};
    const std::string bot = token.substr(0, colon);
    const bool is_plain = token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
                                                  colon + 1) == std::string::npos;
    return is_plain && bot.find_first_not_of("0123456789") == std::string::npos ? bot : std::string();
}

Result<std::string> TelegramMessenger::address_of(const std::map<std::string, std::string>&,
                                                  const std::map<std::string, Secret>& credentials) const {
    const auto token = credentials.find("bot_token");
    const std::string bot = token == credentials.end() ? std::string() : bot_of(token->second.reveal());
    if (bot.empty())
        return fail(ErrorKind::invalid, "missing_field",
                    "`bot_token` is what @BotFather answers to /newbot: digits, a colon and 35 characters.",
                    "credentials.bot_token");
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
    return type == "text" ? split_text(text, traits_.max_text) : std::vector<std::string>{text};
}

static boost::asio::awaitable<Result<HttpReply>> make(Call call, const OutboundMessage& message, const Channel& channel,
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
    std::optional<Call> plainer = plainer_call(message, description_of(reply));
    if (!plainer) co_return outcome_of(reply, prefix);
    auto again = make(std::move(*plainer), message, channel, http);
    const Result<HttpReply> second = co_await std::move(again);
    co_return outcome_of(second, prefix);
}

boost::asio::awaitable<Result<void>> TelegramMessenger::fetch_media(Media media, Channel channel, std::string save_to,
                                                                    HttpTransport& http) const {
    HttpRequest asking = bot_request(channel, "getFile", {{"file_id", media.provider_id}});
    const Result<HttpReply> told = co_await http.perform(std::move(asking));
    const Result<json::value> file = result_of(told);
    if (!file) {
        const bool is_large = description_of(told).find("file is too big") != std::string::npos;
        if (is_large)
            co_return fail(ErrorKind::conflict, "file_too_large",
                           "Telegram gives a bot files of up to 20 MB: ask for it another way.");
        co_return std::unexpected(file.error());
    }
    const std::string path = JsonView(*file)["file_path"].text_or("");
    if (path.empty() || path.find("..") != std::string::npos)
        co_return fail(ErrorKind::unavailable, "provider_unavailable", "Telegram did not say where the file lies.");
    HttpRequest request = file_request(channel, path);
    request.save_to = save_to;
    request.max_reply_bytes = 100 << 20;
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    if (!reply) co_return std::unexpected(reply.error());
    if (reply->status == 200) co_return Result<void>{};
    co_return fail(ErrorKind::unavailable, "provider_unavailable",
                   "Telegram's file server answered " + std::to_string(reply->status) + ".");
}

// Bots have no read marks; of a business account the owner's are set.
boost::asio::awaitable<Result<void>> TelegramMessenger::mark_read(ProviderMessageId message, Channel channel,
                                                                  HttpTransport& http) const {
    const auto name = name_of(message);
    if (!name || name->chat.connection.empty()) co_return Result<void>{};
    HttpRequest request = bot_request(channel, "readBusinessMessage",
                                      {{"business_connection_id", name->chat.connection},
                                       {"chat_id", name->chat.id},
                                       {"message_id", std::stoll(name->message_id)}});
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<json::value> done = result_of(reply);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

boost::asio::awaitable<Result<void>> TelegramMessenger::show_typing(ProviderMessageId message, Channel channel,
                                                                    HttpTransport& http) const {
    const auto name = name_of(message);
    if (!name) co_return Result<void>{};
    json::object parameters{{"chat_id", name->chat.id}, {"action", "typing"}};
    if (!name->chat.connection.empty()) parameters["business_connection_id"] = name->chat.connection;
    HttpRequest request = bot_request(channel, "sendChatAction", parameters);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<json::value> done = result_of(reply);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

std::vector<HttpRequest> TelegramMessenger::courtesies(const std::string& body, const Channel& channel) const {
    if (body.find("\"callback_query\"") == std::string::npos) return {};
    const auto document = parse_json(body);
    const std::string id = document ? JsonView(*document)["callback_query"]["id"].text_or("") : std::string();
    if (id.empty()) return {};
    return {bot_request(channel, "answerCallbackQuery", {{"callback_query_id", id}})};
}

boost::asio::awaitable<Result<std::vector<Template>>> TelegramMessenger::read_templates(Channel,
                                                                                        HttpTransport&) const {
    co_return std::vector<Template>{};
}

Result<Address> TelegramMessenger::address_of_phone(std::string_view) const {
    return fail(ErrorKind::conflict, "not_allowed",
                "In Telegram the person writes first: send them the link to the bot, by phone nobody is found.");
}

}  // namespace okno::telegram
