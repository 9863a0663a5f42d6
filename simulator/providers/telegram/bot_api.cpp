#include "providers/telegram/bot_api.hpp"

#include "providers/telegram/account.hpp"
#include "providers/telegram/editing.hpp"
#include "providers/telegram/files.hpp"
#include "providers/telegram/polling.hpp"
#include "providers/telegram/sending.hpp"
#include "providers/telegram/webhook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace okno::sim::telegram {

namespace {

constexpr std::string_view kFileDoor = "/file/bot";

struct Method {
    std::string_view name;
    Answer (*answer)(Site&, Call&);  // null: getUpdates, which may wait
    bool is_sending = false;         // faults know it as the edge "messages"
};

template <const char* const& Kind>
Answer send_kind(Site& site, Call& call) {
    return send_file(site, call, Kind);
}
constexpr const char* kPhoto = "photo";
constexpr const char* kDocument = "document";
constexpr const char* kVideo = "video";
constexpr const char* kAudio = "audio";
constexpr const char* kVoice = "voice";
constexpr const char* kAnimation = "animation";
constexpr const char* kVideoNote = "video_note";
constexpr const char* kSticker = "sticker";

constexpr Method kMethods[] = {
    {"getMe", get_me},
    {"setWebhook", set_webhook},
    {"deleteWebhook", delete_webhook},
    {"getWebhookInfo", webhook_info},
    {"getUpdates", nullptr},
    {"sendMessage", send_text, true},
    {"sendPhoto", send_kind<kPhoto>, true},
    {"sendDocument", send_kind<kDocument>, true},
    {"sendVideo", send_kind<kVideo>, true},
    {"sendAudio", send_kind<kAudio>, true},
    {"sendVoice", send_kind<kVoice>, true},
    {"sendAnimation", send_kind<kAnimation>, true},
    {"sendVideoNote", send_kind<kVideoNote>, true},
    {"sendSticker", send_kind<kSticker>, true},
    {"sendLocation", send_place, true},
    {"sendVenue", send_venue, true},
    {"sendContact", send_contact, true},
    {"sendMediaGroup", send_album, true},
    {"editMessageText", edit_text},
    {"editMessageCaption", edit_caption},
    {"editMessageReplyMarkup", edit_markup},
    {"deleteMessage", delete_message},
    {"deleteBusinessMessages", delete_business_messages},
    {"setMessageReaction", set_reaction},
    {"sendChatAction", send_action},
    {"answerCallbackQuery", answer_callback},
    {"getFile", get_file},
    {"readBusinessMessage", read_business_message},
    {"setMyCommands", set_commands},
    {"getUserProfilePhotos", profile_photos},
    {"logOut", [](Site&, Call&) { return Answer(true); }},
};

const Method* method_named(std::string_view name) {
    const auto* found = std::ranges::find_if(kMethods, [&](const Method& one) {
        return std::ranges::equal(one.name, name,
                                  [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
    });
    return found == std::end(kMethods) ? nullptr : found;
}

json::object at_hand(const Call& call, const Method* method) {
    json::object out{{"provider", "telegram"}, {"method", method == nullptr ? call.method : std::string(method->name)}};
    out["edge"] = method != nullptr && method->is_sending ? json::value("messages") : out["method"];
    if (const std::size_t colon = call.token.find(':'); colon != std::string::npos)
        out["bot"] = call.token.substr(0, colon);
    out["chat"] = call.text("chat_id");
    return out;
}

// Faults that refuse before anything happens.
std::optional<net::ServerReply> play_refusing_fault(Site& site, Call& call, const json::object& subject) {
    static constexpr std::pair<std::string_view, int> kinds[] = {{"429", 429}, {"500", 500}, {"expired_token", 401}};
    for (const auto& [kind, status] : kinds) {
        const auto fault = site.core.faults.take(kind, subject);
        if (!fault) continue;
        call.entry["fault"] = kind;
        if (flag_at(*fault, "plain")) {
            net::ServerReply reply = file_reply("text/html", "<html><body>Service unavailable</body></html>");
            reply.status = status;
            return reply;
        }
        Refusal refusal{status, status == 401 ? "Unauthorized" : "Internal Server Error"};
        if (status == 429)
            refusal = too_many_requests(std::max<std::int64_t>(1, fault_number(*fault, "retry_after", 1)));
        call.entry["description"] = refusal.description;
        return reply_of(refusal);
    }
    return std::nullopt;
}

void start_entry(Site& site, Call& call) {
    const bool is_upload = call.request.headers.get("Content-Type").starts_with("multipart/");
    call.entry = {
        {"provider", "telegram"},
        {"at_ms", site.core.journal.elapsed()},
        {"time", to_rfc3339(site.now())},
        {"method", call.request.method},
        {"path", masked_path(call.request.path)},
        {"body", is_upload ? json::string("(multipart, " + std::to_string(call.request.body.size()) + " bytes)")
                           : journal_body(call.request.body)}};
}

// Who calls; a token of wrong form is not even an address.
std::optional<Refusal> identify(Site& site, Call& call) {
    if (!has_token_form(call.token)) return Refusal{404, "Not Found"};
    call.bot = site.world.bot_by_token(call.token);
    if (call.bot == nullptr) return Refusal{401, "Unauthorized"};
    call.entry["bot"] = call.bot->id;
    return std::nullopt;
}

net::ServerReply refuse(Call& call, const Refusal& refusal) {
    call.entry["code"] = refusal.code;
    call.entry["description"] = refusal.description;
    return reply_of(refusal);
}

// The answer of one call. A silent one is never given; getUpdates takes the call over.
struct Outcome {
    net::ServerReply reply;
    std::chrono::milliseconds pause{0};
    bool is_silent = false;
    bool is_poll = false;
};

Outcome handle(Site& site, Call& call) {
    Outcome outcome;
    const Method* method = method_named(call.method);
    if (method != nullptr) call.entry["api_method"] = method->name;
    const Problem unreadable = read_args(call);
    const json::object subject = at_hand(call, method);
    if (site.core.faults.take("timeout_before_accept", subject)) {
        call.entry["fault"] = "timeout_before_accept";
        outcome.is_silent = true;
        return outcome;
    }
    if (auto refused = play_refusing_fault(site, call, subject)) {
        outcome.reply = std::move(*refused);
        return outcome;
    }
    std::optional<Refusal> refusal = identify(site, call);
    if (!refusal && method == nullptr) refusal = Refusal{404, "Not Found: method not found"};
    if (!refusal) refusal = unreadable;
    if (refusal) {
        outcome.reply = refuse(call, *refusal);
        return outcome;
    }
    if (method->answer == nullptr) {
        outcome.is_poll = true;
        return outcome;
    }
    const Answer answer = method->answer(site, call);
    outcome.reply = answer ? reply_of(answer, call.remark) : refuse(call, answer.error());
    // Only what was really accepted may be followed by silence or a pause.
    if (answer && site.core.faults.take("timeout_after_accept", subject)) {
        call.entry["fault"] = "timeout_after_accept";
        outcome.is_silent = true;
    } else if (const auto slow = site.core.faults.take("slow", subject)) {
        call.entry["fault"] = "slow";
        outcome.pause = std::chrono::milliseconds(fault_number(*slow, "ms", 2'000));
    }
    return outcome;
}

void answer_method(Site& site, net::ServerRequest request, net::Respond respond) {
    Call call = open_call(std::move(request));
    Outcome outcome;
    {
        const std::scoped_lock lock(site.guard);
        start_entry(site, call);
        outcome = handle(site, call);
        if (outcome.is_poll) return poll_updates(site, std::move(call), std::move(respond));
        call.entry["status"] = outcome.is_silent ? json::value(nullptr) : json::value(outcome.reply.status);
        site.core.journal.write("api", std::move(call.entry));
    }
    if (outcome.is_silent) return site.core.silence.keep(std::move(respond));
    if (outcome.pause.count() == 0) return respond(std::move(outcome.reply));
    site.core.timers.after(outcome.pause, [respond = std::move(respond), reply = std::move(outcome.reply)]() mutable {
        respond(std::move(reply));
    });
}

void answer_file(Site& site, net::ServerRequest request, net::Respond respond) {
    request.path.erase(0, 5);  // "/file"
    Call call = open_call(std::move(request));
    Outcome outcome;
    {
        const std::scoped_lock lock(site.guard);
        start_entry(site, call);
        call.entry["path"] = "/file" + std::string(call.entry["path"].get_string());
        call.entry["api_method"] = "file";
        json::object subject{{"provider", "telegram"}, {"edge", "file"}, {"method", "file"}};
        auto refused = play_refusing_fault(site, call, subject);
        if (site.core.faults.take("timeout_before_accept", subject)) outcome.is_silent = true;
        if (refused)
            outcome.reply = std::move(*refused);
        else if (const auto refusal = identify(site, call))
            outcome.reply = refuse(call, *refusal);
        else
            outcome.reply = download_file(site, *call.bot, call.method);
        call.entry["status"] = outcome.is_silent ? json::value(nullptr) : json::value(outcome.reply.status);
        site.core.journal.write("api", std::move(call.entry));
    }
    if (outcome.is_silent) return site.core.silence.keep(std::move(respond));
    respond(std::move(outcome.reply));
}

}  // namespace

bool is_bot_api(std::string_view path) { return path.starts_with("/bot") || path.starts_with(kFileDoor); }

void answer_bot_api(Site& site, net::ServerRequest request, net::Respond respond) {
    if (request.path.starts_with(kFileDoor))
        answer_file(site, std::move(request), std::move(respond));
    else
        answer_method(site, std::move(request), std::move(respond));
}

}  // namespace okno::sim::telegram
