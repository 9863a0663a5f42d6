// How events come: a Callback server, or Long Poll where VK cannot call (channels page of VK, sections 2, 10 and 11).
#include "messengers/vk/api.hpp"
#include "messengers/vk/vk_messenger.hpp"

#include <algorithm>
#include <array>

namespace okno::vk {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 7> wanted_events{
    "message_new", "message_reply", "message_edit", "message_allow", "message_deny", "message_event", "message_read"};

Parameters with_events(Parameters parameters) {
    parameters.emplace_back("api_version", api_version);
    for (const std::string_view event : wanted_events)
        parameters.emplace_back(event, "1");
    return parameters;
}

Parameters of_group(const Channel& channel) { return {{"group_id", channel.address}}; }

// The token is of this community and may write.
boost::asio::awaitable<Result<Account>> whose(Channel channel, HttpTransport& http) {
    auto asking = call(channel, "groups.getById", {}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const JsonView groups = JsonView(*told)["groups"].is_there() ? JsonView(*told)["groups"] : JsonView(*told);
    const JsonView group = groups.at(0);
    if (group["id"].text_or("") != channel.address)
        co_return fail(ErrorKind::conflict, "other_account", "The token is of another community.");
    Account account{.handle = "vk.com/" + group["screen_name"].text_or("club" + channel.address)};

    auto looking = call(channel, "groups.getTokenPermissions", {}, http);
    const Result<json::value> permissions = co_await std::move(looking);
    if (!permissions) co_return std::unexpected(permissions.error());
    const JsonView list = JsonView(*permissions)["permissions"];
    bool may_write = false;
    for (std::size_t i = 0; i < list.size(); ++i)
        may_write = may_write || list.at(i)["name"].text_or("") == "messages";
    if (!may_write)
        co_return fail(ErrorKind::conflict, "permission_missing",
                       "The token has no right to messages: make one with messages, photos, docs and manage.");
    co_return account;
}

struct CallbackServer {
    std::string id;
    std::string url;
    std::string status;
    std::string secret;
};

// Ours ends with the channel's key, under whatever name this server was reached before. Empty id: there is none.
boost::asio::awaitable<Result<CallbackServer>> our_server(Channel channel, HttpTransport& http) {
    auto asking = call(channel, "groups.getCallbackServers", of_group(channel), http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const JsonView items = JsonView(*told)["items"];
    for (std::size_t i = 0; i < items.size(); ++i) {
        const JsonView one = items.at(i);
        if (one["url"].text_or("").ends_with("/hooks/" + channel.key))
            co_return CallbackServer{one["id"].text_or(""), one["url"].text_or(""), one["status"].text_or(""),
                                     one["secret_key"].text_or("")};
    }
    co_return CallbackServer{};
}

// Adds our server, or has VK ask it again. VK calls it before or after this is answered.
boost::asio::awaitable<Result<std::string>> place_server(Channel channel, std::string id, std::string url,
                                                         HttpTransport& http) {
    Parameters parameters = of_group(channel);
    if (!id.empty()) parameters.emplace_back("server_id", id);
    parameters.emplace_back("url", url);
    parameters.emplace_back("title", "Okno");
    parameters.emplace_back("secret_key", secret_of(channel));
    auto placing = call(channel, id.empty() ? "groups.addCallbackServer" : "groups.editCallbackServer",
                        std::move(parameters), http);
    const Result<json::value> placed = co_await std::move(placing);
    if (!placed) co_return std::unexpected(placed.error());
    co_return id.empty() ? JsonView(*placed)["server_id"].text_or("") : id;
}

// Without the right *manage* an admin sets the server up by hand: then the code that VK shows is typed in as a setting.
bool is_by_hand(const Channel& channel, const Error& error) {
    return error.code == "permission_missing" && !channel.setting("confirmation_code").empty();
}

boost::asio::awaitable<Result<Account>> have_it_call(Channel channel, std::string url, Account account,
                                                     HttpTransport& http) {
    auto finding = our_server(channel, http);
    const Result<CallbackServer> server = co_await std::move(finding);
    if (!server && is_by_hand(channel, server.error())) co_return account;
    if (!server) co_return std::unexpected(server.error());
    std::string id = server->id;
    const bool is_set = server->url == url && server->secret == secret_of(channel);
    if (!is_set || (server->status != "ok" && server->status != "wait")) {
        auto asking = call(channel, "groups.getCallbackConfirmationCode", of_group(channel), http);
        const Result<json::value> told = co_await std::move(asking);
        if (!told) co_return std::unexpected(told.error());
        const std::string code = JsonView(*told)["code"].text_or("");
        if (code != channel.setting("confirmation_code")) {  // kept first: VK asks for it at once
            account.settings["confirmation_code"] = code;
            account.is_unfinished = true;
            co_return account;
        }
        auto placing = place_server(channel, id, url, http);
        const Result<std::string> placed = co_await std::move(placing);
        if (!placed)
            co_return fail(placed.error().kind, placed.error().code,
                           "VK refuses our address: " + placed.error().detail);
        id = *placed;
    }
    Parameters settings = with_events(of_group(channel));
    settings.emplace_back("server_id", id);
    auto setting = call(channel, "groups.setCallbackSettings", std::move(settings), http);
    const Result<json::value> set = co_await std::move(setting);
    if (!set) co_return std::unexpected(set.error());
    auto looking = our_server(channel, http);
    const Result<CallbackServer> now = co_await std::move(looking);
    if (now && now->status == "failed")
        co_return fail(ErrorKind::conflict, "webhook_refused",
                       "VK called our address and did not get the confirmation code. Check that " + url +
                           " can be reached from outside.");
    co_return account;
}

}  // namespace

boost::asio::awaitable<Result<Account>> VkMessenger::check(Channel channel, std::string webhook_url,
                                                           HttpTransport& http) const {
    auto asking = whose(channel, http);
    Result<Account> account = co_await std::move(asking);
    if (!account) co_return account;
    account->is_polled = webhook_url.empty() || channel.setting("updates") == "polling";
    if (!account->is_polled) {
        auto setting = have_it_call(channel, std::move(webhook_url), *account, http);
        co_return co_await std::move(setting);
    }
    Parameters parameters = with_events(of_group(channel));
    parameters.emplace_back("enabled", "1");
    auto setting = call(channel, "groups.setLongPollSettings", std::move(parameters), http);
    const Result<json::value> set = co_await std::move(setting);
    if (!set) co_return std::unexpected(set.error());
    auto removing = disconnect(channel, http);  // both at once would bring everything twice
    const Result<void> removed = co_await std::move(removing);
    if (!removed && removed.error().code != "permission_missing") co_return std::unexpected(removed.error());
    co_return account;
}

boost::asio::awaitable<Result<void>> VkMessenger::disconnect(Channel channel, HttpTransport& http) const {
    auto finding = our_server(channel, http);
    const Result<CallbackServer> server = co_await std::move(finding);
    if (!server) co_return std::unexpected(server.error());
    if (server->id.empty()) co_return Result<void>{};
    Parameters parameters = of_group(channel);
    parameters.emplace_back("server_id", server->id);
    auto removing = call(channel, "groups.deleteCallbackServer", std::move(parameters), http);
    const Result<json::value> removed = co_await std::move(removing);
    if (!removed) co_return std::unexpected(removed.error());
    co_return Result<void>{};
}

static std::string address_to_ask(const JsonView& server, const std::string& ts, int wait_seconds) {
    std::string address = server["server"].text_or("");
    if (address.find("://") == std::string::npos) address = "https://" + address;
    return address + "?act=a_check&key=" + server["key"].text_or("") + "&ts=" + ts +
           "&wait=" + std::to_string(wait_seconds);
}

// The cursor is `ts`. The key is asked for each time, since it opens the community's events and is not to be stored.
boost::asio::awaitable<Result<Polled>> VkMessenger::poll(Channel channel, std::string cursor,
                                                         HttpTransport& http) const {
    constexpr int wait_seconds = 25;
    auto asking = call(channel, "groups.getLongPollServer", of_group(channel), http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const JsonView server(*told);
    const std::string newest = server["ts"].text_or("");
    HttpRequest request;
    request.url = address_to_ask(server, cursor.empty() ? newest : cursor, wait_seconds);
    reach_through(request, channel);
    request.timeout = std::chrono::seconds(wait_seconds + 20);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    if (!reply) co_return std::unexpected(reply.error());
    const auto document = parse_json(reply->body);
    if (!document || !document->is_object())
        co_return fail(ErrorKind::unavailable, "provider_unavailable",
                       "VK's event server answered " + std::to_string(reply->status) + ".");
    const JsonView answer(*document);
    // 1: what is older is gone, it goes on from the place it names. 3: all of it is stale. 2: the key, which is new at
    // each question; that is VK's own trouble.
    const std::int64_t failed = answer["failed"].integer().value_or(0);
    if (failed == 1 || failed == 3) co_return Polled{{}, failed == 1 ? answer["ts"].text_or(newest) : newest};
    if (failed != 0)
        co_return fail(ErrorKind::unavailable, "provider_unavailable", "VK's event server refuses its own key.");
    Polled out{{}, answer["ts"].text_or(newest)};
    for (std::size_t i = 0; i < answer["updates"].size(); ++i)
        out.bodies.push_back(json::serialize(*answer["updates"].at(i).raw()));
    co_return out;
}

}  // namespace okno::vk
