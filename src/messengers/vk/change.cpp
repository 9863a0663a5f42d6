#include "messengers/vk/change.hpp"

#include "messengers/vk/address.hpp"

namespace okno::vk {

namespace json = boost::json;

namespace {

boost::asio::awaitable<Result<HttpReply>> ask(std::string method, Parameters parameters, Channel channel,
                                              HttpTransport& http) {
    HttpRequest request = api_request(channel, method, parameters);
    Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return reply;
}

SendOutcome outcome_of_change(const Result<HttpReply>& reply) {
    const Result<json::value> response = response_of(reply);
    // VK tells of each deleted message by itself.
    const bool is_refused_inside = response && JsonView(*response).at(0)["error"].is_there();
    if (response && !is_refused_inside) return Accepted{};
    if (!reply && reply.error().kind != ErrorKind::never_left) return Unanswered{reply.error().detail};
    return failure_of(reply);
}

// "photo100200_57_ab12,doc100200_58": an edit leaves out of the message what it does not name.
std::string attachments_in(const JsonView& message) {
    std::string out;
    const JsonView list = message["attachments"];
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string type = list.at(i)["type"].text_or("");
        const JsonView file = list.at(i)[type];
        if (!file["id"].is_there() || !file["owner_id"].is_there()) continue;
        const std::string key = file["access_key"].text_or("");
        out += (out.empty() ? "" : ",") + (type == "audio_message" ? "doc" : type) + file["owner_id"].text_or("") +
               "_" + file["id"].text_or("") + (key.empty() ? "" : "_" + key);
    }
    return out;
}

boost::asio::awaitable<SendOutcome> edit(OutboundChange change, MessageName name, Channel channel,
                                         HttpTransport& http) {
    Parameters parameters{
        {"peer_id", name.peer}, {"cmid", name.number}, {"message", change.text}, {"keep_forward_messages", "1"}};
    if (change.type != "text") {
        Parameters which{{"peer_id", name.peer}, {"conversation_message_ids", name.number}};
        auto reading = ask("messages.getByConversationMessageId", std::move(which), channel, http);
        const Result<HttpReply> told = co_await std::move(reading);
        const Result<json::value> found = response_of(told);
        if (!found) co_return outcome_of_change(told);
        const std::string attachment = attachments_in(JsonView(*found)["items"].at(0));
        if (attachment.empty()) co_return Rejected{"message_gone", "VK has no such message with a file any more."};
        parameters.emplace_back("attachment", attachment);
    }
    auto editing = ask("messages.edit", std::move(parameters), channel, http);
    const Result<HttpReply> reply = co_await std::move(editing);
    co_return outcome_of_change(reply);
}

boost::asio::awaitable<SendOutcome> remove(MessageName name, Channel channel, HttpTransport& http) {
    Parameters parameters{{"peer_id", name.peer}, {"cmids", name.number}, {"delete_for_all", "1"}};
    auto removing = ask("messages.delete", std::move(parameters), channel, http);
    const Result<HttpReply> reply = co_await std::move(removing);
    co_return outcome_of_change(reply);
}

}  // namespace

boost::asio::awaitable<SendOutcome> make_change(OutboundChange change, Channel channel, HttpTransport& http) {
    const auto name = name_of(change.target);
    if (!name) co_return Rejected{"message_gone", "VK has no such message."};
    auto making = change.kind == ChangeKind::edit ? edit(change, *name, channel, http) : remove(*name, channel, http);
    SendOutcome outcome = co_await std::move(making);
    co_return outcome;
}

}  // namespace okno::vk
