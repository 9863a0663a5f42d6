#include "app/courtesies.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace okno {

static boost::asio::awaitable<void> say(HttpRequest request, HttpTransport& http) {
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    if (!reply) log(LogLevel::debug, "a provider was not told at once", {{"code", reply.error().code}});
}

void say_courtesies(boost::asio::any_io_executor executor, const Messenger& messenger, const std::string& body,
                    const Channel& channel, HttpTransport& http) {
    for (HttpRequest& request : messenger.courtesies(body, channel))
        boost::asio::co_spawn(executor, say(std::move(request), http), boost::asio::detached);
}

}  // namespace okno
