#include "providers/telegram/formatting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace okno::sim::telegram {

namespace {

std::unexpected<Refusal> cannot(const std::string& why) {
    return std::unexpected(bad_request("can't parse entities: " + why));
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// A mark that was opened and not closed yet.
struct Open {
    std::string mark;  // the tag's name, or the characters
    std::string type;
    std::size_t at = 0;      // in the input, in bytes
    std::size_t offset = 0;  // in the output, in UTF-16 units
    std::string url;
};

void close(Text& out, const Open& open) {
    const std::size_t length = utf16_length(out.text) - open.offset;
    if (length == 0) return;
    json::object entity{{"type", open.type}, {"offset", open.offset}, {"length", length}};
    if (!open.url.empty()) entity["url"] = open.url;
    out.entities.push_back(std::move(entity));
}

Text in_order(Text out) {
    std::ranges::sort(out.entities, {},
                      [](const json::value& one) { return one.at("offset").to_number<std::size_t>(); });
    return out;
}

// --- HTML ---

struct Tag {
    std::string_view name;
    std::string_view type;
};
constexpr Tag kTags[] = {
    {"b", "bold"},
    {"strong", "bold"},
    {"i", "italic"},
    {"em", "italic"},
    {"u", "underline"},
    {"ins", "underline"},
    {"s", "strikethrough"},
    {"strike", "strikethrough"},
    {"del", "strikethrough"},
    {"code", "code"},
    {"pre", "pre"},
    {"a", "text_link"},
    {"blockquote", "blockquote"},
    {"tg-spoiler", "spoiler"},
    {"span", "spoiler"},
    {"tg-emoji", "custom_emoji"},
};

// `&lt;`, `&amp;`, `&#1234;` at `at`; moves behind it. Anything else is the ampersand itself.
std::string read_reference(std::string_view text, std::size_t& at) {
    static constexpr std::pair<std::string_view, char> named[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}};
    for (const auto& [name, character] : named)
        if (text.substr(at).starts_with(name)) {
            at += name.size();
            return std::string(1, character);
        }
    const std::size_t end = text.find(';', at);
    if (!text.substr(at).starts_with("&#") || end == std::string_view::npos || end - at > 10) {
        ++at;
        return "&";
    }
    const std::string digits(text.substr(at + 2, end - at - 2));
    const bool is_hex = digits.starts_with('x');
    const auto code =
        static_cast<std::uint32_t>(std::strtoul(digits.c_str() + (is_hex ? 1 : 0), nullptr, is_hex ? 16 : 10));
    at = end + 1;
    std::string out;
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | (code >> 6U));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0U | (code >> 12U));
        out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | (code >> 18U));
        out += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
        out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    }
    return out;
}

std::string attribute(std::string_view tag, std::string_view name) {
    const std::size_t at = tag.find(std::string(name) + "=\"");
    if (at == std::string_view::npos) return {};
    const std::size_t begin = at + name.size() + 2;
    std::string out;
    const std::string_view raw = tag.substr(begin, tag.find('"', begin) - begin);
    for (std::size_t i = 0; i < raw.size();)
        if (raw[i] == '&')
            out += read_reference(raw, i);
        else
            out += raw[i++];
    return out;
}

std::expected<Text, Refusal> read_html(std::string_view text) {
    Text out;
    std::vector<Open> open;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '&') {
            out.text += read_reference(text, at);
            continue;
        }
        if (text[at] != '<') {
            out.text += text[at++];
            continue;
        }
        const std::size_t end = text.find('>', at);
        if (end == std::string_view::npos) return cannot(fmt::format("Unclosed start tag at byte offset {}", at));
        const std::string_view inside = text.substr(at + 1, end - at - 1);
        if (inside.starts_with('/')) {
            const std::string name = lower(inside.substr(1));
            if (open.empty()) return cannot(fmt::format("Unexpected end tag at byte offset {}", at));
            if (!name.empty() && open.back().mark != name)
                return cannot(fmt::format("Unmatched end tag at byte offset {}, expected \"</{}>\", found \"</{}>\"",
                                          at, open.back().mark, name));
            close(out, open.back());
            open.pop_back();
        } else {
            const std::string name = lower(inside.substr(0, inside.find_first_of(" \n\t/")));
            const auto* tag = std::ranges::find(kTags, name, &Tag::name);
            if (tag == std::end(kTags))
                return cannot(fmt::format("Unsupported start tag \"{}\" at byte offset {}", name, at));
            open.push_back({name, std::string(tag->type), at, utf16_length(out.text), attribute(inside, "href")});
        }
        at = end + 1;
    }
    if (!open.empty())
        return cannot(fmt::format("Can't find end tag corresponding to start tag \"{}\"", open.back().mark));
    return in_order(std::move(out));
}

// --- Markdown ---

struct Mark {
    std::string_view mark;
    std::string_view type;
    bool is_old;  // known to the old Markdown too
};
// The longer ones first.
constexpr Mark kMarks[] = {{"```", "pre", true}, {"||", "spoiler", false}, {"__", "underline", false},
                           {"*", "bold", true},  {"_", "italic", true},    {"~", "strikethrough", false},
                           {"`", "code", true}};
constexpr std::string_view kReserved = "_*[]()~`>#+-=|{}.!";

const Mark* mark_at(std::string_view rest, bool is_old) {
    const auto* found = std::ranges::find_if(
        kMarks, [&](const Mark& one) { return (one.is_old || !is_old) && rest.starts_with(one.mark); });
    return found == std::end(kMarks) ? nullptr : found;
}

bool is_code(const std::vector<Open>& open) {
    return !open.empty() && (open.back().type == "code" || open.back().type == "pre");
}

std::expected<Text, Refusal> read_markdown(std::string_view text, bool is_old) {
    Text out;
    std::vector<Open> open;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        if (rest[0] == '\\' && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0x80) {
            out.text += rest[1];
            at += 2;
        } else if (is_code(open) && !rest.starts_with(open.back().mark)) {
            out.text += text[at++];
        } else if (const Mark* mark = mark_at(rest, is_old)) {
            if (!open.empty() && open.back().mark == mark->mark) {
                close(out, open.back());
                open.pop_back();
            } else {
                open.push_back({std::string(mark->mark), std::string(mark->type), at, utf16_length(out.text), ""});
            }
            at += mark->mark.size();
        } else if (rest[0] == '[') {
            open.push_back({"[", "text_link", at, utf16_length(out.text), ""});
            ++at;
        } else if (rest[0] == ']' && !open.empty() && open.back().mark == "[") {
            const std::size_t end = rest.find(')');
            if (rest.starts_with("](") && end != std::string_view::npos) {
                open.back().url = rest.substr(2, end - 2);
                close(out, open.back());
                at += end + 1;
            } else {
                ++at;
            }
            open.pop_back();
        } else if (!is_old && kReserved.find(rest[0]) != std::string_view::npos && !(rest[0] == '>' && at == 0)) {
            return cannot(
                fmt::format("Character '{}' is reserved and must be escaped with the preceding '\\'", rest[0]));
        } else {
            out.text += text[at++];
        }
    }
    if (!open.empty())
        return cannot(fmt::format("Can't find end of {} entity at byte offset {}", open.back().type, open.back().at));
    return in_order(std::move(out));
}

}  // namespace

std::expected<Text, Refusal> read_marks(std::string_view text, std::string_view parse_mode) {
    const std::string mode = lower(parse_mode);
    if (mode == "html") return read_html(text);
    if (mode == "markdownv2") return read_markdown(text, false);
    if (mode == "markdown") return read_markdown(text, true);
    return std::unexpected(bad_request("unsupported parse_mode"));
}

}  // namespace okno::sim::telegram
