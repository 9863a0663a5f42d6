#include "domain/wanted_change.hpp"

#include "base/json.hpp"

namespace okno {

namespace json = boost::json;

std::string_view name_of(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::edit: return "edit";
        case ChangeKind::remove: return "remove";
    }
    return "edit";
}

std::optional<ChangeKind> read_change_kind(std::string_view name) {
    for (const ChangeKind kind : {ChangeKind::edit, ChangeKind::remove})
        if (name == name_of(kind)) return kind;
    return std::nullopt;
}

std::string write_wanted_change(const std::optional<WantedChange>& change) {
    if (!change) return {};
    return json::serialize(json::object{{"kind", name_of(change->kind)},
                                        {"text", change->text},
                                        {"by", change->by},
                                        {"code", change->error_code},
                                        {"words", change->error_message}});
}

std::optional<WantedChange> read_wanted_change(const std::string& stored) {
    if (stored.empty()) return std::nullopt;
    const auto document = parse_json(stored);
    if (!document) return std::nullopt;
    const JsonView view(*document);
    const auto kind = read_change_kind(view["kind"].text_or(""));
    if (!kind) return std::nullopt;
    return WantedChange{*kind, view["text"].text_or(""), view["by"].text_or(""), view["code"].text_or(""),
                        view["words"].text_or("")};
}

bool is_in_time(std::optional<std::chrono::milliseconds> within, Timestamp left, Timestamp now) {
    return !within || now - left < *within;
}

}  // namespace okno
