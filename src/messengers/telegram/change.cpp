#include "messengers/telegram/change.hpp"

namespace okno::telegram {

namespace json = boost::json;

namespace {

Call edit_call(const OutboundChange& change, std::int64_t number) {
    const bool is_text = change.type == "text";
    return {is_text ? "editMessageText" : "editMessageCaption",
            {{"message_id", number}, {is_text ? "text" : "caption", change.text}}};
}

// What was written for a business account has a method of its own.
Call removal_call(const Chat& chat, std::int64_t number) {
    if (chat.connection.empty()) return {"deleteMessage", {{"message_id", number}}};
    return {"deleteBusinessMessages", {{"message_ids", json::array{number}}}};
}

}  // namespace

Result<Call> call_for(const OutboundChange& change) {
    const auto name = name_of(change.target);
    const auto number = name ? name->number() : std::nullopt;
    if (!number) return fail(ErrorKind::invalid, "message_gone", "Telegram has no such message.");
    Call call = change.kind == ChangeKind::edit ? edit_call(change, *number) : removal_call(name->chat, *number);
    if (call.method != "deleteBusinessMessages") call.parameters["chat_id"] = name->chat.id;
    if (!name->chat.connection.empty()) call.parameters["business_connection_id"] = name->chat.connection;
    return call;
}

SendOutcome outcome_of(const Result<HttpReply>& reply, ChangeKind kind) {
    const auto refusal = refusal_of(reply);
    const bool is_gone = refusal && reason_in(refusal->words).starts_with("message to delete not found");
    if (kind == ChangeKind::remove && is_gone) return Accepted{};
    return outcome_of(reply, std::string());
}

}  // namespace okno::telegram
