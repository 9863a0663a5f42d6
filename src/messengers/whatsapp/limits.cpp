#include "messengers/whatsapp/limits.hpp"

#include "base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

namespace okno::whatsapp {

namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

std::unexpected<Error> wrong(const std::string& field, const std::string& detail) {
    return fail(ErrorKind::invalid, "invalid", fmt::format("{}: {}", field, detail), field);
}

// One line of the table of limits; `[]` in a path stands for every element.
struct TextLimit {
    std::string_view path;
    bool is_required;
    std::size_t most;
};

// Remembers the first thing that is wrong.
class Check {
public:
    explicit Check(std::string prefix) : prefix_(std::move(prefix)) {}

    void text(const JsonView& content, std::string_view path, bool is_required, std::size_t most) {
        const std::size_t each = path.find("[].");
        if (each == std::string_view::npos) return one_text(content[path], path, content, is_required, most);
        const JsonView list = content[path.substr(0, each)];
        for (std::size_t i = 0; i < list.size(); ++i)
            text(list.at(i), path.substr(each + 3), is_required, most);
    }
    void count(const JsonView& list, std::size_t least, std::size_t most) {
        if (list.size() < least || list.size() > most)
            note(list.path(), fmt::format("expected {} to {}, these are {}", least, most, list.size()));
    }
    // Texts that must all differ.
    void different(const JsonView& list, std::string_view name) {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < list.size(); ++i)
            if (const std::string value = list.at(i)[name].text_or(""); !seen.insert(value).second)
                note(list.at(i)[name].path(), fmt::format("`{}` stands there twice", value));
    }
    void note(const std::string& path, const std::string& detail) {
        if (result_) result_ = wrong(path.empty() ? prefix_ : prefix_ + "." + path, detail);
    }
    Result<void> result() const { return result_; }

private:
    void one_text(const JsonView& value, std::string_view name, const JsonView& parent, bool is_required,
                  std::size_t most) {
        const std::string text = value.text_or("");
        const std::string path = parent.path().empty() ? std::string(name) : fmt::format("{}.{}", parent.path(), name);
        if (is_required && is_blank(text)) return note(path, "it is missing or empty");
        if (characters(text) > most)
            note(path, fmt::format("at most {} characters, these are {}", most, characters(text)));
    }

    std::string prefix_;
    Result<void> result_;
};

struct KindLimit {
    std::string_view kind;
    std::vector<TextLimit> texts;
    bool has_header;
};

const std::vector<KindLimit>& kinds() {
    static const std::vector<KindLimit> all{
        {"buttons", {{"body", true, 1024}, {"buttons[].id", true, 256}, {"buttons[].title", true, 20}}, true},
        {"list",
         {{"body", true, 4096},
          {"button", true, 20},
          {"sections[].title", false, 24},
          {"sections[].rows[].id", true, 200},
          {"sections[].rows[].title", true, 24},
          {"sections[].rows[].description", false, 72}},
         true},
        {"link", {{"body", true, 1024}, {"title", true, 20}, {"url", true, 2000}}, true},
        {"location_request", {{"body", true, 1024}}, false},
        {"contact_request", {{"body", true, 1024}}, false},
    };
    return all;
}

void check_buttons(Check& check, const JsonView& buttons) {
    check.count(buttons, 1, 3);
    check.different(buttons, "id");
    check.different(buttons, "title");
    for (std::size_t i = 0; i < buttons.size(); ++i) {
        const std::string id = buttons.at(i)["id"].text_or("");
        if (id.starts_with(' ') || id.ends_with(' '))
            check.note(buttons.at(i)["id"].path(), "it must not begin or end with a blank");
    }
}

void check_list(Check& check, const JsonView& sections) {
    check.count(sections, 1, 10);
    std::size_t rows = 0;
    std::set<std::string> ids;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const JsonView section = sections.at(i);
        if (sections.size() > 1 && is_blank(section["title"].text_or("")))
            check.note(section.path() + ".title", "each of several sections needs a title");
        check.count(section["rows"], 1, 10);
        rows += section["rows"].size();
        for (std::size_t k = 0; k < section["rows"].size(); ++k)
            if (const JsonView id = section["rows"].at(k)["id"]; !ids.insert(id.text_or("")).second)
                check.note(id.path(), "the id stands there twice");
    }
    if (rows > 10) check.note(sections.path(), fmt::format("at most 10 rows in all sections together, not {}", rows));
}

Result<void> check_interactive(const JsonView& content) {
    Check check("interactive");
    const std::string kind = content["kind"].text_or("buttons");
    const auto limit = std::ranges::find(kinds(), kind, &KindLimit::kind);
    if (limit == kinds().end())
        return wrong("interactive.kind", "expected buttons, list, link, location_request or contact_request");
    for (const TextLimit& text : limit->texts)
        check.text(content, text.path, text.is_required, text.most);
    if (!limit->has_header && (content["header"].is_there() || content["footer"].is_there()))
        check.note("header", "this kind has neither header nor footer");
    check.text(content, "header", false, 60);
    check.text(content, "footer", false, 60);
    if (kind == "buttons") check_buttons(check, content["buttons"]);
    if (kind == "list") check_list(check, content["sections"]);
    const std::string url = content["url"].text_or("");
    if (kind == "link" && !url.starts_with("https://") && !url.starts_with("http://"))
        check.note("url", "expected an address that begins with https://");
    return check.result();
}

Result<void> check_contacts(const JsonView& content) {
    const JsonView contacts = content["contacts"];
    if (contacts.size() < 1 || contacts.size() > 257) return wrong("contacts", "expected 1 to 257");
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        const JsonView name = contacts.at(i)["name"]["formatted_name"];
        if (is_blank(name.text_or("")))
            return wrong(contacts.at(i).path() + ".name.formatted_name", "it is missing or empty");
    }
    return {};
}

// One emoji, as far as its bytes can tell: nothing a keyboard without emoji writes.
Result<void> check_reaction(const JsonView& content) {
    const std::string emoji = content["emoji"].text_or("");
    constexpr std::string_view keycaps = "0123456789#*";
    const bool is_keycap = emoji.size() > 1 && keycaps.find(emoji[0]) != std::string_view::npos;
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (std::ranges::any_of(emoji.substr(is_keycap ? 1 : 0), is_ascii) || characters(emoji) > 10)
        return wrong("reaction.emoji", "expected one emoji, or nothing to take the reaction back");
    return {};
}

Result<void> check_file(const std::string& type, const std::string& text) {
    constexpr std::size_t most_caption = 1024;
    if (text.empty()) return {};
    if (type == "audio" || type == "sticker")
        return wrong("text", "WhatsApp shows no text under voice messages and stickers: send it on its own");
    if (characters(text) > most_caption) return wrong("text", "at most 1024 characters under a file");
    return {};
}

Result<void> check_template(const JsonView& content) {
    const JsonView values = content["values"];
    if (values.raw() == nullptr || !values.raw()->is_object()) return {};
    for (const auto& member : values.raw()->get_object()) {
        const std::string name(member.key().data(), member.key().size());
        const std::string value = values[name].text_or("");
        const std::string field = "template.values." + name;
        const bool is_file = name == "header:image" || name == "header:video" || name == "header:document";
        if (is_blank(value)) return wrong(field, "it is empty");
        if (is_file && !value.starts_with("https://") && !value.starts_with("http://"))
            return wrong(field, "expected the address of a file that begins with https://");
        if (!is_file && name.starts_with("header:") && characters(value) > 60)
            return wrong(field, "at most 60 characters");
        if (name.starts_with("copy_code:") && characters(value) > 15) return wrong(field, "at most 15 characters");
    }
    return {};
}

}  // namespace

Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content) {
    if (type == "interactive") return check_interactive(content);
    if (type == "contacts") return check_contacts(content);
    if (type == "reaction") return check_reaction(content);
    if (type == "template") return check_template(content);
    for (const char* file : {"image", "video", "audio", "document", "sticker"})
        if (type == file) return check_file(type, text);
    return {};
}

}  // namespace okno::whatsapp
