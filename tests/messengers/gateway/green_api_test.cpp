// Green-API: its webhooks' proof, its calls, its refusals, its instance.
#include "messengers/gateway/a_session.hpp"
#include "messengers/gateway/parse.hpp"
#include "messengers/gateway/watch.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::gateway;

namespace {

const char* const hook = "https://okno.example/hooks/KEY";

Channel an_instance() {
    Channel channel = a_session();
    channel.settings["shape"] = "green_api";
    channel.settings["base_url"] = "https://1101.api.example/";
    channel.settings["session"] = "1101000001";
    return channel;
}

struct Sent {
    SendOutcome outcome;
    std::vector<HttpRequest> asked;

    const HttpRequest& request() const { return asked.at(0); }
    boost::json::value body() const { return body_of(asked.at(0)); }
};

Sent sent(OutboundMessage message, Result<HttpReply> reply = HttpReply{200, {}, R"({"idMessage":"3EB0C1"})"}) {
    RecordedReplies http;
    http.replies.push_back(std::move(reply));
    SendOutcome outcome = wait_for(GatewayMessenger{}.send(std::move(message), an_instance(), http));
    return {std::move(outcome), std::move(http.asked)};
}

SendOutcome after(int status, const std::string& body) {
    return sent(to_maria("text", "x"), HttpReply{status, {}, body}).outcome;
}

int refusal(const std::string& authorization, const std::string& method = "POST") {
    WebhookRequest request{method, {}, {}, "{}"};
    if (!authorization.empty()) request.headers.set("Authorization", authorization);
    const Receipt receipt = GatewayMessenger{}.receive(request, an_instance());
    const auto* refuse = std::get_if<Refuse>(&receipt);
    return refuse == nullptr ? 0 : refuse->status;
}

std::string settings(const std::string& url, const std::string& token = "s3cret") {
    return R"({"wid":"79001112233@c.us","webhookUrl":")" + url + R"(","webhookUrlToken":")" + token +
           R"(","incomingWebhook":"yes","outgoingWebhook":"yes","outgoingMessageWebhook":"yes",
           "outgoingAPIMessageWebhook":"yes","stateWebhook":"yes","incomingCallWebhook":"yes",
           "editedMessageWebhook":"yes","deletedMessageWebhook":"yes"})";
}

std::string state(const std::string& word) { return R"({"stateInstance":")" + word + R"("})"; }

Result<Account> check(RecordedReplies& http, Channel channel = an_instance()) {
    return wait_for(GatewayMessenger{}.check(std::move(channel), hook, http));
}

Result<std::string> address(const std::string& session) {
    return GatewayMessenger{}.address_of({{"shape", "green_api"},
                                          {"base_url", "https://1101.api.example"},
                                          {"phone", "+7 900 111-22-33"},
                                          {"session", session}},
                                         {{"api_key", Secret("k")}});
}

}  // namespace

TEST_CASE("green_api: an account is an instance, named by digits") {
    CHECK(address("1101000001") == "79001112233");
    CHECK(address("").error().where == "settings.session");
    CHECK(address("sales").error().where == "settings.session");
}

TEST_CASE("green_api: a webhook shows the token of the settings") {
    CHECK(refusal("Bearer s3cret") == 0);
    CHECK(refusal("Bearer other") == 401);
    CHECK(refusal("s3cret") == 401);
    CHECK(refusal("") == 401);
    CHECK(refusal("Bearer s3cret", "GET") == 405);
    Channel without = an_instance();
    without.credentials.erase("verify_token");
    CHECK_FALSE(GatewayMessenger{}.verifies("{}", "Bearer ", without));
}

TEST_CASE("green_api: a text goes to the instance, with the key in the address, and gets its id") {
    const Sent text = sent(to_maria("text", "Hello"));
    CHECK(std::get<Accepted>(text.outcome).id.value() == "3EB0C1");
    CHECK(text.request().method == "POST");
    CHECK(text.request().url == "https://1101.api.example/waInstance1101000001/sendMessage/k3y");
    CHECK(text.request().headers.get("X-Api-Key").empty());
    const auto body = text.body();
    CHECK(JsonView(body)["chatId"].text() == "79004445566@c.us");
    CHECK(JsonView(body)["message"].text() == "Hello");
    CHECK_FALSE(JsonView(body)["quotedMessageId"].is_there());
    OutboundMessage answer = to_maria("text", "Yes");
    answer.reply_to = ProviderMessageId{"3EB0A1"};
    const auto quoting = sent(answer).body();
    CHECK(JsonView(quoting)["quotedMessageId"].text() == "3EB0A1");
}

TEST_CASE("green_api: files are fetched from us by their link, sounds as voice messages") {
    OutboundMessage picture = to_maria("image", "the plan");
    picture.file = OutboundFile{"ab", "/nowhere", "plan.png", "image/png"};
    picture.file->link = "https://okno.example/files/x";
    const Sent out = sent(picture);
    CHECK(out.request().url.ends_with("/sendFileByUrl/k3y"));
    const auto body = out.body();
    CHECK(JsonView(body)["urlFile"].text() == "https://okno.example/files/x");
    CHECK(JsonView(body)["fileName"].text() == "plan.png");
    CHECK(JsonView(body)["caption"].text() == "the plan");
    OutboundMessage sound = to_maria("audio", "");
    sound.file = OutboundFile{"ab", "/nowhere", "note.ogg", "audio/ogg"};
    sound.file->link = "https://okno.example/files/y";
    const auto voice = sent(sound).body();
    CHECK(JsonView(voice)["fileName"].text() == "voice.ogg");
    picture.file->link.clear();
    RecordedReplies http;
    const auto refused = wait_for(GatewayMessenger{}.send(picture, an_instance(), http));
    CHECK(std::get<Rejected>(refused).code == "no_public_address");
    CHECK(http.asked.empty());
}

TEST_CASE("green_api: places and cards have calls of their own, several cards are text, choices are lines") {
    const Sent place = sent(to_maria("location", "", R"({"latitude":55.75,"longitude":37.61,"name":"Office"})"));
    CHECK(place.request().url.ends_with("/sendLocation/k3y"));
    const auto where = place.body();
    CHECK(JsonView(where)["nameLocation"].text() == "Office");
    const Sent card = sent(to_maria("contacts", "", R"({"contacts":[{"name":{"formatted_name":"Oleg"},
        "phones":[{"phone":"+7 916 555-01-02"}]}]})"));
    CHECK(card.request().url.ends_with("/sendContact/k3y"));
    const auto whose = card.body();
    CHECK(JsonView(whose)["contact"]["phoneContact"].integer() == 79165550102);
    const Sent cards = sent(to_maria("contacts", "", R"({"contacts":[
        {"name":{"formatted_name":"Oleg"},"phones":[{"phone":"+7 916"}]},
        {"name":{"formatted_name":"Anna"},"phones":[{"phone":"+7 917"}]}]})"));
    CHECK(cards.request().url.ends_with("/sendMessage/k3y"));
    const auto list = cards.body();
    CHECK(JsonView(list)["message"].text() == "Oleg\n+7 916\n\nAnna\n+7 917");
    const auto choices = sent(to_maria("interactive", "", R"({"kind":"buttons","body":"Deliver?","buttons":[
        {"id":"1","title":"Yes"},{"id":"2","title":"No"}]})"))
                             .body();
    CHECK(JsonView(choices)["message"].text() == "Deliver?\n\n1. Yes\n2. No");
}

TEST_CASE("green_api: it cannot react, and says so without a call") {
    RecordedReplies http;
    const auto outcome = wait_for(GatewayMessenger{}.send(
        to_maria("reaction", "", R"({"message_id":"3EB0A1","emoji":"x"})"), an_instance(), http));
    CHECK(std::get<Rejected>(outcome).code == "type_not_supported");
    CHECK(std::get<Rejected>(outcome).detail.find("Green-API cannot react") != std::string::npos);
    CHECK(http.asked.empty());
}

TEST_CASE("green_api: each refusal leads to what the page says") {
    const auto unready = std::get<RetryLater>(after(400, R"({"message":"instance account not authorized"})"));
    CHECK(unready.after == 30s);
    CHECK(unready.scope == RetryScope::channel);
    CHECK(std::get<RetryLater>(after(400, R"({"message":"instance in starting process try later"})")).after == 10s);
    const auto defect =
        std::get<Rejected>(after(400, R"({"path":"/waInstance1/sendMessage/k3y","message":"bad request data"})"));
    CHECK(defect.code == "bad_request");
    CHECK(defect.detail == "bad request data");
    for (const int status : {401, 403}) {
        const auto broken = std::get<Rejected>(after(status, ""));
        CHECK(broken.code == "token_broken");
        CHECK(broken.about_channel == ChannelNotice::Kind::broken);
    }
    for (const auto& [status, body] :
         {std::pair{466, R"({"correspondentsStatus":{"description":"Monthly quota has been exceeded"}})"},
          {466, "{}"}}) {
        const auto quota = std::get<Rejected>(after(status, body));
        CHECK(quota.code == "quota_exceeded");
        CHECK(quota.about_channel == ChannelNotice::Kind::warning);
    }
    const auto fast = std::get<RetryLater>(after(429, "{}"));
    CHECK(fast.after == 1s);
    CHECK(fast.is_too_fast);
    CHECK(std::get<RetryLater>(after(503, "")).scope == RetryScope::channel);
    CHECK(std::get<RetryLater>(after(500, "")).max_tries == 5);
    CHECK(std::get<Rejected>(after(413, "")).code == "file_too_large");
    CHECK(std::get<Rejected>(after(418, "")).code == "provider_418");
}

TEST_CASE("green_api: what may have arrived is not sent again, since nothing tells a repetition") {
    CHECK(std::holds_alternative<Unanswered>(after(502, "")));
    CHECK(std::holds_alternative<Unanswered>(
        sent(to_maria("text", "x"), fail(ErrorKind::left_no_answer, "left_no_answer", "timed out")).outcome));
    CHECK(std::holds_alternative<RetryLater>(
        sent(to_maria("text", "x"), fail(ErrorKind::never_left, "never_left", "no route")).outcome));
}

TEST_CASE("green_api: an instance that calls us already is left as it is") {
    RecordedReplies http;
    http.answer(200, settings(hook));
    http.answer(200, state("authorized"));
    const auto account = check(http);
    REQUIRE(account);
    CHECK(account->is_polled);
    REQUIRE(http.asked.size() == 2);
    CHECK(http.asked[0].url == "https://1101.api.example/waInstance1101000001/getSettings/k3y");
    CHECK(http.asked[0].method == "GET");
}

TEST_CASE("green_api: settings that are not ours are set, another's address is left to its owner") {
    for (const std::string& before :
         {settings(""), settings("https://old.example/hooks/KEY"), settings(hook, "old"), std::string("{}")}) {
        RecordedReplies http;
        http.answer(200, before);
        http.answer(200, R"({"saveSettings":true})");
        http.answer(200, state("authorized"));
        REQUIRE(check(http));
        CHECK(http.asked[1].url.ends_with("/setSettings/k3y"));
        const auto body = body_of(http.asked[1]);
        CHECK(JsonView(body)["webhookUrl"].text() == hook);
        CHECK(JsonView(body)["webhookUrlToken"].text() == "s3cret");
        CHECK(JsonView(body)["deletedMessageWebhook"].text() == "yes");
    }
    RecordedReplies http;
    http.answer(200, settings("https://crm.example/x"));
    const auto refused = check(http);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "webhook_taken");
    CHECK(refused.error().detail.find("https://crm.example/x") != std::string::npos);
    CHECK(http.asked.size() == 1);
}

TEST_CASE("green_api: states of the instance decide what connecting says") {
    RecordedReplies http;
    http.answer(200, settings(hook));
    http.answer(200, state("notAuthorized"));
    CHECK(check(http)->is_unfinished);
    Channel watched = an_instance();
    watched.settings["is_polled"] = "1";
    for (const auto& [word, said] : {std::pair{"notAuthorized", "QR code"},
                                     {"blocked", "Blocked"},
                                     {"yellowCard", "send nothing for a while"},
                                     {"sleepMode", "does not answer"}}) {
        http.answer(200, settings(hook));
        http.answer(200, state(word));
        const auto account = check(http, watched);
        REQUIRE_FALSE(account);
        CHECK(account.error().detail.find(said) != std::string::npos);
        CHECK(account.error().detail.find(word) != std::string::npos);
    }
    Channel other = an_instance();
    other.address = "79990000000";
    http.answer(200, settings(hook));
    http.answer(200, state("authorized"));
    CHECK(check(http, other).error().code == "other_account");
}

TEST_CASE("green_api: disconnecting empties the address if it is ours") {
    RecordedReplies http;
    http.answer(200, settings(hook));
    http.answer(200, R"({"saveSettings":true})");
    CHECK(wait_for(GatewayMessenger{}.disconnect(an_instance(), http)));
    const auto body = body_of(http.asked.at(1));
    CHECK(JsonView(body)["webhookUrl"].text() == "");
    http.answer(200, settings("https://crm.example/x"));
    CHECK(wait_for(GatewayMessenger{}.disconnect(an_instance(), http)));
    CHECK(http.asked.size() == 3);
}

TEST_CASE("green_api: the code to scan comes drawn") {
    RecordedReplies http;
    http.answer(200, R"({"type":"qrCode","message":"iVBORw0K"})");
    const auto waiting = wait_for(GatewayMessenger{}.pairing(an_instance(), http));
    CHECK(waiting->qr == "data:image/png;base64,iVBORw0K");
    http.answer(200, R"({"type":"alreadyLogged","message":"instance account already authorized"})");
    CHECK(wait_for(GatewayMessenger{}.pairing(an_instance(), http))->is_linked);
    http.answer(200, R"({"type":"error","message":"instance in starting process try later"})");
    CHECK(wait_for(GatewayMessenger{}.pairing(an_instance(), http))->qr.empty());
}

TEST_CASE("green_api: reading and typing are told by chat") {
    RecordedReplies http;
    http.answer(200, R"({"setRead":true})");
    http.answer(200, "");
    const std::vector<Address> hidden = {{"lid", "lid:4455", "lid:4455"}};
    CHECK(wait_for(GatewayMessenger{}.mark_read_of(hidden, ProviderMessageId{"3EB0A1"}, an_instance(), http)));
    CHECK(wait_for(GatewayMessenger{}.show_typing_to(hidden, ProviderMessageId{"3EB0A1"}, an_instance(), http)));
    const auto seen = body_of(http.asked.at(0));
    CHECK(JsonView(seen)["chatId"].text() == "4455@lid");
    CHECK(JsonView(seen)["idMessage"].text() == "3EB0A1");
    CHECK(http.asked.at(1).url.ends_with("/sendTyping/k3y"));
}

TEST_CASE("green_api: after a break the journals of both directions are read, by time") {
    RecordedReplies http;
    http.answer(200, settings(hook));
    http.answer(200, state("authorized"));
    const std::int64_t now = to_millis(Clock::real_now()) / 1000;
    const auto entry = [](const char* type, const char* id, std::int64_t at, const char* more) {
        return R"({"type":")" + std::string(type) + R"(","idMessage":")" + id + R"(","timestamp":)" +
               std::to_string(at) + R"(,"typeMessage":"textMessage","textMessage":"x","chatId":"79004445566@c.us")" +
               more + "}";
    };
    http.answer(200, "[" + entry("incoming", "A2", now - 10, "") + "," + entry("incoming", "A1", now - 100, "") + "," +
                         entry("incoming", "A0", now - 90'000, "") + "]");
    http.answer(200, "[" + entry("outgoing", "B1", now - 50, R"(,"sendByApi":false)") + "]");
    Watch watch{.told = "SCAN_QR_CODE", .told_at = Clock::real_now(), .looked_at = Clock::real_now()};
    watch.well_at = Clock::real_now() - 1h;
    const auto polled = wait_for(GatewayMessenger{}.poll(an_instance(), write_watch(watch), http));
    REQUIRE(polled);
    REQUIRE(polled->bodies.size() == 4);  // the last one: it works again
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto parsed = parse(polled->bodies[i]);
        const auto& inbound = std::get<InboundMessage>(parsed.events.at(0).what);
        CHECK(inbound.is_late);
        ids.push_back(inbound.provider_id.value());
    }
    CHECK(ids == std::vector<std::string>{"A1", "B1", "A2"});
    CHECK(http.asked.at(2).url.find("/lastIncomingMessages/k3y?minutes=7") != std::string::npos);
}

TEST_CASE("green_api: a file is fetched from its store without the key, and asked for anew when it is gone") {
    RecordedReplies http;
    Media media;
    media.provider_id = "https://store.example/a.jpg message:79004445566@c.us/3EB0A4";
    http.answer(404, "");
    http.answer(200, R"({"downloadUrl":"https://store.example/b.jpg"})");
    http.answer(200, "");
    CHECK(wait_for(GatewayMessenger{}.fetch_media(media, an_instance(), "/tmp/x", http)));
    REQUIRE(http.asked.size() == 3);
    CHECK(http.asked[0].url == "https://store.example/a.jpg");
    CHECK(http.asked[1].url.ends_with("/downloadFile/k3y"));
    CHECK(http.asked[2].url == "https://store.example/b.jpg");
    CHECK(http.asked[2].save_to == "/tmp/x");
    media.provider_id = "http://10.0.0.1/a.jpg";
    CHECK(wait_for(GatewayMessenger{}.fetch_media(media, an_instance(), "/tmp/x", http)).error().code ==
          "foreign_host");
}
