#include "messengers/gateway/choices.hpp"

#include <vector>

namespace okno::gateway {

namespace {

struct Choice {
    std::string title;
    std::string description;
};

std::vector<Choice> choices_of(const JsonView& content) {
    std::vector<Choice> out;
    const auto append = [&](const JsonView& list) {
        for (std::size_t i = 0; i < list.size(); ++i)
            out.push_back({list.at(i)["title"].text_or(""), list.at(i)["description"].text_or("")});
    };
    append(content["buttons"]);
    for (std::size_t i = 0; i < content["sections"].size(); ++i)
        append(content["sections"].at(i)["rows"]);
    return out;
}

std::unexpected<Error> wrong(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "invalid", detail, where);
}

}  // namespace

std::string text_of_choices(const JsonView& content) {
    std::string out = content["header"].text_or("");
    if (!out.empty()) out += "\n\n";
    out += content["body"].text_or("");
    const std::vector<Choice> choices = choices_of(content);
    if (!choices.empty()) out += "\n";
    for (std::size_t i = 0; i < choices.size(); ++i) {
        out += "\n" + std::to_string(i + 1) + ". " + choices[i].title;
        if (!choices[i].description.empty()) out += " – " + choices[i].description;
    }
    if (content["kind"].text_or("") == "link")
        out += "\n\n" + content["title"].text_or("") + ": " + content["url"].text_or("");
    if (const std::string footer = content["footer"].text_or(""); !footer.empty()) out += "\n\n" + footer;
    return out;
}

Result<void> check_choices(const JsonView& content) {
    const std::string kind = content["kind"].text_or("buttons");
    if (kind == "buttons" || kind == "list") {
        const std::vector<Choice> choices = choices_of(content);
        if (choices.empty()) return wrong("There is nothing to choose.", "interactive.buttons");
        for (const Choice& choice : choices)
            if (choice.title.find_first_not_of(" \t\r\n") == std::string::npos)
                return wrong("A choice has words.", "interactive.buttons");
        return {};
    }
    const std::string url = content["url"].text_or("");
    if (kind == "link" && !url.starts_with("https://") && !url.starts_with("http://"))
        return wrong("The address of a link begins with https:// or http://.", "interactive.url");
    return {};
}

}  // namespace okno::gateway
