// Webhooks of Green-API (channels page of the gateway, sections 3, 4 and 5).
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/green_api/green_api.hpp"

#include <algorithm>
#include <array>

namespace okno::gateway::green_api {

namespace json = boost::json;

namespace {

// Whose conversation it belongs to; empty for groups, channels and statuses.
std::optional<Person> person_of(const JsonView& sender, bool is_ours) {
    const auto address = address_of_chat(sender["chatId"].text_or(""));
    if (!address) return std::nullopt;
    Person out{{*address}, {}};
    if (is_ours) return out;
    // A chat may be named by a hidden id while its writer shows the number.
    const auto writer = address_of_chat(sender["sender"].text_or(""));
    if (writer && writer->kind != address->kind) out.addresses.push_back(*writer);
    for (const JsonView& name : {sender["senderName"], sender["senderContactName"], sender["chatName"]})
        if (out.name.empty()) out.name = name.text_or("");
    return out;
}

// An edit, a removal or a reaction: a message about a message.
Result<Events> change_of(const JsonView& body, MessageChange::Kind kind, const JsonView& target, std::string text) {
    const auto id = required_id(target["stanzaId"]);
    if (!id) return std::unexpected(id.error());
    return change_event(kind, *id, body["idMessage"].text_or(""), std::move(text), time_of(body["timestamp"]));
}

Result<Events> message_of(const JsonView& body, bool is_ours) {
    const auto id = required_id(body["idMessage"]);
    if (!id) return std::unexpected(id.error());
    const auto person = person_of(body["senderData"], is_ours);
    if (!person) return Events{};
    const JsonView data = body["messageData"];
    const std::string type = data["typeMessage"].text_or("");
    if (type == "reactionMessage") {
        if (is_ours) return Events{};
        return change_of(body, MessageChange::Kind::reaction, data["quotedMessage"],
                         data["extendedTextMessageData"]["text"].text_or(""));
    }
    if (type == "editedMessage") {
        const JsonView edited = data["editedMessageData"];
        return change_of(body, MessageChange::Kind::edit, edited,
                         edited[edited["textMessage"].is_there() ? "textMessage" : "caption"].text_or(""));
    }
    if (type == "deletedMessage") return change_of(body, MessageChange::Kind::remove, data["deletedMessageData"], "");
    std::string quoted;
    for (const JsonView& place :
         {data["quotedMessage"], data["extendedTextMessageData"], data["templateButtonReplyMessage"],
          data["listResponseMessage"], data["buttonsResponseMessage"], data["interactiveButtonsResponse"]})
        if (quoted.empty()) quoted = place["stanzaId"].text_or("");
    return message_event({*person, *id, is_ours, time_of(body["timestamp"]), quoted},
                         content_of(data, body["senderData"]["chatId"].text_or(""), *id));
}

// What went by the API is told too: that it left.
Result<Events> echo_of(const JsonView& body) {
    const auto id = required_id(body["idMessage"]);
    if (!id) return std::unexpected(id.error());
    const std::string type = body["messageData"]["typeMessage"].text_or("");
    if (type == "editedMessage" || type == "deletedMessage" || type == "reactionMessage") return Events{};
    if (!address_of_chat(body["senderData"]["chatId"].text_or(""))) return Events{};
    return status_event(*id, {}, MessageStatus::sent, time_of(body["timestamp"]));
}

std::optional<MessageStatus> status_of(std::string_view word) {
    if (word == "sent") return MessageStatus::sent;
    if (word == "delivered") return MessageStatus::delivered;
    if (word == "read") return MessageStatus::read;
    constexpr std::array<std::string_view, 5> failures{"failed", "fail", "noAccount", "notInGroup", "yellowCard"};
    const bool is_failure = std::ranges::find(failures, word) != failures.end();
    return is_failure ? std::optional(MessageStatus::failed) : std::nullopt;
}

// A number without WhatsApp is reached by nothing; a yellow card concerns the whole account.
Result<Events> report_of(const JsonView& body) {
    const auto id = required_id(body["idMessage"]);
    if (!id) return std::unexpected(id.error());
    const std::string word = body["status"].text_or("");
    const auto status = status_of(word);
    if (!status) return Events{};
    const auto time = time_of(body["timestamp"]);
    if (*status != MessageStatus::failed) return status_event(*id, {}, *status, time);
    const std::string said = body["description"].text_or("");
    Events out = failed_event(*id, {}, said.empty() ? word : word + ": " + said, time);
    const auto person = address_of_chat(body["chatId"].text_or(""));
    if (word == "noAccount" && person) out.push_back({{}, PersonNotice{{{*person}, {}}, true, time}});
    if (word == "yellowCard")
        out.push_back({{},
                       ChannelNotice{ChannelNotice::Kind::warning,
                                     "WhatsApp limits this number (yellowCard): write to fewer people, and more "
                                     "slowly."}});
    return out;
}

// Each step of a call is told under its one id.
Result<Events> missed_call_of(const JsonView& body) {
    const auto id = required_id(body["idMessage"]);
    if (!id) return std::unexpected(id.error());
    const auto address = address_of_chat(body["from"].text_or(""));
    if (!address) return Events{};
    return call_event({{*address}, {}}, *id, false, time_of(body["timestamp"]));
}

Result<Events> changed_state_of(const JsonView& body) {
    const auto word = body["stateInstance"].required_text();
    if (!word) return std::unexpected(word.error());
    return state_event(Session{state_of(*word), *word, {}}, 0);
}

Events spent_quota_of(const JsonView& quota) {
    const std::string said = quota["description"].text_or("");
    return {{{},
             ChannelNotice{ChannelNotice::Kind::warning,
                           said.empty() ? "The tariff of this instance is used up for the month." : said}}};
}

// An element of the journals, which are flat, as the webhook would have told it.
json::object as_webhook(const JsonView& element) {
    const auto copied = [&](std::initializer_list<std::string_view> names) {
        json::object out;
        for (const std::string_view name : names)
            if (const json::value* found = element[name].raw()) out[name] = *found;
        return out;
    };
    json::object data = copied(
        {"typeMessage", "quotedMessage", "editedMessageData", "deletedMessageData", "pollMessageData", "contacts"});
    data["textMessageData"] = copied({"textMessage"});
    data["fileMessageData"] = copied({"downloadUrl", "caption", "fileName", "mimeType"});
    for (const auto& [flat, nested] : {std::pair{"extendedTextMessage", "extendedTextMessageData"},
                                       {"location", "locationMessageData"},
                                       {"contact", "contactMessageData"}})
        if (const json::value* found = element[flat].raw()) data[nested] = *found;
    json::object sender = copied({"chatId", "senderName", "senderContactName"});
    if (const json::value* writer = element["senderId"].raw()) sender["sender"] = *writer;
    json::object out = copied({"idMessage", "timestamp"});
    out["senderData"] = std::move(sender);
    out["messageData"] = std::move(data);
    return out;
}

}  // namespace

std::string GreenApi::number_in(const JsonView& body) const {
    return number_of_chat(body["instanceData"]["wid"].text_or(""));
}

Result<Events> GreenApi::events_of(const JsonView& body) const {
    const std::string type = body["typeWebhook"].text_or("");
    if (type == "incomingMessageReceived") return message_of(body, false);
    if (type == "outgoingMessageReceived") return message_of(body, true);
    if (type == "outgoingAPIMessageReceived") return echo_of(body);
    if (type == "outgoingMessageStatus") return report_of(body);
    if (type == "stateInstanceChanged") return changed_state_of(body);
    if (type == "incomingCall") return missed_call_of(body);
    if (type == "quotaExceeded") return spent_quota_of(body["quotaData"]);
    return Events{};  // kinds that we did not ask for
}

Result<Events> GreenApi::events_of_history(const JsonView& element) const {
    const bool is_ours = element["type"].text_or("") == "outgoing";
    if (is_ours && element["sendByApi"].boolean().value_or(false)) {
        const auto id = required_id(element["idMessage"]);
        if (!id) return std::unexpected(id.error());
        const auto status = status_of(element["statusMessage"].text_or(""));
        if (!status || *status == MessageStatus::failed) return Events{};
        return status_event(*id, {}, *status, std::nullopt);
    }
    const json::value webhook = as_webhook(element);
    return message_of(JsonView(webhook), is_ours);
}

}  // namespace okno::gateway::green_api
