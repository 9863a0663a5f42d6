#include "http/template_cache.hpp"

#include <doctest/doctest.h>

using namespace okno;
using okno::http::render_template;

static const std::vector<Template> templates{
    {"ready",
     "en",
     "approved",
     "utility",
     "Request {{1}}",
     "Hello {{1}}, {{2}} is ready.",
     "Yasno",
     {},
     {"1", "2", "header:1"},
     {}},
    {"sale", "en", "rejected", "marketing", {}, "Now {{1}}", {}, {}, {"1"}, {}},
    {"track", "en", "approved", "utility", {}, "On its way.", {}, {"Follow"}, {"url:0"}, {}},
};

TEST_CASE("the text of a template message is what the customer will read") {
    const auto text = render_template(templates, "ready", "en", {{"header:1", "A-17"}, {"1", "Kate"}, {"2", "it"}});
    CHECK(text.value() == "Request A-17\nHello Kate, it is ready.\nYasno");
}

TEST_CASE("a value that is missing or empty is named") {
    const auto text = render_template(templates, "ready", "en", {{"header:1", "A-17"}, {"1", "Kate"}, {"2", ""}});
    CHECK(text.error().where == "template.values.2");
}

TEST_CASE("a template that is unknown, or not in this language, or not approved cannot be sent") {
    CHECK(render_template(templates, "none", "en", {}).error().code == "template_unknown");
    CHECK(render_template(templates, "ready", "ru", {}).error().code == "template_unknown");
    const auto rejected = render_template(templates, "sale", "en", {{"1", "x"}});
    CHECK(rejected.error().detail.find("rejected") != std::string::npos);
}

TEST_CASE("what a button needs must be there, and what the template does not know must not") {
    CHECK(render_template(templates, "track", "en", {}).error().where == "template.values.url:0");
    CHECK(render_template(templates, "track", "en", {{"url:0", "A-17"}}).value() == "On its way.");
    CHECK(render_template(templates, "track", "en", {{"url:0", "A-17"}, {"1", "x"}}).error().where ==
          "template.values.1");
}
