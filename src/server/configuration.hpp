// The settings of a server: okno.toml, then OKNO_* of the environment, then flags; the later rules.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace okno::server {

struct Configuration {
    std::string data_dir = "data";
    std::string database;                      // postgresql://...; empty: files in data_dir
    std::string listen = "127.0.0.1:8080";     // address:port; port 0 takes a free one
    std::string public_url;                    // as customers' providers reach it; empty: http://<listen>
    std::string tls_certificate;               // PEM, with those that vouch for it; empty: plain HTTP
    std::string tls_key;                       // PEM, its private key
    std::vector<std::string> trusted_proxies;  // addresses and networks whose X-Forwarded-For is believed
    std::string media;                         // a folder, or s3://bucket/prefix?endpoint=...; empty: <data_dir>/media
    std::string bus;                           // nats://host:4222,...: hints to other nodes; empty: there are none
    std::string installation = "main";         // nodes of the same name hear each other on the bus
    std::string alarm_url;                     // is told of channels that break and work again; empty: nobody is
    std::string web_dir;                       // pages from a folder instead of the embedded ones
    std::string log_format = "text";           // text | json
    std::string log_level = "info";            // debug | info | warning | error
    int threads = 1;                           // I/O threads
    int max_connections = 20'000;
    int connections_per_address = 1'000;
    // Of S3, by OKNO_S3_ACCESS_KEY and OKNO_S3_SECRET_KEY only: never in a file that `okno config` prints.
    Secret s3_access_key;
    Secret s3_secret_key;
    Secret alarm_key;            // signs what `alarm_url` is told, by OKNO_ALARM_KEY only; empty: it is not signed
    bool allow_private = false;  // outbound calls may reach private networks; true when listening on loopback

    std::string address() const;
    int port() const;
    bool is_on_loopback() const;
    bool has_tls() const { return !tls_certificate.empty(); }
    bool has_media_on_s3() const { return media.starts_with("s3://"); }
};

// `flags` holds what was given on the command line by the names of `okno config` ("listen"). `environment` gives the
// value of a variable or null. The error names the file, the line or the variable, and what is expected.
Result<Configuration> read_configuration(const std::string& file, bool is_file_required,
                                         const std::function<const char*(const char*)>& environment,
                                         const std::map<std::string, std::string>& flags);

// The effective settings as okno.toml; passwords in `database` and `bus` show as ***.
std::string write_configuration(const Configuration& configuration);

}  // namespace okno::server
