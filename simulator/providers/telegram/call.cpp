#include "providers/telegram/call.hpp"

#include "base/json.hpp"
#include "core/multipart.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace okno::sim::telegram {

namespace {

constexpr std::string_view kBot = "/bot";

std::string url_decoded(std::string_view text) {
    std::string out;
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_escape = text[i] == '%' && i + 2 < text.size() &&
                               std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
                               std::isxdigit(static_cast<unsigned char>(text[i + 2]));
        if (is_escape) {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

void read_form_fields(std::string_view body, json::object& args) {
    while (!body.empty()) {
        const std::size_t end = body.find('&');
        const std::string_view pair = body.substr(0, end);
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos)
            args[url_decoded(pair.substr(0, equals))] = url_decoded(pair.substr(equals + 1));
        if (end == std::string_view::npos) break;
        body.remove_prefix(end + 1);
    }
}

}  // namespace

bool truth_of(const json::value& value) {
    if (value.is_bool()) return value.get_bool();
    if (value.is_int64()) return value.get_int64() != 0;
    if (!value.is_string()) return false;
    std::string text(value.get_string());
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text == "true" || text == "1" || text == "yes";
}

bool Call::flag(std::string_view name) const {
    const json::value* value = args.if_contains(name);
    return value != nullptr && truth_of(*value);
}

std::optional<double> Call::decimal(std::string_view name) const {
    const json::value* value = args.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_number()) return value->to_number<double>();
    if (!value->is_string() || value->get_string().empty()) return std::nullopt;
    char* end = nullptr;
    const std::string text(value->get_string());
    const double number = std::strtod(text.c_str(), &end);
    return *end == '\0' ? std::optional(number) : std::nullopt;
}

std::expected<json::value, Refusal> Call::structure(std::string_view name) const {
    const json::value* value = args.if_contains(name);
    if (value == nullptr) return json::value(nullptr);
    if (!value->is_string()) return *value;
    if (value->get_string().empty()) return json::value(nullptr);
    const Result<json::value> parsed = parse_json(value->get_string());
    if (!parsed || !(parsed->is_object() || parsed->is_array()))
        return std::unexpected(bad_request("can't parse " + std::string(name) + " JSON object"));
    return *parsed;
}

Call open_call(net::ServerRequest request) {
    Call call;
    std::string_view rest = std::string_view(request.path).substr(kBot.size());
    const std::size_t slash = rest.find('/');
    call.token = rest.substr(0, slash);
    if (slash != std::string_view::npos) call.method = rest.substr(slash + 1);
    call.request = std::move(request);
    return call;
}

Problem read_args(Call& call) {
    for (const auto& [name, value] : call.request.query)
        call.args[name] = value;
    const std::string& body = call.request.body;
    if (body.empty()) return std::nullopt;
    const std::string_view type = call.request.headers.get("Content-Type");
    if (type.starts_with("multipart/")) {
        auto parts = read_form(type, body);
        if (!parts) return bad_request("can't parse multipart/form-data");
        for (FormPart& part : *parts) {
            if (part.filename.empty())
                call.args[part.name] = part.data;
            else
                call.uploads[part.name] = {part.filename, part.content_type,
                                           std::make_shared<const std::string>(std::move(part.data))};
        }
    } else if (type.starts_with("application/json")) {
        const Result<json::value> parsed = parse_json(body);
        if (!parsed || !parsed->is_object()) return bad_request("can't parse JSON object: the body is no JSON object");
        for (const auto& [name, value] : parsed->get_object())
            call.args[name] = value;
    } else if (type.starts_with("application/x-www-form-urlencoded")) {
        read_form_fields(body, call.args);
    }
    return std::nullopt;  // a body of another type is not looked at
}

std::string masked_path(std::string_view path) {
    const std::size_t bot = path.find(kBot);
    const std::size_t begin = bot == std::string_view::npos ? bot : bot + kBot.size();
    if (begin == std::string_view::npos) return std::string(path);
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view token = path.substr(begin, end - begin);
    const std::string_view shown = token.substr(0, token.find(':'));
    const bool is_number =
        !shown.empty() && std::ranges::all_of(shown, [](unsigned char c) { return std::isdigit(c); });
    return std::string(path.substr(0, begin)) + (is_number ? std::string(shown) : std::string()) + ":***" +
           std::string(path.substr(end));
}

bool has_token_form(std::string_view token) {
    const std::size_t colon = token.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == token.size() || token.starts_with('0'))
        return false;
    return token.size() <= 80 &&
           std::ranges::all_of(token.substr(0, colon), [](unsigned char c) { return std::isdigit(c); });
}

}  // namespace okno::sim::telegram
