#include "server/admin.hpp"

#include "base/crypto.hpp"
#include "base/utf8.hpp"
#include "domain/email.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>

namespace okno::server {

namespace json = boost::json;

// Runs the closure on the writer and waits for the commit.
static void write_and_wait(Store& store, const Store::Work& work) {
    std::promise<void> done;
    store.write(work, [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
}

static std::string text_of(const json::object& request, std::string_view name) {
    const json::value* value = request.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// A name of 1 to 100 characters; the error names the flag.
static Result<std::string> name_of(const json::object& request, const std::string& field, const std::string& flag) {
    std::string name = text_of(request, field);
    const std::size_t size = characters(name);
    if (size < 1 || size > 100 || !is_utf8(name))
        return fail(ErrorKind::invalid, "invalid", flag + ": expected 1 to 100 characters", field);
    return name;
}

static Result<json::object> create_user(Store& store, const json::object& request, Timestamp now) {
    User user;
    user.id = make_id<UserId>();
    const Result<std::string> email = read_email(text_of(request, "email"));
    if (!email) return fail(ErrorKind::invalid, "invalid", "--email: expected an e-mail address", "email");
    user.email = *email;
    user.role = text_of(request, "role");
    if (user.role != "owner" && user.role != "admin" && user.role != "operator")
        return fail(ErrorKind::invalid, "invalid", "--role: expected owner, admin or operator", "role");
    user.name = user.email.substr(0, user.email.find('@')).substr(0, 100);
    if (!text_of(request, "name").empty()) {
        const auto name = name_of(request, "name", "--name");
        if (!name) return std::unexpected(name.error());
        user.name = *name;
    }
    const auto workspace = name_of(request, "workspace", "--workspace");
    if (!workspace) return std::unexpected(workspace.error());
    const std::string password = text_of(request, "password");
    if (password.size() < least_password || password.size() > most_password)
        return fail(ErrorKind::invalid, "invalid",
                    fmt::format("The password on standard input must have {} to {} characters.", least_password,
                                most_password));
    user.password_hash = hash_password(Secret(password));
    bool is_taken = false;
    write_and_wait(store, [&](StoreSession& session) {
        is_taken = session.user_by_email(user.email).has_value();
        if (is_taken) return;
        const auto known = session.workspace_named(*workspace);
        user.workspace = known ? *known : session.make_workspace(*workspace, now);
        session.insert_user(user, now);
    });
    if (is_taken)
        return fail(ErrorKind::conflict, "taken", fmt::format("There is a user {} already.", user.email), "email");
    return json::object{{"text", fmt::format("{} can sign in to {} as {}.", user.email, *workspace, user.role)}};
}

static Result<json::object> create_token(Store& store, const json::object& request, Timestamp now) {
    const std::string email = read_email(text_of(request, "email")).value_or(text_of(request, "email"));
    const auto name = name_of(request, "name", "--name");
    if (!name) return std::unexpected(name.error());
    const std::string token = random_token(32);
    bool is_known = false;
    write_and_wait(store, [&](StoreSession& session) {
        const auto user = session.user_by_email(email);
        is_known = user.has_value();
        if (is_known) session.insert_api_token(short_hash(token), user->id, *name, now);
    });
    if (!is_known) return fail(ErrorKind::not_found, "not_found", fmt::format("There is no user {}.", email), "email");
    return json::object{{"text", token}};
}

// One line a fact; what needs somebody's care begins with "!" and makes the whole not well.
static Result<json::object> doctor(Store& store) {
    std::string text;
    bool is_well = true;
    const auto tell = [&](bool is_good, const std::string& line) {
        text += (is_good ? "" : "! ") + line + "\n";
        is_well = is_well && is_good;
    };
    write_and_wait(store, [&](StoreSession& session) {
        session.touch();
        tell(true, "storage: readable and writable");
        tell(true, "intake: " + session.intake_progress());
        tell(true, session.has_users() ? "owner: set up" : "owner: missing, open the page to make one");
        for (const Channel& channel : session.all_channels())
            tell(channel.state != ChannelState::broken,
                 fmt::format("channel {} ({}): {}{}", channel.name, channel.messenger, name_of(channel.state),
                             channel.state_reason.empty() ? "" : ", " + channel.state_reason));
    });
    return json::object{{"text", text}, {"is_well", is_well}};
}

Result<json::object> run_admin(Store& store, const json::object& request, Timestamp now) {
    const std::string command = text_of(request, "command");
    if (command == "user_create") return create_user(store, request, now);
    if (command == "token_create") return create_token(store, request, now);
    if (command == "doctor") return doctor(store);
    return fail(ErrorKind::invalid, "unknown_command", fmt::format("This server knows no command `{}`.", command));
}

}  // namespace okno::server
