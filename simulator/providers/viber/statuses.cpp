#include "providers/viber/statuses.hpp"

#include <algorithm>
#include <iterator>

namespace okno::sim::viber {

namespace {

struct Word {
    int code;
    std::string_view text;
};

constexpr Word kWords[] = {
    {0, "ok"},
    {1, "invalidUrl"},
    {2, "invalidAuthToken"},
    {3, "badData"},
    {4, "missingData"},
    {5, "receiverNotRegistered"},
    {6, "notSubscribed"},
    {7, "publicAccountBlocked"},
    {8, "publicAccountNotFound"},
    {9, "publicAccountSuspended"},
    {10, "webhookNotSet"},
    {11, "receiverNoSuitableDevice"},
    {12, "tooManyRequests"},
    {13, "apiVersionNotSupported"},
    {14, "incompatibleWithVersion"},
    {15, "publicAccountNotAuthorized"},
    {16, "inchatReplyMessageNotAllowed"},
    {17, "publicAccountIsNotInline"},
    {18, "noPublicChat"},
    {19, "cannotSendBroadcast"},
    {20, "broadcastNotAllowed"},
    {21, "unsupportedCountry"},
    {22, "paymentUnsupported"},
    {23, "freeMessagesExceeded"},
    {24, "noBalance"},
};

}  // namespace

std::string_view word_of(Status status) {
    const auto* found = std::ranges::find(kWords, static_cast<int>(status), &Word::code);
    return found == std::end(kWords) ? std::string_view("generalError") : found->text;
}

boost::json::object answer_with(Status status) {
    return {
        {"status", static_cast<int>(status)}, {"status_message", word_of(status)}, {"chat_hostname", "SN-CHAT-05_"}};
}

}  // namespace okno::sim::viber
