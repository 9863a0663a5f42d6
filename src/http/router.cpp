#include "http/router.hpp"

namespace okno::http {

static std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> out;
    while (!path.empty()) {
        path.remove_prefix(path.front() == '/' ? 1 : 0);
        const std::size_t end = std::min(path.find('/'), path.size());
        out.emplace_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return out;
}

static bool is_parameter(const std::string& segment) { return segment.starts_with('{'); }

static bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments,
                    std::map<std::string, std::string>& path) {
    if (pattern.size() != segments.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i)
        if (is_parameter(pattern[i]) ? segments[i].empty() : pattern[i] != segments[i]) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i)
        if (is_parameter(pattern[i])) path[pattern[i].substr(1, pattern[i].size() - 2)] = segments[i];
    return true;
}

Router::Router(std::vector<Endpoint> endpoints) {
    for (Endpoint& endpoint : endpoints) {
        std::vector<std::string> segments = split(endpoint.path);
        entries_.push_back({std::move(segments), std::move(endpoint)});
    }
}

Route Router::find(std::string_view method, std::string_view path) const {
    Route route;
    const std::vector<std::string> segments = split(path);
    for (const Entry& entry : entries_) {
        std::map<std::string, std::string> parameters;
        if (!matches(entry.segments, segments, parameters)) continue;
        route.allowed += (route.allowed.empty() ? "" : ", ") + entry.endpoint.method;
        if (entry.endpoint.method == "GET") route.allowed += ", HEAD";
        if (entry.endpoint.method != method) continue;
        route.endpoint = &entry.endpoint;
        route.path = std::move(parameters);
        break;
    }
    return route;
}

}  // namespace okno::http
