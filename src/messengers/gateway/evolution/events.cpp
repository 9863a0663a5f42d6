// Webhooks of Evolution API (channels page of the gateway, sections 3, 4 and 5).
//
// Its `date_time` is the server's local time written as UTC, so that nothing is told by it.
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/evolution/evolution.hpp"

namespace okno::gateway::evolution {

namespace {

// Whose conversation it belongs to; empty for groups, channels and statuses.
std::optional<Person> person_of(const JsonView& key, const std::string& name) {
    const auto address = address_of_chat(key["remoteJid"].text_or(""));
    if (!address) return std::nullopt;
    Person out{{*address}, name};
    // Who hides their number is known by another name too.
    for (const JsonView& other : {key["remoteJidAlt"], key["senderPn"], key["senderLid"]}) {
        const auto more = address_of_chat(other.text_or(""));
        if (more && more->kind != address->kind) {
            out.addresses.push_back(*more);
            break;
        }
    }
    return out;
}

bool is_ours(const JsonView& key) { return key["fromMe"].boolean().value_or(false); }

Result<Events> reaction_of(const JsonView& data, const JsonView& reaction) {
    if (is_ours(data["key"])) return Events{};
    const auto target = required_id(reaction["key"]["id"]);
    if (!target) return std::unexpected(target.error());
    return change_event(MessageChange::Kind::reaction, *target, data["key"]["id"].text_or(""),
                        reaction["text"].text_or(""), time_of(data["messageTimestamp"]));
}

// Of a message in a message: an edit or a removal, where it comes so instead of as an event of its own.
Result<Events> protocol_of(const JsonView& data, const JsonView& protocol) {
    const auto target = required_id(protocol["key"]["id"]);
    if (!target) return std::unexpected(target.error());
    const auto time = time_of(data["messageTimestamp"]);
    const std::string type = protocol["type"].text_or("");
    if (type == "REVOKE" || type == "0")
        return change_event(MessageChange::Kind::remove, *target, data["key"]["id"].text_or(""), "", time);
    return Events{};
}

Result<Events> message_of(const JsonView& data) {
    const JsonView key = data["key"];
    const auto id = required_id(key["id"]);
    if (!id) return std::unexpected(id.error());
    const auto person = person_of(key, is_ours(key) ? std::string() : data["pushName"].text_or(""));
    if (!person) return Events{};
    const JsonView message = unwrapped(data["message"]);
    if (message["reactionMessage"].is_there()) return reaction_of(data, message["reactionMessage"]);
    if (message["protocolMessage"].is_there()) return protocol_of(data, message["protocolMessage"]);
    const JsonView context = context_of(data);
    return message_event(
        {*person, *id, is_ours(key), time_of(data["messageTimestamp"]), context["stanzaId"].text_or("")},
        content_of(message, context, key["remoteJid"].text_or(""), *id));
}

std::optional<MessageStatus> status_of(std::string_view word) {
    if (word == "SERVER_ACK") return MessageStatus::sent;
    if (word == "DELIVERY_ACK") return MessageStatus::delivered;
    if (word == "READ" || word == "PLAYED") return MessageStatus::read;
    if (word == "ERROR") return MessageStatus::failed;
    return std::nullopt;  // PENDING: it waits; DELETED: an update without a status
}

Result<Events> report_of(const JsonView& data) {
    const JsonView named = data["keyId"].is_there() ? data["keyId"] : data["key"]["id"];
    const auto id = required_id(named.is_there() ? named : data["keyId"]);
    if (!id) return std::unexpected(id.error());
    const std::string word = data["status"].text_or("");
    const auto status = status_of(word);
    const bool of_ours = is_ours(data) || is_ours(data["key"]);
    if (!status || !of_ours) return Events{};
    if (*status == MessageStatus::failed) return failed_event(*id, {}, word, std::nullopt);
    return status_event(*id, {}, *status, std::nullopt);
}

// What went by the API comes back as an event of its own.
Result<Events> echo_of(const JsonView& data) {
    const auto id = required_id(data["key"]["id"]);
    if (!id) return std::unexpected(id.error());
    if (!address_of_chat(data["key"]["remoteJid"].text_or(""))) return Events{};
    if (data["message"]["reactionMessage"].is_there()) return Events{};
    return status_event(*id, {}, MessageStatus::sent, time_of(data["messageTimestamp"]));
}

std::string words_of(const JsonView& message) {
    for (const JsonView& place :
         {message["conversation"], message["extendedTextMessage"]["text"], message["imageMessage"]["caption"],
          message["videoMessage"]["caption"], message["documentMessage"]["caption"]})
        if (std::string text = place.text_or(""); !text.empty()) return text;
    return {};
}

// `fromMe` of its key is as its writer sees it, and tells nothing here.
Result<Events> edit_of(const JsonView& data) {
    const auto target = required_id(data["key"]["id"]);
    if (!target) return std::unexpected(target.error());
    const auto time = time_of(data["timestampMs"]);
    const std::string words = words_of(unwrapped(data["editedMessage"]));
    // Nothing else tells one edit of a message from the next.
    const std::string key = "edit:" + *target + ":" + data["timestampMs"].text_or(words);
    return change_event(MessageChange::Kind::edit, *target, key, words, time);
}

Result<Events> removal_of(const JsonView& data) {
    const JsonView key = data["key"].is_there() ? data["key"] : data;
    const auto target = required_id(key["id"]);
    if (!target) return std::unexpected(target.error());
    return change_event(MessageChange::Kind::remove, *target, "delete:" + *target, "", std::nullopt);
}

Result<Events> missed_call_of(const JsonView& data) {
    const JsonView call = data.size() > 0 ? data.at(0) : data;
    const auto id = required_id(call["id"]);
    if (!id) return std::unexpected(id.error());
    auto address = address_of_chat(call["from"].text_or(""));
    if (const auto shown = address_of_chat(call["callerPn"].text_or(""))) address = shown;
    if (!address || call["isGroup"].boolean().value_or(false)) return Events{};
    const auto rung = parse_rfc3339(call["date"].text_or(""));
    return call_event({{*address}, {}}, *id, call["isVideo"].boolean().value_or(false), rung);
}

// It joins a connection that broke by itself, within seconds: only an end for good is told, the rest is seen by
// watching.
Result<Events> changed_state_of(const JsonView& data) {
    const auto state = data["state"].required_text();
    if (!state) return std::unexpected(state.error());
    const Session session = session_of_state(*state, data["statusReason"].integer().value_or(0));
    return session.state == SessionState::failed ? Events{} : state_event(session, 0);
}

Result<Events> end_of(const JsonView& data) {
    if (data["status"].text_or("") != "closed") return Events{};
    const Session session = session_of_state("close", data["disconnectionReasonCode"].integer().value_or(0));
    return session.state == SessionState::failed ? Events{} : state_event(session, 0);
}

}  // namespace

Result<Events> Evolution::events_of(const JsonView& body) const {
    const std::string event = body["event"].text_or("");
    const JsonView data = body["data"];
    if (event == "messages.upsert") return message_of(data);
    if (event == "send.message") return echo_of(data);
    if (event == "messages.update") return report_of(data);
    if (event == "messages.edited") return edit_of(data);
    if (event == "messages.delete") return removal_of(data);
    if (event == "call") return missed_call_of(data);
    if (event == "connection.update") return changed_state_of(data);
    if (event == "status.instance") return end_of(data);
    if (event == "qrcode.updated") return state_event(Session{SessionState::unlinked, event, {}}, 0);
    return Events{};  // kinds that we did not ask for
}

Result<Events> Evolution::events_of_history(const JsonView& element) const { return message_of(element); }

}  // namespace okno::gateway::evolution
