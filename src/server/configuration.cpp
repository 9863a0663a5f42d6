#include "server/configuration.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <variant>

namespace okno::server {

namespace {

// One setting: its name in the file (with its table), and where it lands. The environment calls it OKNO_<NAME>.
struct Setting {
    const char* name;
    std::variant<std::string Configuration::*, int Configuration::*, bool Configuration::*> member;
};

constexpr Setting settings[] = {
    {"data_dir", &Configuration::data_dir},
    {"listen", &Configuration::listen},
    {"public_url", &Configuration::public_url},
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

Result<void> set(Configuration& to, const Setting& setting, const std::string& value, const std::string& where) {
    if (const auto* text = std::get_if<std::string Configuration::*>(&setting.member)) {
        to.*(*text) = value;
    } else if (const auto* number = std::get_if<int Configuration::*>(&setting.member)) {
        int read = 0;
        const auto result = std::from_chars(value.data(), value.data() + value.size(), read);
        if (result.ec != std::errc{} || result.ptr != value.data() + value.size() || read < 1)
            return wrong(where, fmt::format("`{}` is no whole number from 1", value));
        to.*(*number) = read;
    } else {
        if (value != "true" && value != "false")
            return wrong(where, fmt::format("`{}` is neither true nor false", value));
        to.*std::get<bool Configuration::*>(setting.member) = value == "true";
    }
    return {};
}

std::string text_of(const toml::node& node) {
    if (const auto text = node.value<std::string>(); text && node.is_string()) return *text;
    if (const auto flag = node.value<bool>(); flag && node.is_boolean()) return *flag ? "true" : "false";
    if (const auto number = node.value<std::int64_t>(); number && node.is_integer()) return fmt::to_string(*number);
    return "?";
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
        if (const toml::table* inner = node.as_table()) {
            const Result<void> read = read_table(to, *inner, name + ".", file, given);
            if (!read) return read;
            continue;
        }
        const Setting* setting = setting_named(name);
        if (setting == nullptr) return wrong(where, "there is no such setting (see `okno config`)");
        const Result<void> done = set(to, *setting, text_of(node), where);
        if (!done) return done;
        given[name] = true;
    }
    return {};
}

Result<void> check(const Configuration& configuration) {
    const int port = configuration.port();
    if (port < 0 || port > 65535 || configuration.address().empty())
        return wrong("listen", fmt::format("`{}` is not of the form 127.0.0.1:8080", configuration.listen));
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
    const Result<void> good = check(out);
    if (!good) return std::unexpected(good.error());
    if (!given["outbound.allow_private"]) out.allow_private = out.is_on_loopback();
    while (out.public_url.ends_with('/'))
        out.public_url.pop_back();
    return out;
}

std::string write_configuration(const Configuration& configuration) {
    toml::table root;
    for (const Setting& setting : settings) {
        const std::string name = setting.name;
        const std::size_t dot = name.find('.');
        toml::table* table = &root;
        if (dot != std::string::npos) table = root.insert(name.substr(0, dot), toml::table{}).first->second.as_table();
        std::visit([&](auto member) { table->insert_or_assign(name.substr(dot + 1), configuration.*member); },
                   setting.member);
    }
    std::ostringstream out;
    out << root << '\n';
    return out.str();
}

}  // namespace okno::server
