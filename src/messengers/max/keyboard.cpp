#include "messengers/max/keyboard.hpp"

#include "base/utf8.hpp"
#include "messengers/split_text.hpp"

#include <algorithm>
#include <vector>

namespace okno::max {

namespace json = boost::json;

namespace {

constexpr std::size_t most_label = 128;
constexpr std::size_t most_payload = 1024;
constexpr std::size_t most_url = 2048;
constexpr std::size_t most_rows = 30;
constexpr std::size_t most_in_row = 7;
constexpr std::size_t most_choices = most_rows * most_in_row;

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

json::object press_button(const Choice& choice) {
    return {{"type", "callback"}, {"text", label_of(choice.title)}, {"payload", choice.id}};
}

// One below the other while there are rows for that.
json::array press_rows(const std::vector<Choice>& choices) {
    const std::size_t width = (choices.size() + most_rows - 1) / most_rows;
    json::array rows;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (i % width == 0) rows.emplace_back(json::array());
        rows.back().get_array().push_back(press_button(choices[i]));
    }
    return rows;
}

json::array only(json::object button) {
    json::array rows;
    rows.emplace_back(json::array()).get_array().push_back(std::move(button));
    return rows;
}

bool is_of_choices(const std::string& kind) { return kind == "buttons" || kind == "list"; }

std::unexpected<Error> wrong(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "invalid", detail, where);
}

}  // namespace

std::string label_of(const std::string& title) {
    std::string line = title;
    std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    if (characters(line) <= most_label) return line;
    return split_text(line, most_label - 1).front() + "…";
}

Result<json::array> rows_of(const JsonView& content) {
    const std::string kind = content["kind"].text_or("buttons");
    const std::string title = content["title"].text_or("");
    if (is_of_choices(kind)) return press_rows(choices_of(content));
    if (kind == "link") return only({{"type", "link"}, {"text", label_of(title)}, {"url", content["url"].text_or("")}});
    if (kind == "location_request")
        return only({{"type", "request_geo_location"}, {"text", label_of(title.empty() ? "📍" : title)}});
    if (kind == "contact_request")
        return only({{"type", "request_contact"}, {"text", label_of(title.empty() ? "☎" : title)}});
    return fail(ErrorKind::invalid, "type_not_supported", "MAX has no button of the kind `" + kind + "`.",
                "interactive.kind");
}

std::string text_of_choices(const JsonView& content) {
    std::string out = content["header"].text_or("");
    if (!out.empty()) out += "\n\n";
    out += content["body"].text_or("");
    for (const Choice& choice : choices_of(content)) {
        const bool is_cut = label_of(choice.title) != choice.title;
        if (!is_cut && choice.description.empty()) continue;
        out += "\n" + choice.title + (choice.description.empty() ? "" : ": " + choice.description);
    }
    if (const std::string footer = content["footer"].text_or(""); !footer.empty()) out += "\n\n" + footer;
    return out;
}

Result<void> check_choices(const JsonView& content) {
    const std::string kind = content["kind"].text_or("buttons");
    const std::vector<Choice> choices = choices_of(content);
    if (is_of_choices(kind) && choices.empty()) return wrong("There is no button to choose.", "interactive.buttons");
    if (choices.size() > most_choices)
        return wrong(
            "At most 210 buttons stand under one message of MAX, these are " + std::to_string(choices.size()) + ".",
            "interactive.buttons");
    for (const Choice& choice : choices) {
        if (label_of(choice.title).find_first_not_of(' ') == std::string::npos)
            return wrong("A button has words on it.", "interactive.buttons");
        if (choice.id.empty() || characters(choice.id) > most_payload)
            return wrong("The id of a button has 1 to 1024 characters in MAX: `" + choice.id.substr(0, 100) + "`.",
                         "interactive.buttons");
    }
    const std::string url = content["url"].text_or("");
    const bool is_web = url.starts_with("https://") || url.starts_with("http://");
    if (kind == "link" && (!is_web || characters(url) > most_url))
        return wrong("The address of a button begins with https:// or http:// and has at most 2048 characters.",
                     "interactive.url");
    if (kind == "link" && label_of(content["title"].text_or("")).find_first_not_of(' ') == std::string::npos)
        return wrong("A button has words on it.", "interactive.title");
    if (const auto rows = rows_of(content); !rows) return std::unexpected(rows.error());
    return {};
}

}  // namespace okno::max
