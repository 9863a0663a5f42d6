// HTTP as plain values: what the edge hands to messengers, and what messengers hand to the transport.
#pragma once

#include "base/secret.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace okno {

// In the order of the wire; names compare without case.
struct Headers {
    std::vector<std::pair<std::string, std::string>> fields;

    // The first value of the name; empty when the header is absent.
    std::string_view get(std::string_view name) const;
    void set(std::string name, std::string value);
};

// A field of multipart/form-data: `value`, or the content of `file` when that is given.
struct FormField {
    std::string name;
    std::string value;
    std::string file;       // a path; empty: none
    std::string file_name;  // as told to the other side
    std::string mime;
};

// One outbound call. `timeout` covers the whole call and is required.
struct HttpRequest {
    std::string method = "GET";
    std::string url;
    Headers headers;
    std::string body;
    std::vector<FormField> form;  // not empty: sent as multipart/form-data instead of `body`
    std::string save_to;          // a path: a 2xx reply's body is written there, HttpReply::body stays empty
    // Sent as `Authorization: Bearer ...` when it is not empty; never logged, never sent to a redirect.
    Secret bearer;
    std::string proxy;  // empty: none
    // Certificates (PEM) that this call trusts beside those of the system; empty: none.
    std::string trusted_certificate{};
    std::chrono::milliseconds timeout{0};
    std::size_t max_reply_bytes = 4 << 20;
    // False: an address in a private network is refused after it was resolved (SSRF).
    bool allow_private_network = false;
};

struct HttpReply {
    int status = 0;
    Headers headers;
    std::string body;
};

// A call to /hooks/<channel key>. `query` is decoded, in order; `body` are the raw bytes as signed.
struct WebhookRequest {
    std::string method;
    std::vector<std::pair<std::string, std::string>> query;
    Headers headers;
    std::string body;

    // The first value of the name, or empty.
    std::string_view query_value(std::string_view name) const;
};

}  // namespace okno
