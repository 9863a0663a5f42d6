#include "messengers/vk/vk_messenger.hpp"

#include "base/crypto.hpp"
#include "messengers/full_name.hpp"
#include "messengers/split_text.hpp"
#include "messengers/vk/address.hpp"
#include "messengers/vk/change.hpp"
#include "messengers/vk/files.hpp"
#include "messengers/vk/parse.hpp"
#include "messengers/vk/send.hpp"

namespace okno::vk {

namespace json = boost::json;

static bool is_decimal(const std::string& text) {
    return !text.empty() && text.front() != '0' && text.find_first_not_of("0123456789") == std::string::npos;
}

Result<std::string> VkMessenger::address_of(const std::map<std::string, std::string>& settings,
                                            const std::map<std::string, Secret>& credentials) const {
    const auto group = settings.find("group_id");
    if (group == settings.end() || !is_decimal(group->second))
        return fail(ErrorKind::invalid, "missing_field",
                    "`group_id` is the number of the community: the digits after vk.com/club or vk.com/public.",
                    "settings.group_id");
    const auto token = credentials.find("access_token");
    if (token == credentials.end() || token->second.empty())
        return fail(ErrorKind::invalid, "missing_field",
                    "`access_token` is missing: make a key in the community's settings under API usage.",
                    "credentials.access_token");
    return group->second;
}

static bool is_from_group(const JsonView& envelope, const Channel& channel) {
    const std::string secret = secret_of(channel);
    return !secret.empty() && equal_in_constant_time(envelope["secret"].text_or(""), secret) &&
           envelope["group_id"].text_or("") == channel.address;
}

Receipt VkMessenger::receive(const WebhookRequest& request, const Channel& channel) const {
    if (request.method != "POST") return Refuse{405};
    const auto document = parse_json(request.body);
    if (!document || !is_from_group(JsonView(*document), channel)) return Refuse{403};
    if (JsonView(*document)["type"].text_or("") != "confirmation") return Keep{"ok"};
    const std::string code = channel.setting("confirmation_code");
    if (code.empty()) return Refuse{503};
    return Answer{200, code};
}

bool VkMessenger::verifies(const std::string& body, const std::string&, const Channel& channel) const {
    const auto document = parse_json(body);
    return document && is_from_group(JsonView(*document), channel);
}

ParsedWebhook VkMessenger::parse(const std::string& body) const { return vk::parse(body); }

Result<void> VkMessenger::check_limits(const std::string& type, const std::string& text,
                                       const std::string& content) const {
    const auto document = parse_json(content);
    if (!document) return std::unexpected(document.error());
    return vk::check_limits(type, text, JsonView(*document));
}

std::vector<std::string> VkMessenger::parts_of(const std::string& type, const std::string& text) const {
    return type == "text" ? split_text(text, traits_.max_text) : std::vector<std::string>{text};
}

static boost::asio::awaitable<Result<HttpReply>> post(Parameters parameters, Channel channel, HttpTransport& http) {
    HttpRequest request = api_request(channel, "messages.send", parameters);
    Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return reply;
}

boost::asio::awaitable<SendOutcome> VkMessenger::send(OutboundMessage message, Channel channel,
                                                      HttpTransport& http) const {
    const auto peer = peer_for(message.to);
    std::string attachment;
    if (message.file && peer) {
        auto attaching = attach_file(*message.file, message.type, *peer, channel, http);
        const Attached attached = co_await std::move(attaching);
        if (!attached) co_return attached.error();
        attachment = *attached;
    }
    const Result<Parameters> parameters = parameters_of(message, attachment, true);
    if (!parameters) co_return Rejected{parameters.error().code, parameters.error().detail};
    auto posting = post(*parameters, channel, http);
    const Result<HttpReply> reply = co_await std::move(posting);
    if (reaction_to(reply) != Reaction::no_keyboard) co_return outcome_of(reply, *peer);
    // The community has its bot abilities off, or VK wants keyboards otherwise: the choices go as text.
    const Result<Parameters> plain = parameters_of(message, attachment, false);
    if (!plain) co_return Rejected{plain.error().code, plain.error().detail};
    auto again = post(*plain, channel, http);
    const Result<HttpReply> second = co_await std::move(again);
    co_return outcome_of(second, *peer);
}

boost::asio::awaitable<SendOutcome> VkMessenger::change(OutboundChange change, Channel channel,
                                                        HttpTransport& http) const {
    return make_change(std::move(change), std::move(channel), http);
}

boost::asio::awaitable<Result<void>> VkMessenger::fetch_media(Media media, Channel channel, std::string save_to,
                                                              HttpTransport& http) const {
    return fetch_file(std::move(media), std::move(channel), std::move(save_to), http);
}

static boost::asio::awaitable<Result<void>> tell(std::string method, Parameters parameters, Channel channel,
                                                 HttpTransport& http) {
    auto calling = call(std::move(channel), std::move(method), std::move(parameters), http);
    const Result<json::value> done = co_await std::move(calling);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

static boost::asio::awaitable<Result<void>> nothing() { co_return Result<void>{}; }

boost::asio::awaitable<Result<void>> VkMessenger::mark_read(ProviderMessageId message, Channel channel,
                                                            HttpTransport& http) const {
    const auto name = name_of(message);
    if (!name) return nothing();
    return tell("messages.markAsRead", {{"peer_id", name->peer}, {"mark_conversation_as_read", "1"}},
                std::move(channel), http);
}

boost::asio::awaitable<Result<void>> VkMessenger::show_typing(ProviderMessageId message, Channel channel,
                                                              HttpTransport& http) const {
    const auto name = name_of(message);
    if (!name) return nothing();
    return tell("messages.setActivity", {{"peer_id", name->peer}, {"type", "typing"}}, std::move(channel), http);
}

// The wheel on a pressed button stops, within the minute that VK waits.
std::vector<HttpRequest> VkMessenger::courtesies(const std::string& body, const Channel& channel) const {
    if (body.find("message_event") == std::string::npos) return {};
    const auto document = parse_json(body);
    if (!document || JsonView(*document)["type"].text_or("") != "message_event") return {};
    const JsonView press = JsonView(*document)["object"];
    Parameters parameters;
    for (const char* field : {"event_id", "user_id", "peer_id"})
        parameters.emplace_back(field, press[field].text_or(""));
    return {api_request(channel, "messages.sendMessageEventAnswer", parameters)};
}

boost::asio::awaitable<Result<std::vector<Template>>> VkMessenger::read_templates(Channel, HttpTransport&) const {
    co_return std::vector<Template>{};
}

// Up to 1,000 numbers in a call. Whom VK does not know it leaves out; a deleted page is called DELETED.
boost::asio::awaitable<Result<std::vector<PersonName>>> VkMessenger::names_of(std::vector<Address> people,
                                                                              Channel channel,
                                                                              HttpTransport& http) const {
    std::string ids;
    for (const Address& person : people)
        if (person.kind == "vk") ids += (ids.empty() ? "" : ",") + person.value;
    if (ids.empty()) co_return std::vector<PersonName>{};
    Parameters parameters{{"user_ids", ids}};
    auto asking = call(std::move(channel), "users.get", std::move(parameters), http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    std::vector<PersonName> out;
    const JsonView list(*told);
    for (std::size_t i = 0; i < list.size(); ++i) {
        const JsonView one = list.at(i);
        if (one["deactivated"].is_there()) continue;
        out.push_back({person_address(one["id"].text_or("")), full_name(one)});
    }
    co_return out;
}

Result<Address> VkMessenger::address_of_phone(std::string_view) const {
    return fail(ErrorKind::conflict, "not_allowed",
                "In VK the person writes first: send them the link to the community, by phone nobody is found.");
}

}  // namespace okno::vk
