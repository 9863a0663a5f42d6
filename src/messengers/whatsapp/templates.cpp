#include "messengers/whatsapp/templates.hpp"

#include <algorithm>

namespace okno::whatsapp {

static std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return text;
}

std::vector<std::string> variables_of(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 2)) {
        const std::size_t end = text.find("}}", at);
        if (end == std::string::npos) break;
        const std::string name = text.substr(at + 2, end - at - 2);
        if (std::ranges::find(out, name) == out.end()) out.push_back(name);
    }
    return out;
}

// What a button wants to know, under the name in which rendering.hpp takes it; empty: nothing. A one-time code is put
// into the button that copies it as if into an address.
static std::string variable_of(const JsonView& button, std::size_t place) {
    const std::string type = lower(button["type"].text_or(""));
    const bool is_open = type == "url" && button["url"].text_or("").find("{{") != std::string::npos;
    if (is_open || type == "otp") return "url:" + std::to_string(place);
    return type == "copy_code" ? "copy_code:" + std::to_string(place) : std::string();
}

Template read_template(const JsonView& element) {
    Template out;
    out.name = element["name"].text_or("");
    out.language = element["language"].text_or("");
    std::ranges::replace(out.language, '-', '_');
    out.status = lower(element["status"].text_or(""));
    out.category = lower(element["category"].text_or(""));
    const JsonView components = element["components"];
    std::vector<std::string> of_buttons;
    std::string file;  // of the header, by its kind
    for (std::size_t i = 0; i < components.size(); ++i) {
        const JsonView part = components.at(i);
        const std::string type = lower(part["type"].text_or(""));
        if (type == "header") out.header = part["text"].text_or("");
        if (type == "header") file = lower(part["format"].text_or(""));
        if (type == "body") out.body = part["text"].text_or("");
        if (type == "footer") out.footer = part["text"].text_or("");
        for (std::size_t k = 0; type == "buttons" && k < part["buttons"].size(); ++k) {
            out.buttons.push_back(part["buttons"].at(k)["text"].text_or(""));
            if (std::string name = variable_of(part["buttons"].at(k), k); !name.empty())
                of_buttons.push_back(std::move(name));
        }
    }
    out.variables = variables_of(out.body);
    for (const std::string& name : variables_of(out.header))
        out.variables.push_back("header:" + name);
    if (file == "image" || file == "video" || file == "document") out.variables.push_back("header:" + file);
    out.variables.insert(out.variables.end(), of_buttons.begin(), of_buttons.end());
    out.content = element.raw() != nullptr ? boost::json::serialize(*element.raw()) : "{}";
    return out;
}

}  // namespace okno::whatsapp
