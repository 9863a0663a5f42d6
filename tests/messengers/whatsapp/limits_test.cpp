#include "messengers/whatsapp/limits.hpp"

#include <doctest/doctest.h>

using namespace okno;

// The field that is wrong; empty: it may be sent.
static std::string wrong_field(const std::string& type, const std::string& content, const std::string& text = "") {
    const boost::json::value value = boost::json::parse(content);
    const auto checked = whatsapp::check_limits(type, text, JsonView(value));
    return checked ? "" : checked.error().where;
}

static std::string letters(std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += "ж";  // counted as one, although it is two bytes
    return out;
}

static std::string buttons(const std::string& list, const std::string& more = "") {
    return R"({"body":"Which?")" + more + R"(,"buttons":)" + list + "}";
}

static std::string list(const std::string& sections, const std::string& button = "Choose") {
    return R"({"kind":"list","body":"Which?","button":")" + button + R"(","sections":)" + sections + "}";
}

static std::string rows(int count, int from = 0) {
    std::string out;
    for (int i = from; i < from + count; ++i)
        out += (out.empty() ? "" : ",") + std::string(R"({"id":"r)") + std::to_string(i) + R"(","title":"Row"})";
    return "[" + out + "]";
}

TEST_CASE("what Meta takes is let through, counted in characters and not in bytes") {
    CHECK(wrong_field("interactive", buttons(R"([{"id":"1","title":")" + letters(20) + R"("}])")).empty());
    CHECK(wrong_field("interactive", R"({"body":")" + letters(1024) + R"(","header":")" + letters(60) +
                                         R"(","footer":")" + letters(60) + R"(","buttons":[{"id":"1","title":"A"}]})")
              .empty());
    CHECK(wrong_field("interactive",
                      list(R"([{"title":"A","rows":)" + rows(5) + R"(},{"title":"B","rows":)" + rows(5, 5) + "}]"))
              .empty());
    CHECK(
        wrong_field("interactive", R"({"kind":"link","body":"See","title":"Open","url":"https://e.example"})").empty());
    CHECK(wrong_field("interactive", R"({"kind":"location_request","body":"Where?"})").empty());
    CHECK(wrong_field("interactive", R"({"kind":"contact_request","body":"Your number?"})").empty());
    CHECK(wrong_field("contacts", R"({"contacts":[{"name":{"formatted_name":"Ann"}}]})").empty());
    CHECK(wrong_field("reaction", R"({"emoji":"👍🏽"})").empty());
    CHECK(wrong_field("reaction", R"({"emoji":"1️⃣"})").empty());
    CHECK(wrong_field("reaction", R"({"emoji":""})").empty());
    CHECK(wrong_field("image", "{}", letters(1024)).empty());
    CHECK(wrong_field("audio", "{}").empty());
    CHECK(wrong_field("template",
                      R"({"values":{"header:1":")" + letters(60) + R"(","header:image":"https://e.example/a"}})")
              .empty());
}

TEST_CASE("of buttons there are one to three, with titles and ids of their own") {
    const auto field = [](const std::string& list) { return wrong_field("interactive", buttons(list)); };
    CHECK(field("[]") == "interactive.buttons");
    CHECK(field(R"([{"id":"1","title":"A"},{"id":"2","title":"B"},{"id":"3","title":"C"},{"id":"4","title":"D"}])") ==
          "interactive.buttons");
    CHECK(field(R"([{"id":"1","title":"A"},{"id":"2","title":")" + letters(21) + R"("}])") ==
          "interactive.buttons[1].title");
    CHECK(field(R"([{"id":"1","title":" "}])") == "interactive.buttons[0].title");
    CHECK(field(R"([{"title":"A"}])") == "interactive.buttons[0].id");
    CHECK(field(R"([{"id":" 1","title":"A"}])") == "interactive.buttons[0].id");
    CHECK(field(R"([{"id":"1","title":"A"},{"id":"1","title":"B"}])") == "interactive.buttons[1].id");
    CHECK(field(R"([{"id":"1","title":"A"},{"id":"2","title":"A"}])") == "interactive.buttons[1].title");
}

TEST_CASE("the texts around a choice have their lengths, a request has nothing around it") {
    const std::string one = R"([{"id":"1","title":"A"}])";
    CHECK(wrong_field("interactive", buttons(one, R"(,"header":")" + letters(61) + "\"")) == "interactive.header");
    CHECK(wrong_field("interactive", buttons(one, R"(,"footer":")" + letters(61) + "\"")) == "interactive.footer");
    CHECK(wrong_field("interactive", R"({"body":")" + letters(1025) + R"(","buttons":[{"id":"1","title":"A"}]})") ==
          "interactive.body");
    CHECK(wrong_field("interactive", R"({"kind":"contact_request","body":"x","footer":"y"})") == "interactive.header");
    CHECK(wrong_field("interactive", R"({"kind":"poll","body":"x"})") == "interactive.kind");
}

TEST_CASE("of a list there are at most ten rows in all, each with an id of its own") {
    const auto field = [](const std::string& sections) { return wrong_field("interactive", list(sections)); };
    CHECK(field("[]") == "interactive.sections");
    CHECK(field(R"([{"rows":[]}])") == "interactive.sections[0].rows");
    CHECK(field(R"([{"rows":)" + rows(11) + "}]") == "interactive.sections[0].rows");
    CHECK(field(R"([{"title":"A","rows":)" + rows(6) + R"(},{"title":"B","rows":)" + rows(5, 6) + "}]") ==
          "interactive.sections");
    CHECK(field(R"([{"title":"A","rows":)" + rows(1) + R"(},{"rows":)" + rows(1, 1) + "}]") ==
          "interactive.sections[1].title");
    CHECK(field(R"([{"title":"A","rows":)" + rows(1) + R"(},{"title":"B","rows":)" + rows(1) + "}]") ==
          "interactive.sections[1].rows[0].id");
    CHECK(field(R"([{"rows":[{"id":"1","title":")" + letters(25) + R"("}]}])") ==
          "interactive.sections[0].rows[0].title");
    CHECK(field(R"([{"rows":[{"id":"1","title":"A","description":")" + letters(73) + R"("}]}])") ==
          "interactive.sections[0].rows[0].description");
    CHECK(wrong_field("interactive", list(R"([{"rows":)" + rows(1) + "}]", "")) == "interactive.button");
}

TEST_CASE("a link leads somewhere, a card has a name, a reaction is an emoji, a template value is not empty") {
    CHECK(wrong_field("interactive", R"({"kind":"link","body":"See","title":"Open","url":"e.example"})") ==
          "interactive.url");
    CHECK(wrong_field("contacts", R"({"contacts":[]})") == "contacts");
    CHECK(wrong_field("contacts", R"({"contacts":[{"name":{"formatted_name":"A"}},{"phones":[]}]})") ==
          "contacts[1].name.formatted_name");
    CHECK(wrong_field("reaction", R"({"emoji":"ok"})") == "reaction.emoji");
    CHECK(wrong_field("template", R"({"values":{"1":" "}})") == "template.values.1");
    CHECK(wrong_field("template", R"({"values":{"header:1":")" + letters(61) + R"("}})") == "template.values.header:1");
    CHECK(wrong_field("template", R"({"values":{"header:image":"a.png"}})") == "template.values.header:image");
    CHECK(wrong_field("template", R"({"values":{"copy_code:0":"1234567890123456"}})") == "template.values.copy_code:0");
}

TEST_CASE("a text that the customer would not see is refused") {
    CHECK(wrong_field("image", "{}", letters(1025)) == "text");
    CHECK(wrong_field("audio", "{}", "look") == "text");
    CHECK(wrong_field("sticker", "{}", "look") == "text");
}
