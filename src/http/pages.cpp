#include "http/pages.hpp"

#include "base/crypto.hpp"

#include <array>
#include <fstream>
#include <iterator>

namespace okno::http {

static constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; require-trusted-types-for 'script'; frame-ancestors ";

Pages::Pages(std::string folder, std::string_view frame_ancestors)
    : folder_(std::move(folder)), policy_(std::string(content_security_policy).append(frame_ancestors)) {}

static std::string_view type_of(std::string_view path) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> types{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".json", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".woff2", "font/woff2"},
        {".ico", "image/x-icon"},
    }};
    for (const auto& [ending, type] : types)
        if (path.ends_with(ending)) return type;
    return "application/octet-stream";
}

net::ServerReply Pages::reply_for(std::string_view path) const {
    net::ServerReply reply;
    reply.headers.set("Content-Type", std::string(type_of(path)));
    reply.headers.set("Referrer-Policy", "same-origin");
    // Names of assets carry a hash of their content; the rest may change with the next version.
    reply.headers.set("Cache-Control",
                      path.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    if (path.ends_with(".html")) {
        reply.headers.set("Content-Security-Policy", policy_);
        reply.headers.set("Cross-Origin-Opener-Policy", "same-origin");
    }
    return reply;
}

static net::ServerReply not_there(std::string_view why) {
    net::ServerReply reply{.status = 404, .headers = {}};
    reply.headers.set("Content-Type", "text/plain; charset=utf-8");
    reply.body = std::string(why) + "\n";
    return reply;
}

static bool accepts(const net::ServerRequest& request, std::string_view coding) {
    return request.headers.get("Accept-Encoding").find(coding) != std::string_view::npos;
}

net::ServerReply Pages::from_memory(const net::ServerRequest& request, const Page& page) const {
    net::ServerReply reply = reply_for(page.path);
    reply.constant_body = page.plain;
    reply.headers.set("Vary", "Accept-Encoding");
    if (!page.br.empty() && accepts(request, "br")) {
        reply.constant_body = page.br;
        reply.headers.set("Content-Encoding", "br");
    } else if (!page.gz.empty() && accepts(request, "gzip")) {
        reply.constant_body = page.gz;
        reply.headers.set("Content-Encoding", "gzip");
    }
    const std::string tag = "\"" + to_hex(short_hash(reply.constant_body).data(), 16) + "\"";
    reply.headers.set("ETag", tag);
    if (request.headers.get("If-None-Match") == tag) {
        reply.status = 304;
        reply.constant_body = {};
    }
    return reply;
}

net::ServerReply Pages::from_folder(const std::string& path) const {
    std::ifstream file(folder_ + "/" + path, std::ios::binary);
    if (!file || path.find("..") != std::string::npos) return not_there("There is no such file.");
    net::ServerReply reply = reply_for(path);
    reply.body.assign(std::istreambuf_iterator<char>(file), {});
    return reply;
}

net::ServerReply Pages::answer(const net::ServerRequest& request) const {
    const std::string path = request.path.substr(1);
    // An address with an ending names a file; every other is a place inside the one page.
    const bool is_file =
        path.find('.', path.rfind('/') == std::string::npos ? 0 : path.rfind('/')) != std::string::npos;
    if (!folder_.empty()) return from_folder(is_file ? path : "index.html");
    const auto& pages = embedded_pages();
    if (pages.empty()) return not_there("This okno was built without its pages: run ./dev build, or give --web-dir.");
    const auto found = pages.find(is_file ? std::string_view(path) : "index.html");
    return found == pages.end() ? not_there("There is no such file.") : from_memory(request, found->second);
}

}  // namespace okno::http
