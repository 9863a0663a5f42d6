// Connecting an account, and the code that links its phone (channels page of the gateway, sections 1 and 8).
#include "messengers/gateway/gateway_messenger.hpp"
#include "messengers/gateway/shape.hpp"

namespace okno::gateway {

namespace {

// What the session's state means for connecting: the account, or the reason why it does not work yet.
Result<Account> account_of_session(const Session& session, const Channel& channel) {
    Account account{.handle = "+" + channel.address, .is_polled = true};
    const bool is_other = !session.number.empty() && session.number != channel.address;
    if (session.state == SessionState::working && is_other)
        return fail(ErrorKind::conflict, "other_account",
                    "The session is linked to +" + session.number + ", not to +" + channel.address +
                        ": link the right phone or give its number.");
    const auto notice = notice_of(session, 0);
    if (!notice || notice->kind == ChannelNotice::Kind::working) return account;
    // Kept first, so that the session is watched and the channel works as soon as it does.
    if (channel.setting("is_polled") != "1") {
        account.is_unfinished = true;
        return account;
    }
    return fail(ErrorKind::conflict, "session_not_ready", notice->reason);
}

}  // namespace

boost::asio::awaitable<Result<Account>> GatewayMessenger::check(Channel channel, std::string webhook_url,
                                                                HttpTransport& http) const {
    if (webhook_url.empty())
        co_return fail(ErrorKind::conflict, "no_public_address",
                       "A gateway tells what comes by calling this server, which has no address that it could call: "
                       "set `public_url`.");
    auto setting = shape_of(channel).set_up(channel, std::move(webhook_url), http);
    const Result<Session> session = co_await std::move(setting);
    if (!session) co_return std::unexpected(session.error());
    co_return account_of_session(*session, channel);
}

boost::asio::awaitable<Result<void>> GatewayMessenger::disconnect(Channel channel, HttpTransport& http) const {
    return shape_of(channel).take_down(channel, http);
}

boost::asio::awaitable<Result<Pairing>> GatewayMessenger::pairing(Channel channel, HttpTransport& http) const {
    return shape_of(channel).pairing(channel, http);
}

boost::asio::awaitable<Result<void>> GatewayMessenger::fetch_media(Media media, Channel channel, std::string save_to,
                                                                   HttpTransport& http) const {
    return shape_of(channel).fetch(std::move(media), channel, std::move(save_to), http);
}

}  // namespace okno::gateway
