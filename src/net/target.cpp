#include "net/target.hpp"

#include "base/utf8.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace okno::net {

static bool is_text(std::string_view decoded) {
    return is_utf8(decoded) && decoded.find('\0') == std::string_view::npos;
}

bool read_target(std::string_view target, ServerRequest& into) {
    const auto parsed = boost::urls::parse_origin_form({target.data(), target.size()});
    if (!parsed) return false;
    into.path = parsed->path();
    into.query.clear();
    bool is_good = is_text(into.path);
    for (const auto& param : parsed->params()) {
        is_good = is_good && is_text(param.key) && is_text(param.value);
        into.query.emplace_back(param.key, param.value);
    }
    return is_good;
}

std::string_view ServerRequest::query_value(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return {};
}

}  // namespace okno::net
