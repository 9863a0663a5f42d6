#include "server/demo_channels.hpp"

#include <fmt/format.h>

#include <future>
#include <stdexcept>

namespace okno::server {

namespace json = boost::json;

json::value DemoParty::ask(const std::string& method, const std::string& path, const json::value& body) const {
    HttpRequest request{.method = method, .url = url + path};
    request.headers.set("Content-Type", "application/json");
    if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
    if (!body.is_null()) request.body = json::serialize(body);
    request.timeout = std::chrono::seconds(10);
    request.allow_private_network = true;
    std::promise<Result<HttpReply>> promise;
    client.perform(std::move(request), [&](Result<HttpReply> reply) { promise.set_value(std::move(reply)); });
    const Result<HttpReply> reply = promise.get_future().get();
    if (!reply) throw std::runtime_error(fmt::format("{} does not answer: {}", url, reply.error().detail));
    if (reply->status / 100 != 2) throw std::runtime_error(fmt::format("{} was refused: {}", path, reply->body));
    auto document = parse_json(reply->body.empty() ? "{}" : reply->body);
    return document ? std::move(*document) : json::value(nullptr);
}

static void put_address(json::value& settings, const std::string& simulator) {
    constexpr std::string_view place = "{simulator}";
    for (auto& [name, value] : settings.as_object()) {
        const std::string text(value.as_string());
        if (text.starts_with(place)) value = simulator + text.substr(place.size());
    }
}

void connect_demo_channels(const DemoParty& okno, const DemoParty& simulator, const JsonView& channels) {
    for (std::size_t i = 0; i < channels.size(); ++i) {
        json::object wanted = channels.at(i).raw()->as_object();
        const json::value callback = wanted.contains("callback") ? wanted.at("callback") : json::value(nullptr);
        wanted.erase("callback");
        put_address(wanted.at("settings"), simulator.url);
        const json::value made = okno.ask("POST", "/api/v1/channels", wanted);
        if (callback.is_null()) continue;
        json::object body = callback.at("body").as_object();
        body["callback_url"] = made.at("webhook_url");
        body["verify_token"] = made.at("verify_token");
        simulator.ask("POST", JsonView(callback)["path"].text_or(""), body);
    }
}

}  // namespace okno::server
