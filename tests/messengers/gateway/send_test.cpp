// What leaves: calls, ids, files, choices.
#include "messengers/gateway/a_session.hpp"
#include "messengers/gateway/waha/ids.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace okno;
using namespace okno::tests;
using namespace okno::gateway;
using namespace okno::gateway::waha;

namespace {

struct Sent {
    SendOutcome outcome;
    std::vector<HttpRequest> asked;

    const HttpRequest& request() const { return asked.at(0); }
    boost::json::value body() const { return body_of(asked.at(0)); }
};

Sent sent(OutboundMessage message, int status = 201,
          const std::string& answer = R"({"id":"true_79004445566@c.us_X1"})") {
    RecordedReplies http;
    http.answer(status, answer);
    SendOutcome outcome = wait_for(GatewayMessenger{}.send(std::move(message), a_session(), http));
    return {std::move(outcome), std::move(http.asked)};
}

struct TemporaryFile {
    std::string path = std::filesystem::temp_directory_path() / "okno-gateway-test.bin";
    TemporaryFile() { std::ofstream(path) << "hello"; }
    ~TemporaryFile() { std::filesystem::remove(path); }
};

Result<void> limits(const std::string& type, const std::string& text, const std::string& content = "{}") {
    return GatewayMessenger{}.check_limits(type, text, content);
}

}  // namespace

TEST_CASE("a text goes to the chat with our own id, and is known by it") {
    const Sent text = sent(to_maria("text", "Hello"));
    CHECK(std::get<Accepted>(text.outcome).id.value() == our_id);
    CHECK(text.request().method == "POST");
    CHECK(text.request().url == "http://waha.internal:3000/api/sendText");
    CHECK(text.request().headers.get("X-Api-Key") == "k3y");
    const auto body = text.body();
    CHECK(JsonView(body)["session"].text() == "sales");
    CHECK(JsonView(body)["chatId"].text() == "79004445566@c.us");
    CHECK(JsonView(body)["id"].text() == our_id);
    CHECK(JsonView(body)["text"].text() == "Hello");
}

TEST_CASE("our id tells our reference again, and no other id does") {
    CHECK(message_id_of(our_reference) == our_id);
    CHECK(reference_in(our_id) == our_reference);
    CHECK(reference_in("3EB0A1B2C3D4E5F60718").empty());
    CHECK(reference_in("A06CA7BB5DD8C8F705628CDB7E3A33C9").empty());
    CHECK(bare_id("true_79004445566@c.us_3EB0A1") == "3EB0A1");
    CHECK(bare_id("3EB0A1") == "3EB0A1");
}

TEST_CASE("a quote names whose message it is") {
    OutboundMessage answer = to_maria("text", "Yes");
    answer.reply_to = ProviderMessageId{"3EB0A1"};
    const auto theirs = sent(answer).body();
    CHECK(JsonView(theirs)["reply_to"].text() == "false_79004445566@c.us_3EB0A1");
    answer.reply_to = ProviderMessageId{our_id};
    const auto ours = sent(answer).body();
    CHECK(JsonView(ours)["reply_to"].text() == std::string("true_79004445566@c.us_") + our_id);
}

TEST_CASE("files go inside the call, each by its kind, without an id of ours") {
    const TemporaryFile file;
    for (const auto& [type, mime, path] : {std::tuple{"image", "image/png", "/api/sendImage"},
                                           {"video", "video/mp4", "/api/sendVideo"},
                                           {"audio", "audio/ogg", "/api/sendVoice"},
                                           {"document", "text/plain", "/api/sendFile"}}) {
        CAPTURE(type);
        OutboundMessage message = to_maria(type, "");
        message.file = OutboundFile{"ab", file.path, "a.bin", mime};
        const Sent out = sent(message);
        CHECK(out.request().url.ends_with(path));
        CHECK(std::get<Accepted>(out.outcome).id.value() == "X1");
        const auto body = out.body();
        CHECK(JsonView(body)["file"]["data"].text() == "aGVsbG8=");
        CHECK(JsonView(body)["file"]["mimetype"].text() == mime);
        CHECK(JsonView(body)["file"]["filename"].text() == "a.bin");
        CHECK_FALSE(JsonView(body)["id"].is_there());
    }
}

TEST_CASE("choices are numbered lines, a link is its address") {
    const auto choices = sent(to_maria("interactive", "", R"({"kind":"buttons","header":"Order 5","body":"Deliver?",
        "footer":"We answer at once","buttons":[{"id":"1","title":"Yes"},{"id":"2","title":"No"}]})"))
                             .body();
    CHECK(JsonView(choices)["text"].text() == "Order 5\n\nDeliver?\n\n1. Yes\n2. No\n\nWe answer at once");
    const auto list = sent(to_maria("interactive", "", R"({"kind":"list","body":"Which?","button":"Show","sections":[
        {"title":"A","rows":[{"id":"1","title":"Red","description":"bright"}]},
        {"title":"B","rows":[{"id":"2","title":"Blue"}]}]})"))
                          .body();
    CHECK(JsonView(list)["text"].text() == "Which?\n\n1. Red – bright\n2. Blue");
    const auto link = sent(to_maria("interactive", "", R"({"kind":"link","body":"Look","title":"Shop",
        "url":"https://shop.example"})"))
                          .body();
    CHECK(JsonView(link)["text"].text() == "Look\n\nShop: https://shop.example");
}

TEST_CASE("places, cards and reactions have calls of their own") {
    const Sent place =
        sent(to_maria("location", "", R"({"latitude":55.75,"longitude":37.61,"name":"Office","address":"Arbat 1"})"));
    CHECK(place.request().url.ends_with("/api/sendLocation"));
    const auto where = place.body();
    CHECK(JsonView(where)["title"].text() == "Office, Arbat 1");
    const Sent card = sent(to_maria("contacts", "", R"({"contacts":[{"name":{"formatted_name":"Oleg"},
        "phones":[{"phone":"+7 916 555-01-02"}]}]})"));
    CHECK(card.request().url.ends_with("/api/sendContactVcard"));
    const auto whose = card.body();
    CHECK(JsonView(whose)["contacts"].at(0)["whatsappId"].text() == "79165550102");
    const Sent nameless = sent(to_maria("contacts", "", R"({"contacts":[{"name":{"formatted_name":"Oleg"},
        "emails":[{"email":"o@example.com"}]}]})"));
    CHECK(nameless.request().url.ends_with("/api/sendText"));
    const Sent reaction = sent(to_maria("reaction", "👍", R"({"message_id":"3EB0A1","emoji":"👍"})"), 200, "{}");
    CHECK(reaction.request().method == "PUT");
    const auto which = reaction.body();
    CHECK(JsonView(which)["messageId"].text() == "false_79004445566@c.us_3EB0A1");
    CHECK_FALSE(JsonView(which)["chatId"].is_there());
}

TEST_CASE("who hides their number is answered, and named anew once the gateway knows it") {
    RecordedReplies http;
    http.answer(201, R"({"id":"true_4455@lid_X1"})");
    http.answer(200, R"({"lid":"4455@lid","pn":"79004445566@c.us"})");
    OutboundMessage message = to_maria("text", "Hello");
    message.to = {{"lid", "lid:4455", "lid:4455"}};
    const auto outcome = std::get<Accepted>(wait_for(GatewayMessenger{}.send(message, a_session(), http)));
    const auto body = body_of(http.asked.at(0));
    CHECK(JsonView(body)["chatId"].text() == "4455@lid");
    CHECK(http.asked.at(1).url.ends_with("/api/sales/lids/4455@lid"));
    REQUIRE(outcome.addresses.size() == 2);
    CHECK(outcome.addresses[1].value == "79004445566");
}

TEST_CASE("what does not fit is refused before it is queued, with the field") {
    CHECK(limits("text", "Hello"));
    CHECK(limits("audio", "listen").error().where == "text");
    CHECK(limits("image", std::string(1024, 'x')));
    CHECK(limits("image", std::string(1025, 'x')).error().where == "text");
    CHECK(limits("sticker", "").error().code == "type_not_supported");
    CHECK(limits("template", "").error().code == "type_not_supported");
    CHECK(limits("interactive", "", R"({"kind":"buttons","body":"?"})").error().where == "interactive.buttons");
    CHECK(limits("interactive", "", R"({"kind":"buttons","body":"?","buttons":[{"id":"1","title":" "}]})")
              .error()
              .where == "interactive.buttons");
    CHECK(limits("interactive", "", R"({"kind":"link","body":"?","url":"ftp://x"})").error().where ==
          "interactive.url");
    CHECK(limits("interactive", "", R"({"kind":"location_request","body":"Where are you?"})"));
}

TEST_CASE("long texts leave in parts") {
    CHECK(GatewayMessenger{}.parts_of("text", std::string(5000, 'x')).size() == 2);
    CHECK(GatewayMessenger{}.parts_of("image", std::string(5000, 'x')).size() == 1);
}

TEST_CASE("a person is told that they were read and that somebody types, in their chat") {
    RecordedReplies http;
    http.answer(201, "{}");
    http.answer(201, "");
    const std::vector<Address> maria = {{"phone", "79004445566", "79004445566"}};
    CHECK(wait_for(GatewayMessenger{}.mark_read_of(maria, ProviderMessageId{"3EB0A1"}, a_session(), http)));
    CHECK(wait_for(GatewayMessenger{}.show_typing_to(maria, ProviderMessageId{"3EB0A1"}, a_session(), http)));
    CHECK(http.asked.at(0).url.ends_with("/api/sendSeen"));
    const auto seen = body_of(http.asked.at(0));
    CHECK(JsonView(seen)["messageIds"].at(0).text() == "false_79004445566@c.us_3EB0A1");
    CHECK(http.asked.at(1).url.ends_with("/api/startTyping"));
}

TEST_CASE("nobody is written to first, nothing goes to an audience, and the pace is a person's") {
    const GatewayMessenger messenger;
    const MessengerTraits& traits = messenger.traits();
    CHECK(traits.is_reply_only);
    CHECK_FALSE(traits.takes_broadcasts);
    CHECK_FALSE(traits.is_official);
    CHECK(traits.messages_per_second < 0.5);
}
