#include "http/metrics.hpp"

#include <doctest/doctest.h>

using namespace okno;
using http::Metrics;

static bool tells(const Metrics& metrics, const std::string& line) {
    return metrics.text({{"pages_open", 3}}).find(line + "\n") != std::string::npos;
}

TEST_CASE("metrics tell how many requests there were, how they ended and how long they took") {
    Metrics metrics;
    metrics.answered(Metrics::Kind::webhook, 200, std::chrono::milliseconds(2));
    metrics.answered(Metrics::Kind::webhook, 401, std::chrono::milliseconds(20));
    CHECK(tells(metrics, R"(okno_http_requests_total{kind="webhook",status="2xx"} 1)"));
    CHECK(tells(metrics, R"(okno_http_requests_total{kind="webhook",status="4xx"} 1)"));
    CHECK(tells(metrics, R"(okno_http_request_seconds_bucket{kind="webhook",le="0.0025"} 1)"));
    CHECK(tells(metrics, R"(okno_http_request_seconds_count{kind="webhook"} 2)"));
    CHECK(tells(metrics, "okno_pages_open 3"));
}

TEST_CASE("calls to providers are told by their outcome") {
    Metrics metrics;
    metrics.called("never_left", std::chrono::seconds(1));
    CHECK(tells(metrics, R"(okno_outbound_call_seconds_count{outcome="never_left"} 1)"));
}
