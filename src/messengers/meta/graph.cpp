#include "messengers/meta/graph.hpp"

#include "app/ports/messenger.hpp"

namespace okno::meta {

HttpRequest graph_request(const Channel& channel, std::string_view base, std::string_view version, std::string method,
                          const std::string& path) {
    std::string home = channel.setting("base_url");
    if (home.empty()) home = base;
    while (home.ends_with('/'))
        home.pop_back();
    const std::string wanted = channel.setting("api_version");
    HttpRequest request;
    request.method = std::move(method);
    request.url = home + "/" + (wanted.empty() ? std::string(version) : wanted) + "/" + path;
    request.bearer = channel.credential("access_token");
    reach_through(request, channel);
    request.timeout = std::chrono::seconds{8};
    return request;
}

std::string_view host_of(std::string_view url) {
    const std::size_t begin = url.find("://");
    if (begin == std::string_view::npos) return {};
    std::string_view rest = url.substr(begin + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    return rest.find('@') == std::string_view::npos ? rest : std::string_view{};
}

}  // namespace okno::meta
