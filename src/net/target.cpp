#include "net/target.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace okno::net {

bool read_target(std::string_view target, ServerRequest& into) {
    const auto parsed = boost::urls::parse_origin_form({target.data(), target.size()});
    if (!parsed) return false;
    into.path = parsed->path();
    into.query.clear();
    for (const auto& param : parsed->params())
        into.query.emplace_back(param.key, param.value);
    return true;
}

std::string_view ServerRequest::query_value(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return {};
}

}  // namespace okno::net
