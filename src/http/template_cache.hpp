// A channel's templates as the provider lists them, read at most every five minutes unless asked anew.
#pragma once

#include "app/ports/http_transport.hpp"
#include "app/ports/messenger.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>

namespace okno::http {

using Templates = std::shared_ptr<const std::vector<Template>>;

class TemplateCache {
public:
    // Coroutines of one thread call it. The error is the provider's.
    boost::asio::awaitable<Result<Templates>> read(const Messenger& messenger, Channel channel, bool anew,
                                                   HttpTransport& transport);

private:
    struct Entry {
        Templates templates;
        Timestamp read_at;
    };
    std::mutex mutex_;
    std::unordered_map<ChannelId, Entry> entries_;
};

// The text a customer will see: header, body and footer with the values set in. The error names the variable that
// has no value, or says that the template may not be sent.
Result<std::string> render_template(const std::vector<Template>& templates, const std::string& name,
                                    const std::string& language, const std::map<std::string, std::string>& values);

}  // namespace okno::http
