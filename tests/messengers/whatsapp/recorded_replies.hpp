// Replies in the order in which they are asked for.
#pragma once

#include "app/ports/http_transport.hpp"
#include "domain/channel.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <deque>
#include <vector>

namespace okno::tests {

// Answers in order and keeps what was asked.
class RecordedReplies final : public HttpTransport {
public:
    std::deque<Result<HttpReply>> replies;
    std::vector<HttpRequest> asked;

    boost::asio::awaitable<Result<HttpReply>> perform(HttpRequest request) override {
        asked.push_back(std::move(request));
        Result<HttpReply> reply = std::move(replies.front());
        replies.pop_front();
        co_return reply;
    }
    void answer(int status, std::string body) { replies.emplace_back(HttpReply{status, {}, std::move(body)}); }
    void redirect(const std::string& to) {
        HttpReply reply{302, {}, {}};
        reply.headers.set("Location", to);
        replies.emplace_back(std::move(reply));
    }
};

template <typename Value>
Value wait_for(boost::asio::awaitable<Value> work) {
    boost::asio::io_context context;
    auto value = boost::asio::co_spawn(context, std::move(work), boost::asio::use_future);
    context.run();
    return value.get();
}

// A connected number of the account 99.
inline Channel a_number() {
    Channel channel;
    channel.address = "1234567890";
    channel.settings["waba_id"] = "99";
    channel.credentials["access_token"] = Secret("EAAG");
    return channel;
}

}  // namespace okno::tests
