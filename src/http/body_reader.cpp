#include "http/body_reader.hpp"

#include "base/utf8.hpp"

#include <fmt/format.h>

namespace okno::http {

BodyReader::BodyReader(const boost::json::value& body) : view_(body), error_(std::make_shared<std::optional<Error>>()) {
    if (!body.is_object()) wrong("", "The body must be a JSON object.");
}

std::string BodyReader::path_of(const std::string& name) const {
    return view_.path().empty() ? name : view_.path() + "." + name;
}

void BodyReader::wrong(const std::string& field, const std::string& detail) {
    if (*error_) return;
    *error_ = Error{ErrorKind::invalid, "invalid", detail, field};
}

BodyReader BodyReader::part(const std::string& name, bool is_required) {
    const JsonView inner = view_[name];
    if (inner.is_there() && !inner.raw()->is_object())
        wrong(path_of(name), fmt::format("{}: expected an object", path_of(name)));
    else if (!inner.is_there() && is_required)
        wrong(path_of(name), fmt::format("{} is missing", path_of(name)));
    return {inner, error_};
}

std::string BodyReader::text(const std::string& name, std::size_t least, std::size_t most) {
    const JsonView inner = view_[name];
    const std::string path = path_of(name);
    if (inner.is_there() && !inner.raw()->is_string()) {
        wrong(path, fmt::format("{}: expected text", path));
        return {};
    }
    std::string value = inner.text_or("");
    const std::size_t size = characters(value);
    if (size < least || size > most) {
        wrong(path, inner.is_there() ? fmt::format("{}: expected {} to {} characters", path, least, most)
                                     : fmt::format("{} is missing", path));
        return {};
    }
    return value;
}

bool BodyReader::flag(const std::string& name) {
    const JsonView inner = view_[name];
    if (inner.is_there() && !inner.raw()->is_bool())
        wrong(path_of(name), fmt::format("{}: expected true or false", path_of(name)));
    return inner.boolean().value_or(false);
}

std::int64_t BodyReader::whole(const std::string& name, std::int64_t least, std::int64_t most, std::int64_t otherwise) {
    const JsonView inner = view_[name];
    if (!inner.is_there()) return otherwise;
    const auto value = inner.integer();
    if (!value || *value < least || *value > most) {
        wrong(path_of(name), fmt::format("{}: expected a whole number from {} to {}", path_of(name), least, most));
        return otherwise;
    }
    return *value;
}

std::map<std::string, std::string> BodyReader::texts(const std::string& name) {
    std::map<std::string, std::string> out;
    const BodyReader inner = part(name, false);
    if (!is_good() || !inner.view().is_there()) return out;
    for (const auto& [key, value] : inner.view().raw()->as_object()) {
        const std::string field(key);
        if (value.is_array()) {  // lists are kept as JSON
            out[field] = boost::json::serialize(value);
            continue;
        }
        const auto text = inner.view()[field].text();
        if (text)
            out[field] = *text;
        else if (!value.is_null())
            wrong(inner.path_of(field), fmt::format("{}: expected text", inner.path_of(field)));
    }
    return out;
}

}  // namespace okno::http
