#include "server/configuration.hpp"

#include "media/s3_address.hpp"
#include "net/trusted_proxies.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <sstream>
#include <type_traits>
#include <variant>

namespace okno::server {

namespace {

// One setting: its name in the file (with its table), and where it lands. The environment calls it OKNO_<NAME>.
struct Setting {
    const char* name;
    std::variant<std::string Configuration::*, int Configuration::*, bool Configuration::*,
                 std::vector<std::string> Configuration::*>
        member;
};

constexpr Setting settings[] = {
    {"data_dir", &Configuration::data_dir},
    {"database", &Configuration::database},
    {"listen", &Configuration::listen},
    {"public_url", &Configuration::public_url},
    {"tls_certificate", &Configuration::tls_certificate},
    {"tls_key", &Configuration::tls_key},
    {"trusted_proxies", &Configuration::trusted_proxies},
    {"media", &Configuration::media},
    {"bus", &Configuration::bus},
    {"installation", &Configuration::installation},
    {"alarm_url", &Configuration::alarm_url},
    {"web_dir", &Configuration::web_dir},
    {"log.format", &Configuration::log_format},
    {"log.level", &Configuration::log_level},
    {"threads", &Configuration::threads},
    {"max_connections", &Configuration::max_connections},
    {"connections_per_address", &Configuration::connections_per_address},
    {"outbound.allow_private", &Configuration::allow_private},
};

std::string variable_of(const std::string& name) {
    std::string out = "OKNO_";
    for (const char c : name)
        out += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

std::unexpected<Error> wrong(const std::string& where, const std::string& detail) {
    return fail(ErrorKind::invalid, "bad_setting", fmt::format("{}: {}", where, detail), where);
}

// "a, b" as a list; of a variable and a flag.
std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string one; std::getline(in, one, ',');) {
        std::erase(one, ' ');
        if (!one.empty()) out.push_back(one);
    }
    return out;
}

Result<void> set(Configuration& to, const Setting& setting, const std::string& value, const std::string& where) {
    if (const auto* text = std::get_if<std::string Configuration::*>(&setting.member)) {
        to.*(*text) = value;
    } else if (const auto* number = std::get_if<int Configuration::*>(&setting.member)) {
        int read = 0;
        const auto result = std::from_chars(value.data(), value.data() + value.size(), read);
        if (result.ec != std::errc{} || result.ptr != value.data() + value.size() || read < 1)
            return wrong(where, fmt::format("`{}` is no whole number from 1", value));
        to.*(*number) = read;
    } else if (const auto* list = std::get_if<std::vector<std::string> Configuration::*>(&setting.member)) {
        to.*(*list) = split(value);
    } else {
        if (value != "true" && value != "false")
            return wrong(where, fmt::format("`{}` is neither true nor false", value));
        to.*std::get<bool Configuration::*>(setting.member) = value == "true";
    }
    return {};
}

// The value as a variable would hold it; empty when the setting is of another type.
std::optional<std::string> text_of(const toml::node& node, const Setting& setting) {
    if (std::holds_alternative<std::string Configuration::*>(setting.member)) return node.value_exact<std::string>();
    if (std::holds_alternative<bool Configuration::*>(setting.member)) {
        const auto flag = node.value_exact<bool>();
        return flag ? std::optional(*flag ? "true" : "false") : std::nullopt;
    }
    if (std::holds_alternative<int Configuration::*>(setting.member)) {
        const auto number = node.value_exact<std::int64_t>();
        return number ? std::optional(fmt::to_string(*number)) : std::nullopt;
    }
    const toml::array* list = node.as_array();
    if (list == nullptr) return std::nullopt;
    std::string out;
    for (const toml::node& one : *list) {
        const auto text = one.value_exact<std::string>();
        if (!text) return std::nullopt;
        out += *text + ",";
    }
    return out;
}

const char* type_of(const Setting& setting) {
    constexpr const char* names[] = {"text in quotes", "a whole number", "true or false", "a list of texts"};
    return names[setting.member.index()];
}

const Setting* setting_named(std::string_view name) {
    for (const Setting& setting : settings)
        if (setting.name == name) return &setting;
    return nullptr;
}

Result<void> read_table(Configuration& to, const toml::table& table, const std::string& prefix, const std::string& file,
                        std::map<std::string, bool>& given) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix + std::string(key.str());
        const std::string where = fmt::format("{}, line {}, {}", file, node.source().begin.line, name);
        if (const toml::table* inner = node.as_table(); inner != nullptr && setting_named(name) == nullptr) {
            const Result<void> read = read_table(to, *inner, name + ".", file, given);
            if (!read) return read;
            continue;
        }
        const Setting* setting = setting_named(name);
        if (setting == nullptr) return wrong(where, "there is no such setting (see `okno config`)");
        const auto text = text_of(node, *setting);
        if (!text) return wrong(where, fmt::format("expected {}", type_of(*setting)));
        const Result<void> done = set(to, *setting, *text, where);
        if (!done) return done;
        given[name] = true;
    }
    return {};
}

// https://okno.example, with a port and a path at most.
bool is_public_url(const std::string& url) {
    const std::string rest = url.starts_with("https://")  ? url.substr(8)
                             : url.starts_with("http://") ? url.substr(7)
                                                          : std::string();
    return !rest.empty() && rest[0] != '/' && rest.find_first_of(" \t?#@\"") == std::string::npos;
}

// nats://user:password@host:4222, or tls://; several with commas between.
bool is_bus(const std::string& text) {
    const std::vector<std::string> servers = split(text);
    return !servers.empty() && std::ranges::all_of(servers, [](const std::string& server) {
        const std::size_t begin = server.starts_with("nats://") ? 7 : server.starts_with("tls://") ? 6 : 0;
        const std::size_t at = server.find('@');
        const std::string host = server.substr(at == std::string::npos ? begin : at + 1);
        const std::string port = host.substr(std::min(host.rfind(':'), host.size()));
        return begin > 0 && !host.empty() && host[0] != ':' && host.find_first_of(" \t/?#\"") == std::string::npos &&
               (port.ends_with(']') || port.find_first_not_of("0123456789", 1) == std::string::npos);
    });
}

// As part of a subject of NATS it has neither dots nor stars.
bool is_plain_name(const std::string& text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

// What stands before the host of an address is a secret, but for the user's name.
std::string without_passwords(const std::string& text) {
    std::string out;
    for (const std::string& server : split(text)) {
        const std::size_t scheme = server.find("://");
        const std::size_t at = server.rfind('@');
        out += out.empty() ? "" : ",";
        if (scheme == std::string::npos || at == std::string::npos) {
            out += server;
            continue;
        }
        const std::size_t colon = server.find(':', scheme + 3);
        out += server.substr(0, colon < at ? colon + 1 : scheme + 3) + "***" + server.substr(at);
    }
    return out;
}

Result<void> check_media(const Configuration& configuration) {
    if (!configuration.has_media_on_s3()) {
        if (configuration.media.find("://") != std::string::npos)
            return wrong("media", "expected a folder or s3://bucket/prefix?endpoint=https://...&region=...");
        return {};
    }
    const Result<media::S3Address> address = media::read_s3_address(configuration.media);
    if (!address) return wrong("media", address.error().detail);
    if (configuration.s3_access_key.empty() || configuration.s3_secret_key.empty())
        return wrong("media", "set the keys of the file store as OKNO_S3_ACCESS_KEY and OKNO_S3_SECRET_KEY");
    return {};
}

Result<void> check(const Configuration& configuration) {
    const int port = configuration.port();
    if (port < 0 || port > 65535 || configuration.address().empty())
        return wrong("listen", fmt::format("`{}` is not of the form 127.0.0.1:8080", configuration.listen));
    if (!configuration.public_url.empty() && !is_public_url(configuration.public_url))
        return wrong("public_url",
                     fmt::format("`{}` is no address such as https://okno.example", configuration.public_url));
    const std::string& alarm_url = configuration.alarm_url;
    if (!alarm_url.empty() && !is_public_url(alarm_url.substr(0, alarm_url.find('?'))))
        return wrong("alarm_url", fmt::format("`{}` is no address such as https://watch.example/okno", alarm_url));
    if (configuration.tls_certificate.empty() != configuration.tls_key.empty())
        return wrong(configuration.tls_key.empty() ? "tls_key" : "tls_certificate",
                     "a certificate and its key are given together or not at all");
    try {
        net::TrustedProxies proxies(configuration.trusted_proxies);
    } catch (const std::runtime_error& reason) {
        return fail(ErrorKind::invalid, "bad_setting", reason.what(), "trusted_proxies");
    }
    if (const Result<void> media = check_media(configuration); !media) return media;
    if (!configuration.bus.empty() && !is_bus(configuration.bus))  // it may hold a password: not repeated
        return wrong("bus", "expected nats://host:4222 or tls://host:4222, several with commas between");
    if (!is_plain_name(configuration.installation))
        return wrong("installation", "expected letters, digits, - and _, at most 64");
    if (configuration.threads > 64) return wrong("threads", "expected 1 to 64");
    if (configuration.log_format != "text" && configuration.log_format != "json")
        return wrong("log.format", "expected text or json");
    for (const char* level : {"debug", "info", "warning", "error"})
        if (configuration.log_level == level) return {};
    return wrong("log.level", "expected debug, info, warning or error");
}

}  // namespace

std::string Configuration::address() const {
    const std::size_t colon = listen.rfind(':');
    std::string out = colon == std::string::npos ? std::string() : listen.substr(0, colon);
    if (out.starts_with('[') && out.ends_with(']')) out = out.substr(1, out.size() - 2);
    return out == "localhost" ? "127.0.0.1" : out;
}

int Configuration::port() const {
    const std::size_t colon = listen.rfind(':');
    if (colon == std::string::npos) return -1;
    int port = -1;
    const char* end = listen.data() + listen.size();
    const auto read = std::from_chars(listen.data() + colon + 1, end, port);
    return read.ptr == end ? port : -1;
}

bool Configuration::is_on_loopback() const {
    const std::string host = address();
    return host.starts_with("127.") || host == "::1";
}

Result<Configuration> read_configuration(const std::string& file, bool is_file_required,
                                         const std::function<const char*(const char*)>& environment,
                                         const std::map<std::string, std::string>& flags) {
    Configuration out;
    std::map<std::string, bool> given;
    if (is_file_required || std::filesystem::exists(file)) {
        try {
            const toml::table table = toml::parse_file(file);
            const Result<void> read = read_table(out, table, "", file, given);
            if (!read) return std::unexpected(read.error());
        } catch (const toml::parse_error& error) {
            return wrong(fmt::format("{}, line {}", file, error.source().begin.line), std::string(error.description()));
        }
    }
    for (const Setting& setting : settings) {
        const std::string variable = variable_of(setting.name);
        const auto flag = flags.find(setting.name);
        const char* value = flag != flags.end() ? flag->second.c_str() : environment(variable.c_str());
        if (value == nullptr) continue;
        const Result<void> done = set(out, setting, value, flag != flags.end() ? flag->first : variable);
        if (!done) return std::unexpected(done.error());
        given[setting.name] = true;
    }
    for (const auto& [variable, key] : {std::pair("OKNO_S3_ACCESS_KEY", &Configuration::s3_access_key),
                                        std::pair("OKNO_S3_SECRET_KEY", &Configuration::s3_secret_key),
                                        std::pair("OKNO_ALARM_KEY", &Configuration::alarm_key)})
        if (const char* value = environment(variable)) out.*key = Secret(value);
    const Result<void> good = check(out);
    if (!good) return std::unexpected(good.error());
    if (!given["outbound.allow_private"]) out.allow_private = out.is_on_loopback();
    while (out.public_url.ends_with('/'))
        out.public_url.pop_back();
    return out;
}

// postgresql://user:password@host/... without the password.
static std::string without_password(const std::string& url) {
    const std::size_t begin = url.find("://");
    const std::size_t end = url.find('@');
    if (begin == std::string::npos || end == std::string::npos) return url;
    const std::size_t colon = url.find(':', begin + 3);
    return colon < end ? url.substr(0, colon + 1) + "***" + url.substr(end) : url;
}

std::string write_configuration(const Configuration& effective) {
    Configuration configuration = effective;
    configuration.bus = without_passwords(configuration.bus);
    configuration.database = without_password(configuration.database);
    toml::table root;
    for (const Setting& setting : settings) {
        const std::string name = setting.name;
        const std::size_t dot = name.find('.');
        toml::table* table = &root;
        if (dot != std::string::npos) table = root.insert(name.substr(0, dot), toml::table{}).first->second.as_table();
        if (const auto* list = std::get_if<std::vector<std::string> Configuration::*>(&setting.member)) {
            toml::array texts;
            for (const std::string& one : configuration.*(*list))
                texts.push_back(one);
            table->insert_or_assign(name.substr(dot + 1), std::move(texts));
            continue;
        }
        std::visit(
            [&]<typename Member>(Member member) {
                if constexpr (!std::is_same_v<Member, std::vector<std::string> Configuration::*>)
                    table->insert_or_assign(name.substr(dot + 1), configuration.*member);
            },
            setting.member);
    }
    std::ostringstream out;
    out << root << '\n';
    return out.str();
}

}  // namespace okno::server
