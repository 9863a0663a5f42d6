// Reads the fields of a request's JSON body and remembers the first thing that is wrong with it.
#pragma once

#include "base/json.hpp"

#include <map>
#include <memory>

namespace okno::http {

class BodyReader {
public:
    explicit BodyReader(const boost::json::value& body);
    // A part of the body; its errors are noted in `parent`.
    BodyReader part(const std::string& name, bool is_required);

    // Counted in characters. Absent or null counts as empty, and is wrong when `least` > 0.
    std::string text(const std::string& name, std::size_t least, std::size_t most);
    bool flag(const std::string& name);  // absent: false
    std::int64_t whole(const std::string& name, std::int64_t least, std::int64_t most, std::int64_t otherwise);
    // All text values of an object; absent: none. Numbers are read as text.
    std::map<std::string, std::string> texts(const std::string& name);
    bool has(const std::string& name) const { return view_[name].is_there(); }
    JsonView view() const { return view_; }

    void wrong(const std::string& field, const std::string& detail);
    bool is_good() const { return !error_->has_value(); }
    std::unexpected<Error> error() const { return std::unexpected(**error_); }

private:
    BodyReader(JsonView view, std::shared_ptr<std::optional<Error>> error)
        : view_(std::move(view)), error_(std::move(error)) {}
    std::string path_of(const std::string& name) const;

    JsonView view_;
    std::shared_ptr<std::optional<Error>> error_;
};

}  // namespace okno::http
