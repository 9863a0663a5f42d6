#include "messengers/telegram/keyboard.hpp"

#include <array>
#include <vector>

namespace okno::telegram {

namespace json = boost::json;

namespace {

constexpr std::size_t most_id_bytes = 64;
constexpr std::size_t most_buttons = 100;

struct Choice {
    std::string id;
    std::string title;
};

void append_choices(const JsonView& list, std::vector<Choice>& out) {
    for (std::size_t i = 0; i < list.size(); ++i)
        out.push_back({list.at(i)["id"].text_or(""), list.at(i)["title"].text_or("")});
}

std::vector<Choice> choices_of(const JsonView& content) {
    std::vector<Choice> out;
    append_choices(content["buttons"], out);
    for (std::size_t i = 0; i < content["sections"].size(); ++i)
        append_choices(content["sections"].at(i)["rows"], out);
    return out;
}

json::array row_of(json::object button) {
    json::array row;
    row.push_back(std::move(button));
    return row;
}

// Every choice on a row of its own: words are not cut there.
json::object inline_keyboard(const std::vector<Choice>& choices) {
    json::array rows;
    for (const Choice& choice : choices)
        rows.push_back(row_of({{"text", choice.title}, {"callback_data", choice.id}}));
    return {{"inline_keyboard", std::move(rows)}};
}

json::object link_keyboard(const std::string& title, const std::string& url) {
    json::array rows;
    rows.push_back(row_of({{"text", title}, {"url", url}}));
    return {{"inline_keyboard", std::move(rows)}};
}

json::object request_keyboard(const std::string& title, const char* request) {
    json::array rows;
    rows.push_back(row_of({{"text", title}, {request, true}}));
    return {{"keyboard", std::move(rows)}, {"resize_keyboard", true}, {"one_time_keyboard", true}};
}

bool is_of_choices(const std::string& kind) { return kind == "buttons" || kind == "list"; }

std::unexpected<Error> wrong(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "invalid", detail, where);
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

Result<void> check_link(const JsonView& content) {
    const std::string url = content["url"].text_or("");
    constexpr std::array<std::string_view, 3> schemes{"https://", "http://", "tg://"};
    for (const std::string_view scheme : schemes)
        if (url.starts_with(scheme) && url.size() > scheme.size() &&
            url.find_first_of(" \t\r\n") == std::string::npos) {
            if (is_blank(content["title"].text_or(""))) return wrong("A button has words on it.", "interactive.title");
            return {};
        }
    return wrong("The address of a button begins with https://, http:// or tg:// and holds no blanks.",
                 "interactive.url");
}

Result<void> check_buttons(const std::vector<Choice>& choices) {
    if (choices.empty()) return wrong("There is no button to choose.", "interactive.buttons");
    if (choices.size() > most_buttons)
        return wrong("At most 100 buttons stand under one message, this has " + std::to_string(choices.size()) + ".",
                     "interactive.buttons");
    for (const Choice& choice : choices) {
        if (is_blank(choice.title)) return wrong("A button has words on it.", "interactive.buttons");
        if (choice.id.empty() || choice.id.size() > most_id_bytes)
            return wrong("The id of a button has 1 to 64 bytes in Telegram, `" + choice.id + "` has " +
                             std::to_string(choice.id.size()) + ".",
                         "interactive.buttons");
    }
    return {};
}

// A section with a title shows all its rows below it; without, only those that say more than their button.
std::string section_text(const JsonView& section) {
    const std::string title = section["title"].text_or("");
    std::string out = title.empty() ? "" : "\n\n" + title;
    for (std::size_t i = 0; i < section["rows"].size(); ++i) {
        const JsonView row = section["rows"].at(i);
        const std::string description = row["description"].text_or("");
        if (title.empty() && description.empty()) continue;
        out += "\n" + row["title"].text_or("") + (description.empty() ? "" : ": " + description);
    }
    return out;
}

}  // namespace

Result<json::object> markup_of(const JsonView& content) {
    const std::string kind = content["kind"].text_or("buttons");
    const std::string title = content["title"].text_or("");
    if (is_of_choices(kind)) return inline_keyboard(choices_of(content));
    if (kind == "link") return link_keyboard(title, content["url"].text_or(""));
    if (kind == "location_request") return request_keyboard(title.empty() ? "📍" : title, "request_location");
    if (kind == "contact_request") return request_keyboard(title.empty() ? "☎" : title, "request_contact");
    return fail(ErrorKind::invalid, "type_not_supported", "Telegram has no button of the kind `" + kind + "`.",
                "interactive.kind");
}

bool is_reply_keyboard(const json::object& markup) { return markup.contains("keyboard"); }

std::string text_of_choices(const JsonView& content) {
    std::string out = content["header"].text_or("");
    if (!out.empty()) out += "\n\n";
    out += content["body"].text_or("");
    for (std::size_t i = 0; i < content["sections"].size(); ++i)
        out += section_text(content["sections"].at(i));
    if (const std::string footer = content["footer"].text_or(""); !footer.empty()) out += "\n\n" + footer;
    return out;
}

Result<void> check_choices(const JsonView& content) {
    if (const auto markup = markup_of(content); !markup) return std::unexpected(markup.error());
    const std::string kind = content["kind"].text_or("buttons");
    if (kind == "link") return check_link(content);
    return is_of_choices(kind) ? check_buttons(choices_of(content)) : Result<void>{};
}

}  // namespace okno::telegram
