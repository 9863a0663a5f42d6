// Evolution API: its webhooks' proof, its calls, its refusals, its instance.
#include "messengers/gateway/a_session.hpp"
#include "messengers/gateway/parse.hpp"
#include "messengers/gateway/watch.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace okno;
using namespace okno::tests;
using namespace okno::gateway;

namespace {

const char* const hook = "https://okno.example/hooks/KEY";

Channel an_instance() {
    Channel channel = a_session();
    channel.settings["shape"] = "evolution";
    channel.settings["base_url"] = "http://evo.internal:8080/";
    return channel;
}

struct Sent {
    SendOutcome outcome;
    std::vector<HttpRequest> asked;

    const HttpRequest& request() const { return asked.at(0); }
    boost::json::value body() const { return body_of(asked.at(0)); }
};

Sent sent(OutboundMessage message,
          Result<HttpReply> reply = HttpReply{201, {}, R"({"key":{"id":"3EB0C1","fromMe":true},"status":"PENDING"})"}) {
    RecordedReplies http;
    http.replies.push_back(std::move(reply));
    SendOutcome outcome = wait_for(GatewayMessenger{}.send(std::move(message), an_instance(), http));
    return {std::move(outcome), std::move(http.asked)};
}

SendOutcome after(int status, const std::string& body) {
    return sent(to_maria("text", "x"), HttpReply{status, {}, body}).outcome;
}

int refusal(const std::string& token) {
    WebhookRequest request{"POST", {}, {}, "{}"};
    if (!token.empty()) request.headers.set("X-Okno-Token", token);
    const Receipt receipt = GatewayMessenger{}.receive(request, an_instance());
    const auto* refuse = std::get_if<Refuse>(&receipt);
    return refuse == nullptr ? 0 : refuse->status;
}

std::string webhook(const std::string& url, const std::string& token = "s3cret", const char* enabled = "true") {
    return R"({"enabled":)" + std::string(enabled) + R"(,"url":")" + url + R"(","headers":{"X-Okno-Token":")" + token +
           R"("},"events":["MESSAGES_UPSERT","MESSAGES_UPDATE","MESSAGES_EDITED","MESSAGES_DELETE","SEND_MESSAGE",
           "CALL","QRCODE_UPDATED","CONNECTION_UPDATE"]})";
}

// Answers to the two questions of a look.
void answer_state(RecordedReplies& http, const std::string& state, const std::string& owner = "79001112233",
                  const std::string& reason = "null") {
    http.answer(200, R"({"instance":{"instanceName":"sales","state":")" + state + R"("}})");
    const std::string jid = owner.empty() ? "null" : "\"" + owner + "@s.whatsapp.net\"";
    http.answer(200, R"([{"name":"other"},{"name":"sales","ownerJid":)" + jid + R"(,"disconnectionReasonCode":)" +
                         reason + "}]");
}

const char* const missing =
    R"({"status":404,"error":"Not Found","response":{"message":["The \"sales\" instance does not exist"]}})";

Result<Account> check(RecordedReplies& http, Channel channel = an_instance()) {
    return wait_for(GatewayMessenger{}.check(std::move(channel), hook, http));
}

struct TemporaryFile {
    std::string path = std::filesystem::temp_directory_path() / "okno-evolution-test.bin";
    TemporaryFile() { std::ofstream(path) << "hello"; }
    ~TemporaryFile() { std::filesystem::remove(path); }
    std::string content() const {
        std::ifstream in(path);
        return {std::istreambuf_iterator<char>(in), {}};
    }
};

}  // namespace

TEST_CASE("evolution: a webhook shows the header that it was given") {
    CHECK(refusal("s3cret") == 0);
    CHECK(refusal("other") == 401);
    CHECK(refusal("") == 401);
}

TEST_CASE("evolution: a name that cannot stand in an address is refused") {
    const auto address = [](const std::string& session) {
        return GatewayMessenger{}.address_of(
            {{"shape", "evolution"}, {"base_url", "http://evo"}, {"phone", "79001112233"}, {"session", session}},
            {{"api_key", Secret("k")}});
    };
    CHECK(address("sales.main"));
    CHECK(address("../x").error().where == "settings.session");
    CHECK(GatewayMessenger{}.address_of({{"shape", "pigeon"}}, {}).error().where == "settings.shape");
}

TEST_CASE("evolution: a text goes to the number, who hides it is named whole, and it gets its id") {
    OutboundMessage answer = to_maria("text", "Hello");
    answer.reply_to = ProviderMessageId{"3EB0A1"};
    const Sent text = sent(answer);
    CHECK(std::get<Accepted>(text.outcome).id.value() == "3EB0C1");
    CHECK(text.request().url == "http://evo.internal:8080/message/sendText/sales");
    CHECK(text.request().headers.get("apikey") == "k3y");
    const auto body = text.body();
    CHECK(JsonView(body)["number"].text() == "79004445566");
    CHECK(JsonView(body)["text"].text() == "Hello");
    CHECK(JsonView(body)["quoted"]["key"]["id"].text() == "3EB0A1");
    OutboundMessage hidden = to_maria("text", "Hello");
    hidden.to = {{"lid", "lid:4455", "lid:4455"}};
    const auto whole = sent(hidden).body();
    CHECK(JsonView(whole)["number"].text() == "4455@lid");
}

TEST_CASE("evolution: files go inside the call, sounds by a call of their own") {
    const TemporaryFile file;
    for (const auto& [type, mime] :
         {std::pair{"image", "image/png"}, {"video", "video/mp4"}, {"document", "text/plain"}}) {
        OutboundMessage message = to_maria(type, "see");
        message.file = OutboundFile{"ab", file.path, "a.bin", mime};
        const Sent out = sent(message);
        CHECK(out.request().url.ends_with("/message/sendMedia/sales"));
        const auto body = out.body();
        CHECK(JsonView(body)["mediatype"].text() == type);
        CHECK(JsonView(body)["mimetype"].text() == mime);
        CHECK(JsonView(body)["media"].text() == "aGVsbG8=");
        CHECK(JsonView(body)["caption"].text() == "see");
        CHECK(JsonView(body)["fileName"].text() == "a.bin");
    }
    OutboundMessage sound = to_maria("audio", "");
    sound.file = OutboundFile{"ab", file.path, "a.ogg", "audio/ogg"};
    const Sent voice = sent(sound);
    CHECK(voice.request().url.ends_with("/message/sendWhatsAppAudio/sales"));
    const auto body = voice.body();
    CHECK(JsonView(body)["audio"].text() == "aGVsbG8=");
}

TEST_CASE("evolution: places, cards and reactions have calls of their own") {
    const Sent place = sent(to_maria("location", "", R"({"latitude":55.75,"longitude":37.61,"name":"Office"})"));
    CHECK(place.request().url.ends_with("/message/sendLocation/sales"));
    const Sent card = sent(to_maria("contacts", "", R"({"contacts":[{"name":{"formatted_name":"Oleg"},
        "phones":[{"phone":"+7 916 555-01-02"}]}]})"));
    CHECK(card.request().url.ends_with("/message/sendContact/sales"));
    const auto whose = card.body();
    CHECK(JsonView(whose)["contact"].at(0)["wuid"].text() == "79165550102");
    const Sent reaction = sent(to_maria("reaction", "👍", R"({"message_id":"3EB0A1","emoji":"👍"})"));
    CHECK(reaction.request().url.ends_with("/message/sendReaction/sales"));
    const auto which = reaction.body();
    CHECK(JsonView(which)["key"]["remoteJid"].text() == "79004445566@s.whatsapp.net");
    CHECK(JsonView(which)["key"]["id"].text() == "3EB0A1");
    CHECK_FALSE(JsonView(which)["number"].is_there());
}

TEST_CASE("evolution: each refusal leads to what the page says") {
    const auto gone = std::get<Rejected>(after(400, R"({"status":400,"error":"Bad Request","response":{"message":[
        {"jid":"79004445566@s.whatsapp.net","exists":false,"number":"79004445566"}]}})"));
    CHECK(gone.code == "no_whatsapp");
    CHECK(gone.blocks_person);
    CHECK(gone.detail == "There is no WhatsApp on 79004445566.");
    const auto defect = std::get<Rejected>(after(
        400,
        R"({"status":400,"error":"Bad Request","response":{"message":[["instance requires property \"text\""]]}})"));
    CHECK(defect.code == "bad_request");
    CHECK(defect.detail == "instance requires property \"text\"");
    CHECK_FALSE(defect.blocks_person);
    for (const int status : {400, 500}) {
        const auto closed = std::get<RetryLater>(after(status, R"({"response":{"message":"Connection Closed"}})"));
        CHECK(closed.scope == RetryScope::channel);
        CHECK(closed.after == 30s);
    }
    for (const auto& [status, body, code] :
         {std::tuple{401, R"({"status":401,"error":"Unauthorized","response":{"message":"Unauthorized"}})",
                     "token_broken"},
          {403, "{}", "token_broken"},
          {404, missing, "session_missing"}}) {
        const auto broken = std::get<Rejected>(after(status, body));
        CHECK(broken.code == code);
        CHECK(broken.about_channel == ChannelNotice::Kind::broken);
    }
    CHECK(std::get<RetryLater>(after(429, "{}")).is_too_fast);
    CHECK(std::get<RetryLater>(after(503, "")).scope == RetryScope::channel);
    CHECK(std::get<RetryLater>(after(500, R"({"response":{"message":"odd"}})")).reason == "odd");
    CHECK(std::get<Rejected>(after(413, "")).code == "file_too_large");
    CHECK(std::get<Rejected>(after(418, "{}")).code == "provider_418");
    CHECK(std::holds_alternative<Unanswered>(after(504, "")));
}

TEST_CASE("evolution: an instance that calls us already is left as it is") {
    RecordedReplies http;
    http.answer(200, webhook(hook));
    answer_state(http, "open");
    const auto account = check(http);
    REQUIRE(account);
    CHECK(account->is_polled);
    CHECK_FALSE(account->is_unfinished);
    REQUIRE(http.asked.size() == 3);
    CHECK(http.asked[0].url == "http://evo.internal:8080/webhook/find/sales");
    CHECK(http.asked[2].url == "http://evo.internal:8080/instance/fetchInstances?instanceName=sales");
}

TEST_CASE("evolution: a webhook that is not ours is set, another's is left to its owner") {
    std::string by_events = webhook(hook);
    by_events.insert(1, R"("webhookByEvents":true,)");
    for (const std::string& before :
         {std::string("null"), webhook("https://old.example/hooks/KEY"), webhook(hook, "old"),
          webhook("https://crm.example/x", "x", "false"), by_events}) {
        RecordedReplies http;
        http.answer(200, before);
        http.answer(201, "{}");
        answer_state(http, "open");
        REQUIRE(check(http));
        CHECK(http.asked[1].url.ends_with("/webhook/set/sales"));
        const auto body = body_of(http.asked[1]);
        const JsonView set = JsonView(body)["webhook"];
        CHECK(set["url"].text() == hook);
        CHECK(set["headers"]["X-Okno-Token"].text() == "s3cret");
        CHECK(set["events"].size() == 8);
        CHECK(set["base64"].boolean() == false);
    }
    RecordedReplies http;
    http.answer(200, webhook("https://crm.example/x"));
    CHECK(check(http).error().code == "webhook_taken");
    CHECK(http.asked.size() == 1);
}

TEST_CASE("evolution: an instance that is not there is made, and waits for its phone") {
    RecordedReplies http;
    http.answer(404, missing);
    http.answer(201, "{}");
    answer_state(http, "connecting", "");
    const auto account = check(http);
    REQUIRE(account);
    CHECK(account->is_unfinished);
    CHECK(http.asked[1].url.ends_with("/instance/create"));
    const auto body = body_of(http.asked[1]);
    CHECK(JsonView(body)["instanceName"].text() == "sales");
    CHECK(JsonView(body)["webhook"]["url"].text() == hook);
}

TEST_CASE("evolution: states of the instance decide what connecting says") {
    Channel watched = an_instance();
    watched.settings["is_polled"] = "1";
    for (const auto& [state, owner, reason, said] : {std::tuple{"connecting", "", "null", "QR code"},
                                                     {"close", "", "null", "QR code"},
                                                     {"close", "79001112233", "401", "close 401"},
                                                     {"close", "79001112233", "402", "send nothing for a while"},
                                                     {"close", "79001112233", "403", "Blocked"},
                                                     {"close", "79001112233", "428", "started again by itself"}}) {
        RecordedReplies http;
        http.answer(200, webhook(hook));
        answer_state(http, state, owner, reason);
        const auto account = check(http, watched);
        REQUIRE_FALSE(account);
        CHECK(account.error().code == "session_not_ready");
        CHECK(account.error().detail.find(said) != std::string::npos);
    }
    RecordedReplies http;
    http.answer(200, webhook(hook));
    answer_state(http, "open", "79990000000");
    CHECK(check(http, watched).error().code == "other_account");
}

TEST_CASE("evolution: disconnecting switches the webhook off if it is ours") {
    RecordedReplies http;
    http.answer(200, webhook(hook));
    http.answer(201, "{}");
    CHECK(wait_for(GatewayMessenger{}.disconnect(an_instance(), http)));
    const auto body = body_of(http.asked.at(1));
    CHECK(JsonView(body)["webhook"]["enabled"].boolean() == false);
    http.answer(200, webhook("https://crm.example/x"));
    CHECK(wait_for(GatewayMessenger{}.disconnect(an_instance(), http)));
    http.answer(404, missing);
    CHECK(wait_for(GatewayMessenger{}.disconnect(an_instance(), http)));
    CHECK(http.asked.size() == 4);
}

TEST_CASE("evolution: the code to scan is asked for, which is what shows one") {
    RecordedReplies http;
    answer_state(http, "close", "79001112233", "401");
    http.answer(200, R"({"pairingCode":null,"code":"2@abc","base64":"data:image/png;base64,AAAA"})");
    CHECK(wait_for(GatewayMessenger{}.pairing(an_instance(), http))->qr == "2@abc");
    CHECK(http.asked.at(2).url.ends_with("/instance/connect/sales"));
    answer_state(http, "open");
    CHECK(wait_for(GatewayMessenger{}.pairing(an_instance(), http))->is_linked);
}

TEST_CASE("evolution: reading and typing are told by chat") {
    RecordedReplies http;
    http.answer(201, "{}");
    http.answer(201, "{}");
    const std::vector<Address> maria = {{"phone", "79004445566", "79004445566"}};
    CHECK(wait_for(GatewayMessenger{}.mark_read_of(maria, ProviderMessageId{"3EB0A1"}, an_instance(), http)));
    CHECK(wait_for(GatewayMessenger{}.show_typing_to(maria, ProviderMessageId{"3EB0A1"}, an_instance(), http)));
    const auto seen = body_of(http.asked.at(0));
    CHECK(JsonView(seen)["readMessages"].at(0)["remoteJid"].text() == "79004445566@s.whatsapp.net");
    CHECK(JsonView(seen)["readMessages"].at(0)["id"].text() == "3EB0A1");
    const auto typing = body_of(http.asked.at(1));
    CHECK(JsonView(typing)["presence"].text() == "composing");
}

TEST_CASE("evolution: after a break the gateway's database is read, page by page") {
    RecordedReplies http;
    answer_state(http, "open");
    const std::int64_t now = to_millis(Clock::real_now()) / 1000;
    const auto record = [&](const char* id, std::int64_t ago) {
        return R"({"key":{"remoteJid":"79004445566@s.whatsapp.net","fromMe":false,"id":")" + std::string(id) +
               R"("},"message":{"conversation":"x"},"messageTimestamp":)" + std::to_string(now - ago) + "}";
    };
    http.answer(200, R"({"messages":{"pages":2,"records":[)" + record("A3", 10) + "," + record("A2", 50) + "]}}");
    http.answer(200, R"({"messages":{"pages":2,"records":[)" + record("A1", 100) + "]}}");
    Watch watch{.told = "FAILED", .told_at = Clock::real_now(), .looked_at = Clock::real_now()};
    watch.well_at = Clock::real_now() - 1h;
    const auto polled = wait_for(GatewayMessenger{}.poll(an_instance(), write_watch(watch), http));
    REQUIRE(polled);
    REQUIRE(polled->bodies.size() == 4);  // the last one: it works again
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto parsed = parse(polled->bodies[i]);
        CHECK(std::get<InboundMessage>(parsed.events.at(0).what).is_late);
        ids.push_back(std::get<InboundMessage>(parsed.events.at(0).what).provider_id.value());
    }
    CHECK(ids == std::vector<std::string>{"A1", "A2", "A3"});
    const auto asked = body_of(http.asked.at(2));
    CHECK(JsonView(asked)["where"]["messageTimestamp"]["gte"].is_there());
    CHECK(JsonView(asked)["where"]["messageTimestamp"]["lte"].is_there());
}

TEST_CASE("evolution: a connection that is lost is started again when it is time") {
    RecordedReplies http;
    answer_state(http, "close");
    http.answer(200, "{}");
    const Watch watch{.told = "FAILED",
                      .told_at = Clock::real_now(),
                      .looked_at = Clock::real_now(),
                      .restart_at = Clock::real_now() - 1s};
    const auto polled = wait_for(GatewayMessenger{}.poll(an_instance(), write_watch(watch), http));
    REQUIRE(polled);
    CHECK(http.asked.at(2).method == "POST");
    CHECK(http.asked.at(2).url.ends_with("/instance/restart/sales"));
}

TEST_CASE("evolution: a file is asked for by its message and comes as text") {
    const TemporaryFile file;
    RecordedReplies http;
    Media media;
    media.provider_id = " message:79004445566@s.whatsapp.net/3EB0A4";
    http.answer(201, R"({"mimetype":"text/plain","base64":"SGVsbG8gdGhlcmU="})");
    CHECK(wait_for(GatewayMessenger{}.fetch_media(media, an_instance(), file.path, http)));
    CHECK(file.content() == "Hello there");
    const auto body = body_of(http.asked.at(0));
    CHECK(JsonView(body)["message"]["key"]["id"].text() == "3EB0A4");
    http.answer(400, R"({"response":{"message":["Message not found"]}})");
    CHECK(wait_for(GatewayMessenger{}.fetch_media(media, an_instance(), file.path, http)).error().code == "media_gone");
    http.answer(201, R"({"base64":"***"})");
    CHECK(wait_for(GatewayMessenger{}.fetch_media(media, an_instance(), file.path, http)).error().code ==
          "media_unreadable");
    http.answer(503, "");
    CHECK(wait_for(GatewayMessenger{}.fetch_media(media, an_instance(), file.path, http)).error().kind ==
          ErrorKind::unavailable);
}
