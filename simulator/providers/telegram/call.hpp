// One call of the Bot API: who calls what, with which parameters and files, however they were written.
#pragma once

#include "core/reading.hpp"
#include "providers/telegram/refusals.hpp"
#include "providers/telegram/site.hpp"

namespace okno::sim::telegram {

struct Upload {
    std::string filename;
    std::string mime_type;
    std::shared_ptr<const std::string> bytes;
};

struct Call {
    net::ServerRequest request;
    std::string token;
    std::string method;  // as it was written
    json::object args;   // of a form they are all text
    std::map<std::string, Upload, std::less<>> uploads;
    Bot* bot = nullptr;
    std::string remark;  // becomes the `description` of success
    json::object entry;  // the journal's line

    std::string text(std::string_view name) const { return text_at(args, name); }
    std::int64_t number(std::string_view name, std::int64_t otherwise = 0) const {
        return number_at(args, name, otherwise);
    }
    // true, "true", "True", 1, "1", "yes".
    bool flag(std::string_view name) const;
    // Empty when it is absent or no number.
    std::optional<double> decimal(std::string_view name) const;
    // An object or array, or text holding one; null when absent. `what` names it in the refusal.
    std::expected<json::value, Refusal> structure(std::string_view name) const;
};

// `/bot<token>/<method>`; the token may be of any form.
Call open_call(net::ServerRequest request);
// Query, form, multipart or JSON into `args` and `uploads`.
Problem read_args(Call& call);
// The path with the secret half of the token hidden.
std::string masked_path(std::string_view path);
bool has_token_form(std::string_view token);

bool truth_of(const json::value& value);

}  // namespace okno::sim::telegram
