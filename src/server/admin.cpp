#include "server/admin.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>

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

static std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

static Result<json::object> create_user(Store& store, const json::object& request, Timestamp now) {
    User user;
    user.id = make_id<UserId>();
    user.email = lower(text_of(request, "email"));
    user.name = text_of(request, "name");
    user.role = text_of(request, "role");
    const std::string workspace = text_of(request, "workspace");
    const std::string password = text_of(request, "password");
    if (user.name.empty()) user.name = user.email.substr(0, user.email.find('@'));
    if (user.email.find('@') == std::string::npos)
        return fail(ErrorKind::invalid, "invalid", "--email: expected an e-mail address", "email");
    if (user.role != "owner" && user.role != "admin" && user.role != "operator")
        return fail(ErrorKind::invalid, "invalid", "--role: expected owner, admin or operator", "role");
    if (workspace.empty()) return fail(ErrorKind::invalid, "invalid", "--workspace: the name is missing", "workspace");
    if (password.size() < 10)
        return fail(ErrorKind::invalid, "invalid", "The password on standard input is shorter than 10 characters.");
    user.password_hash = hash_password(Secret(password));
    bool is_taken = false;
    write_and_wait(store, [&](StoreSession& session) {
        is_taken = session.user_by_email(user.email).has_value();
        if (is_taken) return;
        const auto known = session.workspace_named(workspace);
        user.workspace = known ? *known : session.make_workspace(workspace, now);
        session.insert_user(user, now);
    });
    if (is_taken)
        return fail(ErrorKind::conflict, "taken", fmt::format("There is a user {} already.", user.email), "email");
    return json::object{{"text", fmt::format("{} can sign in to {} as {}.", user.email, workspace, user.role)}};
}

static Result<json::object> create_token(Store& store, const json::object& request, Timestamp now) {
    const std::string email = lower(text_of(request, "email"));
    const std::string name = text_of(request, "name");
    if (name.empty()) return fail(ErrorKind::invalid, "invalid", "--name: say what the token is for", "name");
    const std::string token = random_token(32);
    bool is_known = false;
    write_and_wait(store, [&](StoreSession& session) {
        const auto user = session.user_by_email(email);
        is_known = user.has_value();
        if (is_known) session.insert_api_token(short_hash(token), user->id, name, now);
    });
    if (!is_known) return fail(ErrorKind::not_found, "not_found", fmt::format("There is no user {}.", email), "email");
    return json::object{{"text", token}};
}

static Result<json::object> doctor(Store& store) {
    std::string text;
    write_and_wait(store, [&](StoreSession& session) {
        const auto [generation, position] = session.intake_position();
        text += fmt::format("storage: readable and writable\nintake: applied up to {}\n", position);
        text += fmt::format("owner: {}\n", session.has_users() ? "set up" : "missing, open the page to make one");
        for (const Channel& channel : session.all_channels())
            text += fmt::format("channel {} ({}): {}{}\n", channel.name, channel.messenger, name_of(channel.state),
                                channel.state_reason.empty() ? "" : ", " + channel.state_reason);
    });
    return json::object{{"text", text}};
}

Result<json::object> run_admin(Store& store, const json::object& request, Timestamp now) {
    const std::string command = text_of(request, "command");
    if (command == "user_create") return create_user(store, request, now);
    if (command == "token_create") return create_token(store, request, now);
    if (command == "doctor") return doctor(store);
    return fail(ErrorKind::invalid, "unknown_command", fmt::format("This server knows no command `{}`.", command));
}

}  // namespace okno::server
