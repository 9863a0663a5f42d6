#include "http/api/purpose.hpp"

namespace okno::http {

void read_purpose(BodyReader& body, NewMessage& wanted) {
    wanted.is_broadcast = body.flag("broadcast");
    if (!body.has("purpose")) return;
    const auto purpose = okno::read_purpose(body.text("purpose", 1, 20));
    if (!purpose) return body.wrong("purpose", "purpose: expected support, sales, marketing, research or notification");
    wanted.purpose = *purpose;
}

}  // namespace okno::http
