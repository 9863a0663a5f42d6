// Who the bot is and whom Viber calls (channels page of Viber, sections 2 and 10).
#pragma once

#include "app/ports/messenger.hpp"

namespace okno::viber {

// The token is of this bot, and Viber calls `url` with our events; it calls while it is told so. Errors: those of the
// transport; `other_account`, `no_public_address`, `webhook_refused` and the words of the table.
boost::asio::awaitable<Result<Account>> check_account(Channel channel, std::string url, HttpTransport& http);

// With the address that the last check told. `conflict`: there was none, or Viber refuses it.
boost::asio::awaitable<Result<void>> set_webhook_again(Channel channel, HttpTransport& http);

// Viber calls nobody any more, if it called us. The same errors.
boost::asio::awaitable<Result<void>> remove_webhook(Channel channel, HttpTransport& http);

}  // namespace okno::viber
