#include "providers/whatsapp/interactive_rules.hpp"

#include "core/reading.hpp"
#include "providers/whatsapp/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace okno::sim::whatsapp {

namespace {

using Check = std::optional<Refusal> (*)(const json::object& action);

std::optional<Refusal> wrong(std::string details) { return Refusal{131009, std::move(details)}; }

bool has_edge_blank(std::string_view text) { return !text.empty() && (text.front() == ' ' || text.back() == ' '); }

std::optional<Refusal> check_buttons(const json::object& action) {
    std::set<std::string> ids;
    std::set<std::string> titles;
    for (const json::value& button : array_at(action, "buttons")) {
        if (text_at(button.as_object(), "type") != "reply") return wrong("Button type must be reply.");
        const json::object& reply = object_at(button.as_object(), "reply");
        const std::string id = text_at(reply, "id");
        const std::string title = text_at(reply, "title");
        if (has_edge_blank(id)) return wrong("Button id must not start or end with a blank.");
        if (title.find_first_not_of(" \n\t") == std::string::npos) return wrong("Button title must not be empty.");
        if (!ids.insert(id).second) return wrong(fmt::format("Duplicated button id: {}.", id));
        if (!titles.insert(title).second) return wrong("Duplicated title for button.");
    }
    return std::nullopt;
}

std::optional<Refusal> check_list(const json::object& action) {
    const json::array& sections = array_at(action, "sections");
    std::set<std::string> ids;
    std::size_t rows = 0;
    for (const json::value& section : sections) {
        if (sections.size() > 1 && text_at(section.as_object(), "title").empty())
            return wrong("Section title is required when there is more than one section.");
        for (const json::value& row : array_at(section.as_object(), "rows")) {
            const std::string id = text_at(row.as_object(), "id");
            if (!ids.insert(id).second) return wrong(fmt::format("Duplicated row id: {}.", id));
            ++rows;
        }
    }
    if (rows > 10) return wrong(fmt::format("Total row count exceeds max allowed count: 10, got {}.", rows));
    return std::nullopt;
}

std::optional<Refusal> check_link(const json::object& action) {
    if (text_at(action, "name") != "cta_url") return wrong("Action name must be cta_url.");
    const std::string url = text_at(object_at(action, "parameters"), "url");
    if (!url.starts_with("http://") && !url.starts_with("https://")) return wrong("The url is not valid.");
    return std::nullopt;
}

std::optional<Refusal> check_location_request(const json::object& action) {
    return text_at(action, "name") == "send_location" ? std::nullopt : wrong("Action name must be send_location.");
}

std::optional<Refusal> check_contact_request(const json::object& action) {
    return text_at(action, "name") == "request_contact_info" ? std::nullopt
                                                             : wrong("Action name must be request_contact_info.");
}

std::optional<Refusal> check_nothing(const json::object&) { return std::nullopt; }

// `headers`: the header types the kind allows, with a blank before and after each.
struct Kind {
    std::string_view name;
    std::string_view headers;
    Check check;
    bool has_footer = true;
};

constexpr Kind kKinds[] = {
    {"button", " text image video document ", check_buttons},
    {"list", " text ", check_list},
    {"cta_url", " text image video document ", check_link},
    {"location_request_message", "", check_location_request, false},
    {"contact_request", "", check_contact_request, false},
    {"flow", " text image video document ", check_nothing},
    {"carousel", "", check_nothing, false},
    {"product", "", check_nothing},
    {"product_list", " text ", check_nothing},
    {"catalog_message", "", check_nothing},
};

const Kind* kind_named(std::string_view name) {
    const auto* found = std::ranges::find(kKinds, name, &Kind::name);
    return found == std::end(kKinds) ? nullptr : found;
}

std::optional<Refusal> check_header(const Kind& kind, const json::object& header) {
    const std::string type = text_at(header, "type");
    if (type.empty() || kind.headers.find(" " + type + " ") == std::string_view::npos)
        return wrong(fmt::format("Header type {} is not allowed for interactive type {}.", type, kind.name));
    if (type == "text") {
        const std::size_t length = length_of(text_at(header, "text"));
        if (length < 1 || length > 60) return wrong("Header text length invalid. Min length: 1, Max length: 60");
        return std::nullopt;
    }
    const json::object& media = object_at(header, type);
    const std::string link = text_at(media, "link");
    if (text_at(media, "id").empty() == link.empty())
        return wrong(fmt::format("The header's {} needs an id or a link.", type));
    if (!link.empty() && !link.starts_with("http://") && !link.starts_with("https://"))
        return wrong(fmt::format("The header's {} link is not a valid URL.", type));
    return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_interactive_kind(std::string_view kind) {
    if (kind_named(kind) != nullptr) return std::nullopt;
    return wrong(fmt::format("Interactive type {} is not valid.", kind));
}

std::optional<Refusal> check_interactive(const json::object& interactive) {
    const Kind& kind = *kind_named(text_at(interactive, "type"));
    if (const json::object& header = object_at(interactive, "header"); !header.empty())
        if (auto refusal = check_header(kind, header)) return refusal;
    if (!kind.has_footer && interactive.contains("footer"))
        return wrong(fmt::format("A footer is not allowed for interactive type {}.", kind.name));
    return kind.check(object_at(interactive, "action"));
}

}  // namespace okno::sim::whatsapp
