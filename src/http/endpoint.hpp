// What an endpoint is: a method and a path, who may call it, and a plain function.
//
// `read` and `write` endpoints are synchronous and run inside one transaction of the store; only those that wait for
// the network or a password are coroutines.
#pragma once

#include "app/apply_intake.hpp"
#include "app/ports/bus.hpp"
#include "app/ports/http_transport.hpp"
#include "app/ports/search.hpp"
#include "app/ports/storage.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "app/ports/media_files.hpp"
#include "net/server.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace okno {
struct ChannelWatch;
}

namespace okno::http {

class ChannelDirectory;
class Metrics;
class PushHub;
class TemplateCache;

// What endpoints use; all of it outlives the server.
struct Services {
    Store& store;
    Intake& intake;
    Search& search;
    Clock& clock;
    HttpTransport& transport;
    FindMessenger find;
    std::vector<std::string> messengers;  // names, in the order of the registry
    ChannelDirectory& directory;
    PushHub& hub;
    Bus& bus;
    TemplateCache& templates;
    MediaFiles& files;
    ErasureLedger& erasures;
    Metrics& metrics;
    boost::asio::any_io_executor rim;        // coroutines that wait
    boost::asio::any_io_executor passwords;  // Argon2id: slow on purpose
    boost::asio::any_io_executor file_work;  // hashing, and files that lie elsewhere
    std::shared_ptr<const ChannelWatch> channel_watch;
    std::function<void()> outbox_changed;                                   // something may be due now
    std::function<void(std::chrono::steady_clock::duration)> webhook_kept;  // so long after it came
    std::function<bool(WorkspaceId, ChannelId, std::int64_t)> replay;       // blocks: called on `passwords`
    std::function<void(const std::vector<std::string>&)> forget_files;      // of erased people; blocks: on `file_work`
    std::string public_url;                                                 // without a slash at the end
    bool is_public_url_given = false;                                       // else it is where the server listens
    std::string link_key;                                                   // signs links to files, on every node
    std::string push_key;                                                   // public, which push services know us by
    bool is_tls = false;                                                    // the port itself speaks TLS
    std::string setup_code;                                                 // makes the first owner
    bool needs_setup_code = false;                                          // from this machine too
    bool is_demo = false;
};

struct Caller {
    User user;
    std::string csrf_token;                   // empty for an API token
    std::string session_hash;                 // empty for an API token
    std::optional<Timestamp> session_ends{};  // by real time; none for an API token
};

// One request on its way through an endpoint.
struct Call {
    Call() = default;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    // An upload that nobody took over is removed.
    ~Call() {
        if (!request.body_file.empty()) std::remove(request.body_file.c_str());
    }

    net::ServerRequest request;
    std::map<std::string, std::string> path;  // parameters of the path
    boost::json::value body;                  // of a request with JSON; null otherwise
    Caller caller;                            // not filled for open endpoints
    Timestamp now;                            // by the clock that the demo may move
    Services* services = nullptr;

    bool is_admin() const { return caller.user.role == "owner" || caller.user.role == "admin"; }
    template <typename Id>
    Result<Id> path_id(const std::string& name = "id") const {
        const auto found = path.find(name);
        const auto id = found == path.end() ? std::nullopt : parse_uuid(found->second);
        if (!id) return fail(ErrorKind::not_found, "not_found", "There is no such thing here.");
        return Id{*id};
    }
};

using Reply = net::ServerReply;
using ReadEndpoint = std::function<Result<Reply>(const Call&, StoreSession&)>;
struct Read {
    ReadEndpoint run;
};
struct Write {
    ReadEndpoint run;
    bool wakes_outbox = false;
};
struct Wait {
    std::function<boost::asio::awaitable<Result<Reply>>(std::shared_ptr<const Call>)> run;
};

enum class Access { anybody, member, admin };

struct Endpoint {
    std::string method;
    std::string path;  // with {names}
    Access access = Access::member;
    std::variant<Read, Write, Wait> run;
};

Reply json_reply(int status, const boost::json::value& body);
Reply no_content();
// RFC 9457 problem document.
Reply problem(const Error& error);
Reply problem(int status, const Error& error, const boost::json::object& more = {});
// What a closure or an endpoint that threw means for the caller; logs what nobody else does.
Reply failed(std::exception_ptr error);

}  // namespace okno::http
