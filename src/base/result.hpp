// Input that may be wrong: the value, or an Error that says what, where and what to do.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace okno {

enum class ErrorKind {
    invalid,         // the input is wrong: 422
    not_found,       // 404
    conflict,        // the state does not allow it: 409
    unauthorized,    // who are you: 401
    forbidden,       // you may not: 403
    unavailable,     // try again later: 503
    too_many,        // too many requests: 429
    never_left,      // an outbound call failed before its request was written
    left_no_answer,  // an outbound call was written, no answer came
};

// `code` is stable and for programs, `detail` a sentence for people, `where` the field or JSON path (may be empty).
struct Error {
    ErrorKind kind = ErrorKind::invalid;
    std::string code;
    std::string detail;
    std::string where{};
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string code, std::string detail, std::string where = {}) {
    return std::unexpected(Error{kind, std::move(code), std::move(detail), std::move(where)});
}

}  // namespace okno
