#include "providers/whatsapp/account.hpp"

#include "core/base64.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

namespace okno::sim::whatsapp {

namespace {

// The members named in `fields` (or in `otherwise`), always with `id`. Unknown names are left out, as Graph does
// for fields it has nothing for.
json::object pick(const json::object& all, std::string_view fields, std::string_view otherwise) {
    json::object out;
    std::string_view wanted = fields.empty() ? otherwise : fields;
    while (!wanted.empty()) {
        const std::size_t comma = wanted.find(',');
        const std::string_view name = wanted.substr(0, comma);
        if (const json::value* value = all.if_contains(name)) out[name] = *value;
        if (comma == std::string_view::npos) break;
        wanted.remove_prefix(comma + 1);
    }
    out["id"] = all.at("id");
    return out;
}

json::object number_object(const Site& site, const Number& number) {
    const std::int64_t rate = number.is_coexistence ? 20 : number.messages_per_second;
    json::object out{
        {"id", number.id},
        {"display_phone_number", number.display},
        {"verified_name", number.verified_name},
        {"status", number.status},
        {"quality_rating", number.quality},
        {"name_status", number.name_status},
        {"code_verification_status", "VERIFIED"},
        {"platform_type", "CLOUD_API"},
        {"is_on_biz_app", number.is_coexistence},
        {"whatsapp_business_manager_messaging_limit", number.messaging_limit},
        {"throughput", {{"level", rate >= 1000 ? "HIGH" : "STANDARD"}}},
        {"health_status",
         {{"can_send_message", number.status == "CONNECTED" ? "AVAILABLE" : "BLOCKED"},
          {"entities",
           json::array{json::object{{"entity_type", "PHONE_NUMBER"},
                                    {"id", number.id},
                                    {"can_send_message", number.status == "CONNECTED" ? "AVAILABLE" : "BLOCKED"}}}}}}};
    json::object callbacks;
    if (!number.override_url.empty()) callbacks["phone_number"] = number.override_url;
    const auto waba = site.world.wabas.find(number.waba_id);
    if (waba != site.world.wabas.end()) {
        if (!waba->second.override_url.empty()) callbacks["whatsapp_business_account"] = waba->second.override_url;
        const auto app = site.world.apps.find(waba->second.app_id);
        if (app != site.world.apps.end() && !app->second.callback_url.empty())
            callbacks["application"] = app->second.callback_url;
    }
    out["webhook_configuration"] = std::move(callbacks);
    return out;
}

constexpr std::string_view kNumberFields =
    "verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput,"
    "webhook_configuration";
constexpr std::string_view kTemplateFields = "name,parameter_format,components,language,status,category";

std::size_t limit_of(const net::ServerRequest& request) {
    std::size_t limit = 25;
    const std::string_view given = request.query_value("limit");
    std::from_chars(given.data(), given.data() + given.size(), limit);
    return std::clamp<std::size_t>(limit, 1, 1000);
}

// One page of `all`; a cursor is the base64 of a position.
net::ServerReply page(const Site& site, const std::vector<json::object>& all, const net::ServerRequest& request) {
    std::size_t start = 0;
    if (const std::string_view after = request.query_value("after"); !after.empty()) {
        const std::string position = from_base64(after).value_or("");
        const auto [end, error] = std::from_chars(position.data(), position.data() + position.size(), start);
        if (error != std::errc{} || start > all.size()) return graph_error({100, "Invalid cursor."});
    }
    const std::size_t limit = limit_of(request);
    const std::size_t stop = std::min(all.size(), start + limit);
    json::array data(all.begin() + static_cast<std::ptrdiff_t>(start), all.begin() + static_cast<std::ptrdiff_t>(stop));
    json::object out{{"data", std::move(data)}};
    if (stop > start) {
        const std::string after = to_base64(std::to_string(stop));
        json::object paging{{"cursors", {{"before", to_base64(std::to_string(start))}, {"after", after}}}};
        if (stop < all.size()) {
            std::string next = site.core.public_url + request.path + "?limit=" + std::to_string(limit);
            next += "&after=" + after;
            paging["next"] = next;
        }
        out["paging"] = std::move(paging);
    }
    return json_reply(200, out);
}

bool matches(std::string_view wanted, std::string_view value) { return wanted.empty() || wanted == value; }

}  // namespace

json::object template_object(const Template& one) {
    return {{"id", one.id},
            {"name", one.name},
            {"language", one.language},
            {"status", one.status},
            {"category", one.category},
            {"parameter_format", one.parameter_format},
            {"components", one.components},
            {"rejected_reason", "NONE"},
            {"quality_score", {{"score", "UNKNOWN"}}}};
}

net::ServerReply describe_number(const Site& site, const Number& number, const net::ServerRequest& request) {
    return json_reply(200, pick(number_object(site, number), request.query_value("fields"), kNumberFields));
}

net::ServerReply describe_waba(const Waba& waba, const net::ServerRequest& request) {
    const json::object all{{"id", waba.id},
                           {"name", waba.name},
                           {"timezone_id", "1"},
                           {"message_template_namespace", "sim_" + waba.id},
                           {"account_review_status", "APPROVED"},
                           {"business_verification_status", "verified"}};
    return json_reply(200, pick(all, request.query_value("fields"), "name,timezone_id,message_template_namespace"));
}

net::ServerReply list_numbers(const Site& site, const Waba& waba, const net::ServerRequest& request) {
    std::vector<json::object> all;
    for (const auto& [id, number] : site.world.numbers)
        if (number.waba_id == waba.id)
            all.push_back(pick(number_object(site, number), request.query_value("fields"), kNumberFields));
    return page(site, all, request);
}

net::ServerReply list_templates(const Site& site, const Waba& waba, const net::ServerRequest& request) {
    std::vector<json::object> all;
    for (const auto& [id, one] : site.world.templates) {
        const bool is_wanted = one.waba_id == waba.id && matches(request.query_value("name"), one.name) &&
                               matches(request.query_value("status"), one.status) &&
                               matches(request.query_value("category"), one.category) &&
                               matches(request.query_value("language"), one.language);
        if (is_wanted) all.push_back(pick(template_object(one), request.query_value("fields"), kTemplateFields));
    }
    return page(site, all, request);
}

net::ServerReply describe_template(const Template& one, const net::ServerRequest& request) {
    return json_reply(200, pick(template_object(one), request.query_value("fields"), kTemplateFields));
}

net::ServerReply describe_subscription(const Site& site, const Waba& waba) {
    json::array data;
    const auto app = site.world.apps.find(waba.app_id);
    if (waba.is_subscribed && app != site.world.apps.end()) {
        json::object one{{"whatsapp_business_api_data",
                          {{"id", app->second.id},
                           {"name", app->second.name},
                           {"link", "https://www.facebook.com/games/?app_id=" + app->second.id}}}};
        if (!waba.override_url.empty()) one["override_callback_uri"] = waba.override_url;
        data.emplace_back(std::move(one));
    }
    return json_reply(200, {{"data", std::move(data)}});
}

net::ServerReply debug_token(const Site& site, const net::ServerRequest& request) {
    const std::string_view asked = request.query_value("input_token");
    for (const auto& [id, app] : site.world.apps) {
        const auto token = std::ranges::find(app.tokens, asked, &Token::text);
        if (token == app.tokens.end()) continue;
        json::array scopes;
        json::array granular;
        json::array targets;
        for (const auto& [waba_id, waba] : site.world.wabas)
            if (waba.app_id == id) targets.emplace_back(waba_id);
        for (const std::string& permission : token->permissions) {
            scopes.emplace_back(permission);
            granular.emplace_back(json::object{{"scope", permission}, {"target_ids", targets}});
        }
        const std::int64_t expires =
            token->expires_at
                ? std::chrono::duration_cast<std::chrono::seconds>(token->expires_at->time_since_epoch()).count()
                : 0;
        const bool is_valid = !token->expires_at || site.now() < *token->expires_at;
        return json_reply(200, {{"data",
                                 {{"app_id", app.id},
                                  {"type", "SYSTEM_USER"},
                                  {"application", app.name},
                                  {"data_access_expires_at", 0},
                                  {"expires_at", expires},
                                  {"is_valid", is_valid},
                                  {"scopes", std::move(scopes)},
                                  {"granular_scopes", std::move(granular)}}}});
    }
    return json_reply(200, {{"data", {{"is_valid", false}, {"scopes", json::array()}}}});
}

}  // namespace okno::sim::whatsapp
