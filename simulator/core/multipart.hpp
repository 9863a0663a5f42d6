// Reads multipart/form-data of a media upload.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okno::sim {

struct FormPart {
    std::string name;
    std::string filename;      // empty: none given
    std::string content_type;  // empty: none given
    std::string data;
};

// Empty when the content type names no boundary or the body does not follow it.
std::optional<std::vector<FormPart>> read_form(std::string_view content_type, std::string_view body);

}  // namespace okno::sim
