#include "messengers/meta/choices.hpp"

#include "messengers/split_text.hpp"

#include <algorithm>
#include <vector>

namespace okno::meta {

namespace json = boost::json;

namespace {

constexpr std::size_t most_label = 20;

enum class Form { with_template, quick_replies, numbered };

struct Choice {
    std::string id;
    std::string title;
    std::string description;
};

std::vector<Choice> choices_in(const JsonView& content) {
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

std::size_t characters(std::string_view text) { return length_of(messenger_platform, text); }

std::string one_line(std::string text) {
    std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return text;
}

bool is_of_choices(const std::string& kind) { return kind == "buttons" || kind == "list"; }

std::string kind_of(const JsonView& content) { return content["kind"].text_or("buttons"); }

// Header, body, what the buttons cannot say, footer.
std::string text_as(const JsonView& content, Form form) {
    std::string out = content["header"].text_or("");
    if (!out.empty()) out += "\n\n";
    out += content["body"].text_or("");
    std::size_t number = 0;
    for (const Choice& choice : choices_in(content)) {
        ++number;
        const bool is_cut = label_of(choice.title) != choice.title;
        if (form != Form::numbered && !is_cut && choice.description.empty()) continue;
        out += "\n" + (form == Form::numbered ? std::to_string(number) + ". " : std::string()) + choice.title;
        if (!choice.description.empty()) out += ": " + choice.description;
    }
    if (form == Form::numbered && kind_of(content) == "link")
        out += "\n" + content["title"].text_or("") + ": " + content["url"].text_or("");
    if (const std::string footer = content["footer"].text_or(""); !footer.empty()) out += "\n\n" + footer;
    return out;
}

// A template stays under the message and is shown everywhere; quick replies go with the next message.
Form form_of(const Platform& platform, const JsonView& content) {
    const std::size_t count = choices_in(content).size();
    const bool fits_template = characters(text_as(content, Form::with_template)) <= most_template_text;
    if (kind_of(content) == "link") return fits_template ? Form::with_template : Form::numbered;
    if (kind_of(content) == "contact_request") return Form::quick_replies;
    if (count <= most_template_buttons && fits_template) return Form::with_template;
    const bool fits_text = length_of(platform, text_as(content, Form::quick_replies)) <= platform.max_text;
    return count <= most_quick_replies && fits_text ? Form::quick_replies : Form::numbered;
}

json::object template_of(const JsonView& content) {
    json::array buttons;
    if (kind_of(content) == "link")
        buttons.push_back(json::object{{"type", "web_url"},
                                       {"url", content["url"].text_or("")},
                                       {"title", label_of(content["title"].text_or(""))}});
    for (const Choice& choice : choices_in(content))
        buttons.push_back(
            json::object{{"type", "postback"}, {"title", label_of(choice.title)}, {"payload", choice.id}});
    json::object payload{
        {"template_type", "button"}, {"text", text_as(content, Form::with_template)}, {"buttons", std::move(buttons)}};
    return {{"attachment", json::object{{"type", "template"}, {"payload", std::move(payload)}}}};
}

json::object quick_replies_of(const JsonView& content) {
    json::array replies;
    if (kind_of(content) == "contact_request") replies.push_back(json::object{{"content_type", "user_phone_number"}});
    for (const Choice& choice : choices_in(content))
        replies.push_back(
            json::object{{"content_type", "text"}, {"title", label_of(choice.title)}, {"payload", choice.id}});
    return {{"text", text_as(content, Form::quick_replies)}, {"quick_replies", std::move(replies)}};
}

std::unexpected<Error> wrong(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "invalid", detail, where);
}

Result<void> check_kind(const Platform& platform, const std::string& kind) {
    const bool is_known =
        is_of_choices(kind) || kind == "link" || (kind == "contact_request" && platform.asks_for_phone);
    if (is_known) return {};
    return fail(ErrorKind::invalid, "type_not_supported",
                std::string(platform.shown) + " has no button of the kind `" + kind + "`.", "interactive.kind");
}

Result<void> check_each(const std::vector<Choice>& choices) {
    if (choices.empty()) return wrong("There is no button to choose.", "interactive.buttons");
    for (const Choice& choice : choices) {
        if (one_line(choice.title).find_first_not_of(' ') == std::string::npos)
            return wrong("A button has words on it.", "interactive.buttons");
        if (choice.id.empty() || characters(choice.id) > most_payload)
            return wrong("The id of a button has 1 to 1000 characters.", "interactive.buttons");
    }
    return {};
}

}  // namespace

std::string label_of(const std::string& title) {
    std::string line = one_line(title);
    if (characters(line) <= most_label) return line;
    return split_text(line, most_label - 1).front() + "…";
}

std::string text_of_choices(const Platform& platform, const JsonView& content) {
    return text_as(content, form_of(platform, content));
}

Result<json::object> choices_of(const Platform& platform, const JsonView& content) {
    if (const auto known = check_kind(platform, kind_of(content)); !known) return std::unexpected(known.error());
    switch (form_of(platform, content)) {
        case Form::with_template: return template_of(content);
        case Form::quick_replies: return quick_replies_of(content);
        case Form::numbered: break;
    }
    return json::object{{"text", text_as(content, Form::numbered)}};
}

Result<void> check_choices(const Platform& platform, const JsonView& content) {
    const std::string kind = kind_of(content);
    if (const auto known = check_kind(platform, kind); !known) return known;
    if (is_of_choices(kind))
        if (const auto each = check_each(choices_in(content)); !each) return each;
    const std::string url = content["url"].text_or("");
    if (kind == "link" && !url.starts_with("https://") && !url.starts_with("http://"))
        return wrong("The address of a button begins with https:// or http://.", "interactive.url");
    const std::size_t length = length_of(platform, text_of_choices(platform, content));
    if (length > platform.max_text)
        return wrong("The text with its choices has at most " + std::to_string(platform.max_text) +
                         (platform.counts_bytes ? " bytes" : " characters") + " in " + std::string(platform.shown) +
                         ", this has " + std::to_string(length) + ".",
                     "interactive.body");
    return {};
}

}  // namespace okno::meta
