#include "messengers/max/max_messenger.hpp"

#include "base/crypto.hpp"
#include "messengers/max/address.hpp"
#include "messengers/max/change.hpp"
#include "messengers/max/files.hpp"
#include "messengers/max/parse.hpp"
#include "messengers/max/send.hpp"
#include "messengers/split_text.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cctype>

namespace okno::max {

namespace json = boost::json;

namespace {

constexpr std::string_view token_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

// "https://max.ru/id7700000000_bot?start=x", "@id7700000000_bot" and the nick itself name the same bot; empty: none.
std::string nick_in(std::string text) {
    for (const std::string_view begin : {"https://", "http://", "max.ru/", "@"})
        if (text.starts_with(begin)) text.erase(0, begin.size());
    text = text.substr(0, text.find_first_of("/?#"));
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text.find_first_not_of(token_letters) == std::string::npos ? text : std::string();
}

bool is_secret(const std::string& text) {
    return text.size() >= 5 && text.size() <= 256 && text.find_first_not_of(token_letters) == std::string::npos;
}

}  // namespace

Result<std::string> MaxMessenger::address_of(const std::map<std::string, std::string>& settings,
                                             const std::map<std::string, Secret>& credentials) const {
    const auto bot = settings.find("bot");
    const std::string nick = bot == settings.end() ? std::string() : nick_in(bot->second);
    if (nick.empty())
        return fail(ErrorKind::invalid, "missing_field", "`bot` is the nick of the bot, as in max.ru/id7700000000_bot.",
                    "settings.bot");
    const auto token = credentials.find("access_token");
    const std::string text = token == credentials.end() ? std::string() : token->second.reveal();
    if (text.empty() || text.find_first_of(" \r\n\t") != std::string::npos)
        return fail(ErrorKind::invalid, "missing_field",
                    "`access_token` is the token that MAX shows for the bot under Chat bots → Integration.",
                    "credentials.access_token");
    const auto secret = credentials.find("verify_token");
    if (secret != credentials.end() && !is_secret(secret->second.reveal()))
        return fail(ErrorKind::invalid, "invalid",
                    "`verify_token` has 5 to 256 letters, digits, _ and - in MAX: leave it out and one is made.",
                    "credentials.verify_token");
    return nick;
}

Receipt MaxMessenger::receive(const WebhookRequest& request, const Channel& channel) const {
    if (request.method != "POST") return Refuse{405};
    const Secret secret = channel.credential("verify_token");
    const std::string_view told = request.headers.get("X-Max-Bot-Api-Secret");
    if (secret.empty() || !equal_in_constant_time(told, secret.reveal())) return Refuse{401};
    return Keep{};
}

// The secret came with the header of the call and not with the bytes: nothing in them is for another channel.
bool MaxMessenger::verifies(const std::string&, const std::string&, const Channel&) const { return false; }

ParsedWebhook MaxMessenger::parse(const std::string& body) const { return max::parse(body); }

Result<void> MaxMessenger::check_limits(const std::string& type, const std::string& text,
                                        const std::string& content) const {
    const auto document = parse_json(content);
    if (!document) return std::unexpected(document.error());
    return max::check_limits(type, text, JsonView(*document));
}

std::vector<std::string> MaxMessenger::parts_of(const std::string& type, const std::string& text) const {
    return type == "text" ? split_text(text, traits_.max_text) : std::vector<std::string>{text};
}

namespace {

boost::asio::awaitable<Result<HttpReply>> post(std::string user, json::object body, Channel channel,
                                               HttpTransport& http) {
    HttpRequest request = api_request(channel, "POST", "/messages", {{"user_id", user}}, body);
    Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return reply;
}

boost::asio::awaitable<void> pause(std::chrono::milliseconds length) {
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, length);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace

// A file that MAX still works on is waited for with its token, for about a minute: left anew it would be worked on
// anew.
boost::asio::awaitable<SendOutcome> MaxMessenger::send(OutboundMessage message, Channel channel,
                                                       HttpTransport& http) const {
    const auto user = user_for(message.to);
    if (!user) co_return Rejected{"no_address", "No MAX account of this person is known."};
    std::optional<json::object> file;
    if (message.file) {
        auto attaching = attach_file(*message.file, message.type, channel, http);
        const Attached attached = co_await std::move(attaching);
        if (!attached) co_return attached.error();
        file = *attached;
    }
    Result<json::object> body = body_of(message, file);
    if (!body) co_return Rejected{body.error().code, body.error().detail};
    std::chrono::milliseconds left = 60 * beat_;
    for (std::chrono::milliseconds wait = beat_;; wait *= 2) {
        auto posting = post(*user, *body, channel, http);
        const Result<HttpReply> reply = co_await std::move(posting);
        const auto reaction = reaction_to(reply);
        const bool is_quote_gone = reaction == Reaction::no_quote && body->contains("link");
        const bool is_worth_waiting = reaction == Reaction::not_ready && left.count() > 0;
        if (!is_quote_gone && !is_worth_waiting) co_return outcome_of(reply);
        if (is_quote_gone) {
            body->erase("link");
            continue;
        }
        wait = std::min(wait, left);
        left -= wait;
        auto waiting = pause(wait);
        co_await std::move(waiting);
    }
}

boost::asio::awaitable<SendOutcome> MaxMessenger::change(OutboundChange change, Channel channel,
                                                         HttpTransport& http) const {
    HttpRequest request = request_for(change, channel);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return outcome_of(reply, change.kind);
}

boost::asio::awaitable<Result<void>> MaxMessenger::fetch_media(Media media, Channel channel, std::string save_to,
                                                               HttpTransport& http) const {
    return fetch_file(std::move(media), std::move(channel), std::move(save_to), http);
}

// What is done to a chat: "typing_on", "mark_seen". Nothing where the chat is not known.
static boost::asio::awaitable<Result<void>> act(std::string chat, std::string action, Channel channel,
                                                HttpTransport& http) {
    if (chat.empty()) co_return Result<void>{};
    auto calling =
        call(api_request(channel, "POST", "/chats/" + chat + "/actions", {}, json::object{{"action", action}}), http);
    const Result<json::value> done = co_await std::move(calling);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

boost::asio::awaitable<Result<void>> MaxMessenger::mark_read(ProviderMessageId message, Channel channel,
                                                             HttpTransport& http) const {
    return act(name_of(message).chat, "mark_seen", std::move(channel), http);
}

boost::asio::awaitable<Result<void>> MaxMessenger::show_typing(ProviderMessageId message, Channel channel,
                                                               HttpTransport& http) const {
    return act(name_of(message).chat, "typing_on", std::move(channel), http);
}

// The button stops turning, and the person sees what was taken from it.
std::vector<HttpRequest> MaxMessenger::courtesies(const std::string& body, const Channel& channel) const {
    if (body.find("message_callback") == std::string::npos) return {};
    const auto document = parse_json(body);
    if (!document || JsonView(*document)["update_type"].text_or("") != "message_callback") return {};
    const std::string id = JsonView(*document)["callback"]["callback_id"].text_or("");
    if (id.empty()) return {};
    const ParsedWebhook press = max::parse(body);
    const auto* pressed = press.events.empty() ? nullptr : std::get_if<InboundMessage>(&press.events.front().what);
    if (pressed == nullptr) return {};
    return {api_request(channel, "POST", "/answers", {{"callback_id", id}},
                        json::object{{"notification", "✓ " + pressed->text}})};
}

boost::asio::awaitable<Result<std::vector<Template>>> MaxMessenger::read_templates(Channel, HttpTransport&) const {
    co_return std::vector<Template>{};
}

Result<Address> MaxMessenger::address_of_phone(std::string_view) const {
    return fail(ErrorKind::conflict, "not_allowed",
                "In MAX the person starts the bot first: send them the link to it, by phone nobody is found.");
}

}  // namespace okno::max
