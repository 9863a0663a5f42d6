#include "messengers/viber/keyboard.hpp"

#include "messengers/split_text.hpp"
#include "messengers/viber/text.hpp"

#include <algorithm>

namespace okno::viber {

namespace json = boost::json;

namespace {

constexpr std::size_t most_rows = 24;
constexpr std::size_t columns = 6;
constexpr std::size_t most_label = 60;  // of the 250 that Viber takes: what is marked up counts too
constexpr std::size_t most_action = 250;

std::string one_line(std::string text) {
    std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return text;
}

std::string cut(const std::string& title) {
    const std::string line = one_line(title);
    if (characters(line) <= most_label) return line;
    return split_text(line, most_label - 1).front() + "…";
}

// Words on a button are HTML.
std::string marked_up(const std::string& words) {
    std::string out;
    for (const char c : words)
        if (c == '<')
            out += "&lt;";
        else if (c == '&')
            out += "&amp;";
        else
            out += c;
    return out;
}

json::object button(std::size_t width, const char* action, const std::string& body, const std::string& words) {
    return {{"Columns", width},
            {"Rows", 1},
            {"ActionType", action},
            {"ActionBody", body},
            {"Text", marked_up(cut(words))},
            {"TextSize", "regular"}};
}

// Without `Silent` the body of the button would stand in the person's chat, which means nothing to them.
json::object press_button(const Choice& choice, std::size_t width) {
    json::object out = button(width, "reply", press_mark + choice.id, choice.title);
    out["Silent"] = true;
    return out;
}

json::object keyboard_with(json::array buttons) {
    return {{"Type", "keyboard"},
            {"DefaultHeight", false},
            {"InputFieldState", "regular"},
            {"Buttons", std::move(buttons)}};
}

json::object link_button(const JsonView& content) {
    json::object out =
        button(columns, "open-url", content["url"].text_or(""), content["title"].text_or(content["url"].text_or("")));
    out["Silent"] = true;
    return out;
}

bool is_of_choices(const std::string& kind) { return kind == "buttons" || kind == "list"; }

std::string kind_of(const JsonView& content) { return content["kind"].text_or("buttons"); }

std::unexpected<Error> wrong(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "invalid", detail, where);
}

std::string line_of(const Choice& choice) {
    return choice.title + (choice.description.empty() ? "" : ": " + choice.description);
}

std::string lines_of(const std::vector<Choice>& choices, bool has_keyboard) {
    std::string lines;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const bool is_whole = cut(choices[i].title) == choices[i].title && choices[i].description.empty();
        if (has_keyboard && is_whole) continue;
        lines += "\n" + (has_keyboard ? "" : std::to_string(i + 1) + ". ") + line_of(choices[i]);
    }
    return lines;
}

}  // namespace

std::vector<Choice> choices_of(const JsonView& content) {
    std::vector<Choice> out;
    const auto append = [&](const JsonView& list) {
        for (std::size_t i = 0; i < list.size(); ++i)
            out.push_back(
                {list.at(i)["id"].text_or(""), list.at(i)["title"].text_or(""), list.at(i)["description"].text_or("")});
    };
    append(content["buttons"]);
    for (std::size_t i = 0; i < content["sections"].size(); ++i)
        append(content["sections"].at(i)["rows"]);
    return out;
}

json::object keyboard_of(const std::vector<Choice>& choices) {
    const std::size_t abreast = choices.size() <= most_rows ? 1 : 2;
    json::array buttons;
    for (const Choice& choice : choices)
        buttons.push_back(press_button(choice, columns / abreast));
    return keyboard_with(std::move(buttons));
}

Result<json::object> keyboard_of(const JsonView& content) {
    const std::string kind = kind_of(content);
    const std::string title = content["title"].text_or("");
    if (is_of_choices(kind)) return keyboard_of(choices_of(content));
    if (kind == "link") return keyboard_with(json::array{link_button(content)});
    if (kind == "contact_request")
        return keyboard_with(json::array{button(columns, "share-phone", "phone", title.empty() ? "☎" : title)});
    if (kind == "location_request")
        return keyboard_with(json::array{button(columns, "location-picker", "place", title.empty() ? "📍" : title)});
    return fail(ErrorKind::invalid, "type_not_supported", "Viber has no button of the kind `" + kind + "`.",
                "interactive.kind");
}

int version_for(const JsonView& content) {
    constexpr int asking = 3;
    return kind_of(content).ends_with("_request") ? asking : 1;
}

std::string text_of_choices(const JsonView& content, bool has_keyboard) {
    std::string out = content["header"].text_or("");
    if (!out.empty()) out += "\n\n";
    out += content["body"].text_or("");
    if (kind_of(content) == "link") {  // the keyboard goes with our next message, the address stays
        const std::string title = has_keyboard ? std::string() : content["title"].text_or("");
        out += "\n" + title + (title.empty() ? "" : ": ") + content["url"].text_or("");
    } else {
        out += lines_of(choices_of(content), has_keyboard);
    }
    if (const std::string footer = content["footer"].text_or(""); !footer.empty()) out += "\n\n" + footer;
    return out;
}

Result<void> check_choices(const JsonView& content) {
    const std::string kind = kind_of(content);
    const std::vector<Choice> choices = choices_of(content);
    if (const auto keyboard = keyboard_of(content); !keyboard) return std::unexpected(keyboard.error());
    if (is_of_choices(kind) && choices.empty()) return wrong("There is no button to choose.", "interactive.buttons");
    if (choices.size() > most_choices)
        return wrong(
            "A keyboard in Viber has at most 48 buttons here, this has " + std::to_string(choices.size()) + ".",
            "interactive.buttons");
    for (const Choice& choice : choices) {
        if (one_line(choice.title).find_first_not_of(' ') == std::string::npos)
            return wrong("A button has words on it.", "interactive.buttons");
        if (choice.id.empty() || characters(press_mark + choice.id) > most_action)
            return wrong("The id of a button has 1 to 248 characters in Viber: `" + choice.id + "`.",
                         "interactive.buttons");
    }
    const std::string url = content["url"].text_or("");
    if (kind == "link" && !url.starts_with("https://") && !url.starts_with("http://"))
        return wrong("The address of a button begins with https:// or http://.", "interactive.url");
    return {};
}

}  // namespace okno::viber
