#include "bus/hint_text.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"

#include <sodium.h>

namespace okno::bus {

namespace json = boost::json;

namespace {

struct Writer {
    json::object operator()(const WorkspacesChanged& hint) const {
        json::array ids;
        for (const WorkspaceId workspace : hint.workspaces)
            ids.emplace_back(workspace.value().text());
        return {{"hint", "changes"}, {"workspaces", std::move(ids)}};
    }
    json::object operator()(const OutboxChanged&) const { return {{"hint", "outbox"}}; }
    json::object operator()(const IntakeChanged&) const { return {{"hint", "intake"}}; }
    json::object operator()(const ChannelsChanged&) const { return {{"hint", "channels"}}; }
    json::object operator()(const SessionEnded& hint) const {
        return {{"hint", "session_ended"}, {"session", to_hex(hint.session_hash.data(), hint.session_hash.size())}};
    }
};

// Empty when it is no hexadecimal.
std::string from_hex(const std::string& text) {
    std::string bytes(text.size() / 2, '\0');
    std::size_t size = 0;
    const int wrong = sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                     text.size(), nullptr, &size, nullptr);
    return wrong == 0 && size == bytes.size() && text.size() % 2 == 0 ? bytes : std::string();
}

}  // namespace

std::string write_hint(const Hint& hint) { return json::serialize(std::visit(Writer{}, hint)); }

std::optional<Hint> read_hint(std::string_view text) {
    const Result<json::value> document = parse_json(text);
    if (!document) return std::nullopt;
    const JsonView view(*document);
    const std::string kind = view["hint"].text_or("");
    if (kind == "outbox") return OutboxChanged{};
    if (kind == "intake") return IntakeChanged{};
    if (kind == "channels") return ChannelsChanged{};
    if (kind == "session_ended") {
        const std::string session = from_hex(view["session"].text_or(""));
        return session.empty() ? std::nullopt : std::optional<Hint>(SessionEnded{session});
    }
    if (kind != "changes") return std::nullopt;
    WorkspacesChanged changed;
    const JsonView ids = view["workspaces"];
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (const auto id = parse_uuid(ids.at(i).text_or(""))) changed.workspaces.push_back(WorkspaceId{*id});
    return changed.workspaces.empty() ? std::nullopt : std::optional<Hint>(std::move(changed));
}

}  // namespace okno::bus
