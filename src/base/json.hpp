// Reads JSON from outside: every error names the path (`entry[0].changes[2].value`), nothing is assumed present.
#pragma once

#include "base/result.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace okno {

// Parses at most 64 levels deep. Lone surrogate escapes become U+FFFD before parsing and U+0000 is removed
// after, since PostgreSQL cannot hold it, and numbers stay within 1e308; bad UTF-8 is an error with the position.
// `memory`: where the document lives, and must not be copied from into what lives longer; empty: the heap.
Result<boost::json::value> parse_json(std::string_view text, boost::json::storage_ptr memory = {});

// A value inside a document together with its path. An absent value is legal and answers every question with
// "not there"; only the `required_` forms make an error.
class JsonView {
public:
    explicit JsonView(const boost::json::value& root) : root_(&root), nearest_(&root), value_(&root) {}

    bool is_there() const { return value_ != nullptr && !value_->is_null(); }
    // Sought in the document, since hardly any value's is asked for. Empty for the document itself.
    std::string path() const;
    const boost::json::value* raw() const { return value_; }

    JsonView operator[](std::string_view key) const;
    // Elements of an array; none when it is absent or no array.
    std::size_t size() const;
    JsonView at(std::size_t index) const;

    // Text, or a number or boolean written as text: providers send ids both ways. Empty optional when absent.
    std::optional<std::string> text() const;
    std::string text_or(std::string_view otherwise) const;
    // A whole number, or text holding one.
    std::optional<std::int64_t> integer() const;
    std::optional<double> number() const;
    std::optional<bool> boolean() const;

    Result<std::string> required_text() const;
    Result<std::int64_t> required_integer() const;

private:
    JsonView(const JsonView& from, const boost::json::value& found)
        : root_(from.root_), nearest_(&found), value_(&found) {}
    JsonView(const JsonView& from, std::string missing)
        : root_(from.root_), nearest_(from.nearest_), value_(nullptr), missing_(std::move(missing)) {}

    const boost::json::value* root_;
    const boost::json::value* nearest_;  // what is there of the way: value_, or what it would be in
    const boost::json::value* value_;
    std::string missing_;  // the rest of the way, as a path
};

}  // namespace okno
