// The pages for people: the phone and the demo, embedded in the program.
#pragma once

#include "net/server.hpp"

#include <map>
#include <optional>
#include <string_view>

namespace okno::sim {

struct Core;

// The files of pages/ and samples/: name -> bytes; written by cmake/embed_pages.cmake.
const std::map<std::string_view, std::string_view>& embedded_pages();

// `/` the phone, `/demo` the phone beside Okno, `/pages/NAME` their parts. Empty: no page of ours.
std::optional<net::ServerReply> answer_page(const Core& core, const net::ServerRequest& request);

}  // namespace okno::sim
