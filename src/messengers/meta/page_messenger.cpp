#include "messengers/meta/page_messenger.hpp"

#include "messengers/meta/errors.hpp"
#include "messengers/meta/files.hpp"
#include "messengers/meta/parse.hpp"
#include "messengers/meta/send.hpp"
#include "messengers/meta/signature.hpp"

namespace okno::meta {

namespace json = boost::json;

// Of the 300 messages a second that an account may send, files are slower. One conversation takes one a second, a few
// at once do no harm (section 7).
static MessengerTraits traits_of(const Platform& platform, std::vector<MediaLimit> media) {
    return {.reply_window = 24h,
            .has_templates = false,
            .max_text = platform.max_text,
            .messages_per_second = 100,
            .person_interval = 1s,
            .person_burst = 5,
            .media = std::move(media),
            .person_window = 7 * 24h,
            .most_choices = 13,
            .tells_delivered = platform.tells_delivered};
}

constexpr std::int64_t most_file = 25 << 20;
constexpr std::int64_t most_picture_of_instagram = 8 << 20;

// The callback address is entered in the Meta app. `account`: the fields that name the account.
static ConnectForm form_of(const Platform& platform, std::vector<ConnectField> account, std::string_view base) {
    ConnectForm form{.title = platform.shown,
                     .webhook = WebhookSetup::by_admin,
                     .shows_verify_token = true,
                     .fields = std::move(account)};
    for (const std::string_view key : {"access_token", "app_secret"})
        form.fields.push_back({.key = key, .kind = ConnectField::Kind::secret, .is_required = true});
    form.fields.push_back({.key = "base_url", .is_rare = true, .fallback = base});
    form.fields.push_back({.key = "api_version", .is_rare = true, .fallback = "v26.0"});
    return form;
}

FacebookMessenger::FacebookMessenger()
    : PageMessenger(
          messenger_platform,
          traits_of(messenger_platform, {{"image", "image/png image/jpeg image/gif", most_file},
                                         {"video", "", most_file},
                                         {"audio", "", most_file},
                                         {"document", "", most_file}}),
          form_of(messenger_platform, {{.key = "page_id", .is_required = true}}, "https://graph.facebook.com")) {}

Instagram::Instagram()
    : PageMessenger(
          instagram_platform,
          traits_of(instagram_platform, {{"image", "image/png image/jpeg image/gif", most_picture_of_instagram},
                                         {"video", "", most_file},
                                         {"audio", "", most_file},
                                         {"document", "", most_file}}),
          form_of(instagram_platform, {{.key = "instagram_id", .is_required = true}, {.key = "page_id"}},
                  "https://graph.facebook.com")) {}

static bool is_decimal(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

Result<std::string> PageMessenger::address_of(const std::map<std::string, std::string>& settings,
                                              const std::map<std::string, Secret>& credentials) const {
    const auto account = settings.find(std::string(platform_.setting));
    if (account == settings.end() || !is_decimal(account->second))
        return fail(ErrorKind::invalid, "missing_field",
                    "`" + std::string(platform_.setting) + "` is the number of the " +
                        (platform_.setting == "page_id" ? "Page" : "Instagram account") + ", as the Meta app shows it.",
                    "settings." + std::string(platform_.setting));
    const auto page = settings.find("page_id");
    if (page != settings.end() && !page->second.empty() && !is_decimal(page->second))
        return fail(ErrorKind::invalid, "bad_field",
                    "`page_id` is the number of the Page that the account is joined with.", "settings.page_id");
    for (const std::string field : {"access_token", "app_secret"}) {
        const auto found = credentials.find(field);
        if (found == credentials.end() || found->second.empty())
            return fail(ErrorKind::invalid, "missing_field", "`" + field + "` is missing: copy it from the Meta app.",
                        "credentials." + field);
    }
    return account->second;
}

Receipt PageMessenger::receive(const WebhookRequest& request, const Channel& channel) const {
    return meta::receive(request, channel);
}

bool PageMessenger::verifies(const std::string& body, const std::string& proof, const Channel& channel) const {
    return is_signed(body, proof, channel);
}

ParsedWebhook PageMessenger::parse(const std::string& body) const { return meta::parse(platform_, body); }

Result<void> PageMessenger::check_limits(const std::string& type, const std::string&,
                                         const std::string& content) const {
    const auto document = parse_json(content);
    if (!document) return std::unexpected(document.error());
    return meta::check_limits(platform_, type, JsonView(*document));
}

std::vector<std::string> PageMessenger::parts_of(const std::string& type, const std::string& text) const {
    return meta::parts_of(platform_, type, text);
}

static boost::asio::awaitable<Result<HttpReply>> post(std::string path, std::string body, Channel channel,
                                                      HttpTransport& http) {
    HttpRequest request = request_of(channel, "POST", path);
    request.headers.set("Content-Type", "application/json");
    request.body = std::move(body);
    Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return reply;
}

// Another app leads the conversation. The main app of the account may take it over, any other can only ask for it.
static boost::asio::awaitable<bool> take_control(std::string person, Channel channel, HttpTransport& http) {
    const std::string whose = json::serialize(json::object{{"recipient", json::object{{"id", person}}}});
    auto taking = post(node_of(channel) + "/take_thread_control", whose, channel, http);
    const Result<HttpReply> taken = co_await std::move(taking);
    if (taken && taken->status == 200) co_return true;
    auto wishing = post(node_of(channel) + "/request_thread_control", whose, channel, http);
    const Result<HttpReply> wished = co_await std::move(wishing);
    static_cast<void>(wished);  // whoever leads it may hand it over; the message waits for a person to try again
    co_return false;
}

boost::asio::awaitable<SendOutcome> PageMessenger::send(OutboundMessage message, Channel channel,
                                                        HttpTransport& http) const {
    std::string attachment;
    if (message.file && message.text.empty()) {
        auto uploading = upload_file(*message.file, message.type, channel, http);
        const Uploaded uploaded = co_await std::move(uploading);
        if (!uploaded) co_return uploaded.error();
        attachment = *uploaded;
    }
    const Result<std::string> body = body_of(platform_, message, attachment);
    if (!body) co_return Rejected{body.error().code, body.error().detail};
    const std::string person = *id_of(platform_, message.to);
    const std::string path = node_of(channel) + "/messages";
    auto posting = post(path, *body, channel, http);
    Result<HttpReply> reply = co_await std::move(posting);
    if (reaction_to(reply) == Reaction::control) {
        auto taking = take_control(person, channel, http);
        const bool is_taken = co_await std::move(taking);
        if (is_taken) {
            auto again = post(path, *body, channel, http);
            reply = co_await std::move(again);
        }
    }
    SendOutcome outcome = outcome_of(reply, person);
    if (message.is_late) co_return outcome_of_late(std::move(outcome));
    co_return outcome;
}

boost::asio::awaitable<Result<void>> PageMessenger::fetch_media(Media media, Channel channel, std::string save_to,
                                                                HttpTransport& http) const {
    return fetch_file(std::move(media), std::move(channel), std::move(save_to), http);
}

static boost::asio::awaitable<Result<void>> act(ProviderMessageId message, std::string action, Channel channel,
                                                HttpTransport& http) {
    const auto name = name_of(message);
    if (!name) co_return Result<void>{};
    auto posting = post(node_of(channel) + "/messages", action_body(name->person, action), channel, http);
    const Result<HttpReply> reply = co_await std::move(posting);
    const Result<json::value> done = read_reply(reply);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

boost::asio::awaitable<Result<void>> PageMessenger::mark_read(ProviderMessageId message, Channel channel,
                                                              HttpTransport& http) const {
    return act(std::move(message), "mark_seen", std::move(channel), http);
}

boost::asio::awaitable<Result<void>> PageMessenger::show_typing(ProviderMessageId message, Channel channel,
                                                                HttpTransport& http) const {
    return act(std::move(message), "typing_on", std::move(channel), http);
}

boost::asio::awaitable<Result<std::vector<Template>>> PageMessenger::read_templates(Channel, HttpTransport&) const {
    co_return std::vector<Template>{};
}

Result<Address> PageMessenger::address_of_phone(std::string_view) const {
    return fail(ErrorKind::conflict, "not_allowed",
                "In " + std::string(platform_.shown) + " the person writes first: send them the link to the " +
                    "account, by phone nobody is found.");
}

}  // namespace okno::meta
