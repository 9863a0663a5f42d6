#include "http/endpoint.hpp"

#include "base/log.hpp"

namespace okno::http {

static int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid: return 422;
        case ErrorKind::not_found: return 404;
        case ErrorKind::conflict: return 409;
        case ErrorKind::unauthorized: return 401;
        case ErrorKind::forbidden: return 403;
        case ErrorKind::unavailable: return 503;
        case ErrorKind::too_many: return 429;
        case ErrorKind::never_left:
        case ErrorKind::left_no_answer: return 502;
    }
    return 500;
}

static std::string_view title_of(int status) {
    switch (status) {
        case 400: return "Bad request";
        case 401: return "Not signed in";
        case 403: return "Forbidden";
        case 404: return "Not found";
        case 405: return "Method not allowed";
        case 409: return "Conflict";
        case 413: return "Too large";
        case 415: return "Not supported";
        case 422: return "Invalid";
        case 426: return "Upgrade required";
        case 429: return "Too many requests";
        case 431: return "Head too large";
        case 502: return "Provider failed";
        case 503: return "Unavailable";
        default: return "Error";
    }
}

Reply json_reply(int status, const boost::json::value& body) {
    Reply reply{.status = status, .headers = {}};
    reply.headers.set("Content-Type", "application/json");
    reply.headers.set("Cache-Control", "no-store");
    reply.body = boost::json::serialize(body);
    return reply;
}

Reply no_content() { return {.status = 204, .headers = {}}; }

Reply problem(int status, const Error& error, const boost::json::object& more) {
    boost::json::object body{{"type", "about:blank"},
                             {"title", title_of(status)},
                             {"status", status},
                             {"code", error.code},
                             {"detail", error.detail}};
    if (!error.where.empty()) body["field"] = error.where;
    for (const auto& [key, value] : more)
        body[key] = value;
    Reply reply = json_reply(status, body);
    reply.headers.set("Content-Type", "application/problem+json");
    if (status == 503 || status == 429) reply.headers.set("Retry-After", "5");
    return reply;
}

Reply problem(const Error& error) { return problem(status_of(error.kind), error); }

static Error internal_error() {
    return {ErrorKind::unavailable, "internal", "Something went wrong here. It was logged; try again.", {}};
}

// What a failed closure means for the caller. The storage logs its own faults, once each.
Reply failed(std::exception_ptr error) {
    try {
        std::rethrow_exception(error);
    } catch (const StoreBusy&) {
        return problem({ErrorKind::unavailable, "unavailable", "The server is busy. Try again in a few seconds.", {}});
    } catch (const StoreUnavailable&) {
        return problem({ErrorKind::unavailable,
                        "unavailable",
                        "The server's disk is full or does not answer: nothing was stored. Try again later.",
                        {}});
    } catch (const std::exception& reason) {
        log(LogLevel::error, "a request failed", {{"reason", reason.what()}});
        return problem(500, internal_error());
    }
}

}  // namespace okno::http
