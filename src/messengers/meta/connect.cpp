// Connecting an account: whose the token is, which webhooks come, the button before the first message (section 9).
#include "messengers/meta/errors.hpp"
#include "messengers/meta/page_messenger.hpp"

namespace okno::meta {

namespace json = boost::json;

namespace {

boost::asio::awaitable<Result<json::value>> ask(std::string method, std::string path, Channel channel,
                                                HttpTransport& http) {
    HttpRequest request = request_of(channel, std::move(method), path);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return read_reply(reply);
}

std::unexpected<Error> of_another(const std::string& what) {
    return fail(ErrorKind::conflict, "other_account", "The token is of another " + what + ".");
}

std::string at_name(const std::string& name) { return name.empty() ? std::string() : "@" + name; }

// The token is of this account. Answers how people know it.
boost::asio::awaitable<Result<std::string>> whose(const Platform& platform, Channel channel, HttpTransport& http) {
    const bool is_page = platform.setting == "page_id";
    const bool has_page = !channel.setting("page_id").empty();
    const std::string fields = is_page    ? "id,name,username"
                               : has_page ? "id,instagram_business_account%7Bid,username%7D"
                                          : "id,user_id,username";
    auto asking = ask("GET", "me?fields=" + fields, channel, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const JsonView me(*told);
    const std::string id = me["id"].text_or("");
    if (is_page) {
        if (id != channel.address) co_return of_another("Page");
        co_return "m.me/" + me["username"].text_or(id);
    }
    if (!has_page) {
        if (id != channel.address && me["user_id"].text_or("") != channel.address) co_return of_another("account");
        co_return at_name(me["username"].text_or(""));
    }
    if (id != channel.setting("page_id")) co_return of_another("Page");
    const JsonView account = me["instagram_business_account"];
    if (account["id"].text_or("") != channel.address)
        co_return fail(ErrorKind::conflict, "other_account",
                       account.is_there() ? "The Page is joined with another Instagram account."
                                          : "No Instagram account is joined with the Page.");
    co_return at_name(account["username"].text_or(""));
}

// A Page is subscribed once for both messengers, so an Instagram account subscribes it to everything that Messenger
// wants too.
std::string fields_of(const Channel& channel) {
    return std::string(channel.setting("page_id").empty() ? instagram_platform.fields : messenger_platform.fields);
}

boost::asio::awaitable<Result<void>> subscribe(Channel channel, HttpTransport& http) {
    const std::string path = node_of(channel) + "/subscribed_apps?subscribed_fields=" + fields_of(channel);
    auto asking = ask("POST", path, channel, http);
    const Result<json::value> done = co_await std::move(asking);
    if (done) co_return Result<void>{};
    const bool may_pass = done.error().kind != ErrorKind::conflict;
    co_return fail(done.error().kind, may_pass ? done.error().code : "not_subscribed",
                   "Meta sends no messages here, for it refused to subscribe the app: " + done.error().detail);
}

// Every new person gives an event at once. A button that somebody set up is left as it is.
boost::asio::awaitable<Result<void>> set_get_started(Channel channel, HttpTransport& http) {
    auto asking = ask("GET", "me/messenger_profile?fields=get_started", channel, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    if (JsonView(*told)["data"].at(0)["get_started"].is_there()) co_return Result<void>{};
    HttpRequest request = request_of(channel, "POST", "me/messenger_profile");
    request.headers.set("Content-Type", "application/json");
    request.body = R"({"get_started":{"payload":"GET_STARTED"}})";
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<json::value> done = read_reply(reply);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

}  // namespace

// The callback address itself is a matter of the Meta app, where an admin enters it.
boost::asio::awaitable<Result<Account>> PageMessenger::check(Channel channel, std::string, HttpTransport& http) const {
    auto asking = whose(platform_, channel, http);
    const Result<std::string> handle = co_await std::move(asking);
    if (!handle) co_return std::unexpected(handle.error());
    auto subscribing = subscribe(channel, http);
    const Result<void> subscribed = co_await std::move(subscribing);
    if (!subscribed) co_return std::unexpected(subscribed.error());
    if (platform_.has_get_started) {
        auto setting = set_get_started(channel, http);
        const Result<void> set = co_await std::move(setting);
        if (!set) co_return std::unexpected(set.error());
    }
    co_return Account{.handle = *handle};
}

// A Page that an Instagram account is joined with may be Messenger's channel too: it stays subscribed.
boost::asio::awaitable<Result<void>> PageMessenger::disconnect(Channel channel, HttpTransport& http) const {
    const bool is_shared = platform_.setting != "page_id" && !channel.setting("page_id").empty();
    if (is_shared) co_return Result<void>{};
    auto asking = ask("DELETE", node_of(channel) + "/subscribed_apps", channel, http);
    const Result<json::value> done = co_await std::move(asking);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

}  // namespace okno::meta
