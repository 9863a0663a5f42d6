// The `template` of a request: what is stored of it, and the text that the customer will read.
#pragma once

#include "http/body_reader.hpp"
#include "http/endpoint.hpp"

namespace okno::http {

// The message's content: {"name", "language", "values"}.
std::string template_content(BodyReader& body);

// The text of the template message of this request, from the provider's list. While the provider cannot be reached
// the text is empty: the dispatcher learns soon enough whether the template may leave.
boost::asio::awaitable<Result<std::string>> rendered_template(std::shared_ptr<const Call> call, Channel channel);

}  // namespace okno::http
