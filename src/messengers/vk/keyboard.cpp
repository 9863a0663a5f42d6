#include "messengers/vk/keyboard.hpp"

#include "base/utf8.hpp"
#include "messengers/split_text.hpp"

#include <algorithm>
#include <vector>

namespace okno::vk {

namespace json = boost::json;

namespace {

constexpr std::size_t most_label = 40;
constexpr std::size_t most_payload = 255;
constexpr std::size_t most_inline = 10;
constexpr std::size_t most_inline_rows = 6;
constexpr std::size_t most_rows = 10;

struct Choice {
    std::string id;
    std::string title;
    std::string description;
};

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

std::string one_line(std::string text) {
    std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return text;
}

std::string payload_of(const std::string& id) { return json::serialize(json::object{{"b", id}}); }

json::object button_of(const Choice& choice) {
    return {{"action",
             json::object{{"type", "text"}, {"label", label_of(choice.title)}, {"payload", payload_of(choice.id)}}}};
}

// One below the other while there are rows for that.
json::array rows_of(const std::vector<Choice>& choices, std::size_t most) {
    const std::size_t width = (choices.size() + most - 1) / most;
    json::array rows;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (i % width == 0) rows.emplace_back(json::array());
        rows.back().get_array().push_back(button_of(choices[i]));
    }
    return rows;
}

json::object inline_keyboard(json::array rows) { return {{"inline", true}, {"buttons", std::move(rows)}}; }

json::array only_row(json::object action) {
    json::array rows;
    rows.emplace_back(json::array{json::object{{"action", std::move(action)}}});
    return rows;
}

bool is_of_choices(const std::string& kind) { return kind == "buttons" || kind == "list"; }

std::unexpected<Error> wrong(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "invalid", detail, where);
}

}  // namespace

std::string label_of(const std::string& title) {
    std::string line = one_line(title);
    if (characters(line) <= most_label) return line;
    return split_text(line, most_label - 1).front() + "…";
}

Result<json::object> keyboard_of(const JsonView& content) {
    const std::string kind = content["kind"].text_or("buttons");
    if (is_of_choices(kind)) {
        const std::vector<Choice> choices = choices_of(content);
        if (choices.size() <= most_inline) return inline_keyboard(rows_of(choices, most_inline_rows));
        return json::object{{"one_time", true}, {"buttons", rows_of(choices, most_rows)}};  // under the input
    }
    if (kind == "link")
        return inline_keyboard(only_row({{"type", "open_link"},
                                         {"label", label_of(content["title"].text_or(""))},
                                         {"link", content["url"].text_or("")}}));
    if (kind == "location_request")
        return inline_keyboard(only_row({{"type", "location"}, {"payload", payload_of("location")}}));
    return fail(ErrorKind::invalid, "type_not_supported", "VK has no button of the kind `" + kind + "`.",
                "interactive.kind");
}

std::string text_of_choices(const JsonView& content, bool has_keyboard) {
    std::string out = content["header"].text_or("");
    if (!out.empty()) out += "\n\n";
    out += content["body"].text_or("");
    std::string lines;
    for (const Choice& choice : choices_of(content)) {
        const bool is_cut = label_of(choice.title) != choice.title;
        if (has_keyboard && !is_cut && choice.description.empty()) continue;
        lines += "\n" + choice.title + (choice.description.empty() ? "" : ": " + choice.description);
    }
    if (!has_keyboard && content["kind"].text_or("") == "link")
        lines = "\n" + content["title"].text_or("") + ": " + content["url"].text_or("");
    out += lines;
    if (const std::string footer = content["footer"].text_or(""); !footer.empty()) out += "\n\n" + footer;
    return out;
}

Result<void> check_choices(const JsonView& content) {
    const std::string kind = content["kind"].text_or("buttons");
    const std::vector<Choice> choices = choices_of(content);
    if (const auto keyboard = keyboard_of(content); !keyboard) return std::unexpected(keyboard.error());
    if (is_of_choices(kind) && choices.empty()) return wrong("There is no button to choose.", "interactive.buttons");
    if (choices.size() > most_choices)
        return wrong("A keyboard of VK has at most 40 buttons, this has " + std::to_string(choices.size()) + ".",
                     "interactive.buttons");
    for (const Choice& choice : choices) {
        if (one_line(choice.title).find_first_not_of(' ') == std::string::npos)
            return wrong("A button has words on it.", "interactive.buttons");
        if (choice.id.empty() || characters(payload_of(choice.id)) > most_payload)
            return wrong("The id of a button has 1 to 247 characters in VK: `" + choice.id + "`.",
                         "interactive.buttons");
    }
    const std::string url = content["url"].text_or("");
    if (kind == "link" && !url.starts_with("https://") && !url.starts_with("http://"))
        return wrong("The address of a button begins with https:// or http://.", "interactive.url");
    return {};
}

}  // namespace okno::vk
