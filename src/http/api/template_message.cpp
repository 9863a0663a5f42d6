#include "http/api/template_message.hpp"

#include "http/template_cache.hpp"

namespace okno::http {

namespace json = boost::json;

std::string template_content(BodyReader& body) {
    BodyReader part = body.part("template", true);
    const std::string name = part.text("name", 1, 512);
    const std::string language = part.text("language", 1, 20);
    json::object values;
    for (const auto& [key, value] : part.texts("values"))
        values[key] = value;
    return json::serialize(json::object{{"name", name}, {"language", language}, {"values", values}});
}

boost::asio::awaitable<Result<std::string>> rendered_template(std::shared_ptr<const Call> call, Channel channel) {
    BodyReader body(call->body);
    BodyReader part = body.part("template", true);
    const std::string name = part.text("name", 1, 512);
    const std::string language = part.text("language", 1, 20);
    const auto values = part.texts("values");
    if (!body.is_good()) co_return body.error();
    const Messenger* messenger = call->services->find(channel.messenger);
    if (messenger == nullptr) co_return std::string();
    auto reading = call->services->templates.read(*messenger, channel, false, call->services->transport);
    const Result<Templates> templates = co_await std::move(reading);
    if (!templates) co_return std::string();
    co_return render_template(**templates, name, language, values);
}

}  // namespace okno::http
