#include "core/multipart.hpp"

#include <algorithm>
#include <cctype>

namespace okno::sim {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// `name="value"` or `name=value` in a header line.
std::string parameter(std::string_view line, std::string_view name) {
    const std::string wanted = std::string(name) + "=";
    const std::string folded = lower(line);
    for (std::size_t at = folded.find(wanted); at != std::string::npos; at = folded.find(wanted, at + 1)) {
        const bool is_start = at == 0 || folded[at - 1] == ' ' || folded[at - 1] == ';';
        if (!is_start) continue;
        std::string_view rest = line.substr(at + wanted.size());
        if (rest.starts_with('"')) {
            rest.remove_prefix(1);
            return std::string(rest.substr(0, rest.find('"')));
        }
        return std::string(rest.substr(0, rest.find_first_of("; \r\n")));
    }
    return {};
}

void read_head(std::string_view head, FormPart& part) {
    while (!head.empty()) {
        const std::size_t end = head.find("\r\n");
        const std::string_view line = head.substr(0, end);
        const std::string folded = lower(line);
        if (folded.starts_with("content-disposition:")) {
            part.name = parameter(line, "name");
            part.filename = parameter(line, "filename");
        } else if (folded.starts_with("content-type:")) {
            const std::string_view value = line.substr(line.find(':') + 1);
            const std::size_t first = value.find_first_not_of(' ');
            if (first != std::string_view::npos) part.content_type = value.substr(first);
        }
        if (end == std::string_view::npos) break;
        head.remove_prefix(end + 2);
    }
}

}  // namespace

std::optional<std::vector<FormPart>> read_form(std::string_view content_type, std::string_view body) {
    if (!lower(content_type).starts_with("multipart/form-data")) return std::nullopt;
    const std::string boundary = parameter(content_type, "boundary");
    if (boundary.empty()) return std::nullopt;
    const std::string mark = "--" + boundary;
    std::size_t at = body.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    std::vector<FormPart> parts;
    while (true) {
        at += mark.size();
        if (body.substr(at).starts_with("--")) return parts;
        if (!body.substr(at).starts_with("\r\n")) return std::nullopt;
        at += 2;
        const std::size_t head_end = body.find("\r\n\r\n", at);
        const std::size_t next = body.find("\r\n" + mark, at);
        if (head_end == std::string_view::npos || next == std::string_view::npos || head_end > next)
            return std::nullopt;
        FormPart part;
        read_head(body.substr(at, head_end - at), part);
        part.data = body.substr(head_end + 4, next - std::min(next, head_end + 4));
        parts.push_back(std::move(part));
        at = next + 2;
    }
}

}  // namespace okno::sim
