#include "messengers/viber/tracking.hpp"

#include "base/json.hpp"

namespace okno::viber {

namespace json = boost::json;

static constexpr std::size_t most_bytes = 4000;

std::string write_tracking(const Tracking& tracking) {
    json::object out;
    if (!tracking.reference.empty()) out["m"] = tracking.reference;
    if (!tracking.token.empty()) out["s"] = tracking.token;
    if (tracking.asks_phone) out["p"] = true;
    if (!tracking.has_choices) return json::serialize(out);
    json::array choices;
    for (const Choice& choice : tracking.choices)
        choices.push_back(json::array{json::string(choice.id), json::string(choice.title)});
    out["c"] = std::move(choices);
    std::string text = json::serialize(out);
    if (text.size() <= most_bytes) return text;
    out["c"] = json::array();
    return json::serialize(out);
}

Tracking read_tracking(const std::string& text) {
    Tracking out;
    const auto document = parse_json(text);
    if (!document || !document->is_object()) return out;
    const JsonView view(*document);
    out.reference = view["m"].text_or("");
    out.token = view["s"].text_or("");
    out.asks_phone = view["p"].boolean().value_or(false);
    out.has_choices = view["c"].is_there();
    for (std::size_t i = 0; i < view["c"].size(); ++i)
        out.choices.push_back({view["c"].at(i).at(0).text_or(""), view["c"].at(i).at(1).text_or("")});
    return out;
}

}  // namespace okno::viber
