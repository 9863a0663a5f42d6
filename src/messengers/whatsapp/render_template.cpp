#include "messengers/whatsapp/rendering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace okno::whatsapp {

namespace json = boost::json;

namespace {

using Values = std::map<std::string, std::string>;

// Meta refuses line breaks, tabs and more than four blanks in a row inside a value.
std::string clean_value(const std::string& value) {
    std::string out;
    std::size_t blanks = 0;
    for (const char c : value) {
        const char shown = c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
        blanks = shown == ' ' ? blanks + 1 : 0;
        if (blanks <= 4) out += shown;
    }
    return out;
}

bool is_position(const std::string& name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

// Positions in the order of their numbers ("10" after "9"), names in theirs.
json::array parameters_of(const std::map<std::string, std::string>& values) {
    std::vector<std::pair<std::string, std::string>> sorted(values.begin(), values.end());
    std::ranges::stable_sort(sorted, {}, [](const auto& value) {
        return is_position(value.first) ? value.first.size() : std::string::npos;
    });
    json::array out;
    for (const auto& [name, value] : sorted) {
        json::object parameter{{"type", "text"}, {"text", clean_value(value)}};
        if (!is_position(name)) parameter["parameter_name"] = name;
        out.push_back(std::move(parameter));
    }
    return out;
}

// The variable end of a button's address: what has no place in an address is escaped, what is escaped stays.
std::string url_suffix(const std::string& value) {
    constexpr std::string_view kept = "-._~/?=&%#+,;@!$'()*";
    std::string out;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = (byte < 0x80 && std::isalnum(byte) != 0) || kept.find(c) != std::string_view::npos;
        out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return out;
}

bool is_file_kind(std::string_view name) { return name == "image" || name == "video" || name == "document"; }

json::object button_of(const std::string& kind, const std::string& place, const std::string& value) {
    json::object parameter{{"type", "text"}, {"text", url_suffix(value)}};
    if (kind == "copy_code") parameter = {{"type", "coupon_code"}, {"coupon_code", value}};
    return {
        {"type", "button"}, {"sub_type", kind}, {"index", place}, {"parameters", json::array{std::move(parameter)}}};
}

// Sorts values into the components that take them.
struct Components {
    Values header;
    Values body;
    json::array buttons;

    void add(const std::string& name, const std::string& value) {
        const std::size_t colon = name.find(':');
        const std::string kind = name.substr(0, colon);
        const std::string rest = colon == std::string::npos ? std::string() : name.substr(colon + 1);
        if (kind == "header" && !rest.empty())
            header[rest] = value;
        else if (is_position(rest) && (kind == "url" || kind == "copy_code"))
            buttons.push_back(button_of(kind, rest, value));
        else
            body[name] = value;
    }

    json::array header_parameters() const {
        const auto& [name, value] = *header.begin();
        if (!is_file_kind(name)) return parameters_of(header);
        return {json::object{{"type", name}, {name, json::object{{"link", value}}}}};
    }

    json::array all() {
        json::array out;
        if (!header.empty()) out.push_back(json::object{{"type", "header"}, {"parameters", header_parameters()}});
        if (!body.empty()) out.push_back(json::object{{"type", "body"}, {"parameters", parameters_of(body)}});
        for (json::value& button : buttons)
            out.push_back(std::move(button));
        return out;
    }
};

}  // namespace

Result<json::value> template_of(const JsonView& content) {
    const auto name = content["name"].required_text();
    if (!name) return std::unexpected(name.error());
    const auto language = content["language"].required_text();
    if (!language) return std::unexpected(language.error());
    Components components;
    const JsonView values = content["values"];
    if (values.raw() != nullptr && values.raw()->is_object()) {
        for (const auto& member : values.raw()->get_object()) {
            const std::string key(member.key().data(), member.key().size());
            const std::string value = values[key].text_or("");
            if (value.find_first_not_of(" \t\r\n") == std::string::npos)
                return fail(ErrorKind::invalid, "bad_content", "The template's value `" + key + "` is empty.",
                            "values." + key);
            components.add(key, value);
        }
    }
    json::object out{{"name", *name}, {"language", json::object{{"code", *language}}}};
    if (json::array all = components.all(); !all.empty()) out["components"] = std::move(all);
    return json::value(std::move(out));
}

}  // namespace okno::whatsapp
