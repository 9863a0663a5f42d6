#include "core/pages.hpp"

#include "core/answer.hpp"
#include "core/core.hpp"

#include <string>

namespace okno::sim {

namespace {

struct Kind {
    std::string_view ending;
    std::string_view mime;
};
constexpr Kind kKinds[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
};

// Only two pages frame something: /demo Okno's window, wherever it runs, and /phones the phones of this program.
constexpr std::string_view kPolicy =
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; base-uri 'none'; form-action 'none'";

}  // namespace

std::optional<net::ServerReply> answer_page(const Core& core, const net::ServerRequest& request) {
    std::string name;
    if (request.path == "/")
        name = "phone.html";
    else if (request.path == "/demo")
        name = "demo.html";
    else if (request.path == "/phones")
        name = "phones.html";
    else if (request.path == "/pages/options.json")
        return json_reply(200, {{"okno_url", core.okno_url}});
    else if (request.path.starts_with("/pages/"))
        name = request.path.substr(7);
    else
        return std::nullopt;

    const auto found = embedded_pages().find(name);
    if (found == embedded_pages().end()) return std::nullopt;
    std::string_view mime = "application/octet-stream";
    for (const Kind& kind : kKinds)
        if (name.ends_with(kind.ending)) mime = kind.mime;
    net::ServerReply reply = file_reply(mime, std::string(found->second));
    const std::string_view frames = name == "demo.html" ? "http: https:" : name == "phones.html" ? "'self'" : "'none'";
    reply.headers.set("Content-Security-Policy", std::string(kPolicy) + "; frame-src " + std::string(frames));
    reply.headers.set("Referrer-Policy", "no-referrer");
    reply.headers.set("Cache-Control", "no-cache");
    return reply;
}

}  // namespace okno::sim
