#include "http/template_cache.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::http {

boost::asio::awaitable<Result<Templates>> TemplateCache::read(const Messenger& messenger, Channel channel, bool anew,
                                                              HttpTransport& transport) {
    const ChannelId id = channel.id;
    if (!anew) {
        const std::scoped_lock lock(mutex_);
        const auto found = entries_.find(id);
        if (found != entries_.end() && Clock::real_now() - found->second.read_at < 5min)
            co_return found->second.templates;
    }
    auto reading = messenger.read_templates(std::move(channel), transport);
    Result<std::vector<Template>> fresh = co_await std::move(reading);
    if (!fresh) co_return std::unexpected(fresh.error());
    auto templates = std::make_shared<const std::vector<Template>>(std::move(*fresh));
    const std::scoped_lock lock(mutex_);
    entries_[id] = {templates, Clock::real_now()};
    co_return templates;
}

// Replaces {{name}}; a name without a value is an error.
static Result<std::string> fill(const std::string& text, const std::string& prefix,
                                const std::map<std::string, std::string>& values) {
    std::string out;
    std::size_t at = 0;
    for (std::size_t open = 0; (open = text.find("{{", at)) != std::string::npos;) {
        const std::size_t close = text.find("}}", open);
        if (close == std::string::npos) break;
        const std::string name = text.substr(open + 2, close - open - 2);
        const auto value = values.find(prefix + name);
        if (value == values.end() || value->second.empty())
            return fail(ErrorKind::invalid, "invalid", fmt::format("The template's {{{{{}}}}} has no value.", name),
                        "template.values." + prefix + name);
        out.append(text, at, open - at).append(value->second);
        at = close + 2;
    }
    return out + text.substr(at);
}

Result<std::string> render_template(const std::vector<Template>& templates, const std::string& name,
                                    const std::string& language, const std::map<std::string, std::string>& values) {
    const auto found = std::ranges::find_if(
        templates, [&](const Template& one) { return one.name == name && one.language == language; });
    if (found == templates.end())
        return fail(ErrorKind::invalid, "template_unknown",
                    fmt::format("The channel has no template {} in {}: choose one of its list.", name, language),
                    "template.name");
    if (found->status != "approved")
        return fail(
            ErrorKind::invalid, "template_unknown",
            fmt::format("The template {} ({}) is {}: only an approved one can be sent.", name, language, found->status),
            "template.name");
    for (const std::string& name : found->variables)
        if (const auto value = values.find(name); value == values.end() || value->second.empty())
            return fail(ErrorKind::invalid, "invalid", fmt::format("The template's {{{{{}}}}} has no value.", name),
                        "template.values." + name);
    for (const auto& [name, value] : values)
        if (std::ranges::find(found->variables, name) == found->variables.end())
            return fail(ErrorKind::invalid, "invalid", fmt::format("The template has no {{{{{}}}}}.", name),
                        "template.values." + name);
    Result<std::string> header = fill(found->header, "header:", values);
    if (!header) return header;
    Result<std::string> body = fill(found->body, "", values);
    if (!body) return body;
    std::string out = header->empty() ? *body : *header + "\n" + *body;
    return found->footer.empty() ? out : out + "\n" + found->footer;
}

}  // namespace okno::http
