// The operators' pages: embedded into the program, or read from a folder while they are worked on.
#pragma once

#include "net/server.hpp"

#include <map>
#include <string>
#include <string_view>

namespace okno::http {

// One file in the forms in which it can be sent; `br` and `gz` may be empty.
struct Page {
    std::string_view path;  // "assets/index-abc.js"
    std::string_view plain;
    std::string_view br;
    std::string_view gz;
};

// What the build embedded; empty when it was built without the pages.
const std::map<std::string_view, Page>& embedded_pages();

class Pages {
public:
    // An empty folder name: the embedded ones.
    // `frame_ancestors` of the content security policy: who may show the pages in a frame.
    Pages(std::string folder, std::string_view frame_ancestors);

    // A file, or index.html for every address of the pages; 404 for an unknown asset.
    net::ServerReply answer(const net::ServerRequest& request) const;

private:
    net::ServerReply from_folder(const std::string& path) const;
    net::ServerReply from_memory(const net::ServerRequest& request, const Page& page) const;
    net::ServerReply reply_for(std::string_view path) const;
    std::string folder_;
    std::string policy_;
};

}  // namespace okno::http
