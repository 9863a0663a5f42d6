// Reading and subscribing of the Graph API: numbers, accounts, templates, tokens.
#pragma once

#include "core/answer.hpp"
#include "providers/whatsapp/access.hpp"
#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

net::ServerReply describe_number(const Site& site, const Number& number, const net::ServerRequest& request);
net::ServerReply describe_waba(const Waba& waba, const net::ServerRequest& request);
net::ServerReply list_numbers(const Site& site, const Waba& waba, const net::ServerRequest& request);
net::ServerReply list_templates(const Site& site, const Waba& waba, const net::ServerRequest& request);
net::ServerReply describe_template(const Template& one, const net::ServerRequest& request);
net::ServerReply describe_subscription(const Site& site, const Waba& waba);
net::ServerReply debug_token(const Site& site, const net::ServerRequest& request);

// Everything of a template, as Meta tells it and as the control API shows it.
json::object template_object(const Template& one);

}  // namespace okno::sim::whatsapp
