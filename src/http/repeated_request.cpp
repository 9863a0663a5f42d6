#include "http/repeated_request.hpp"

#include "base/crypto.hpp"

#include <filesystem>

namespace okno::http {

// Tells one request from another; of an upload the size stands for the bytes.
static std::string fingerprint(const net::ServerRequest& request) {
    std::string all = request.method + "\n" + request.path + "\n";
    for (const auto& [name, value] : request.query)
        all.append(name).append("=").append(value).append("\n");
    std::error_code error;
    if (!request.body_file.empty())
        all += std::to_string(std::filesystem::file_size(request.body_file, error)) + " bytes";
    return short_hash(all + request.body);
}

static Reply kept_answer(const KeptReply& kept, const std::string& asked) {
    if (kept.request != asked)
        return problem({ErrorKind::conflict, "idempotency_key_reused",
                        "This Idempotency-Key was sent with another request: make a new one.", "Idempotency-Key"});
    if (kept.status == 0)
        return problem({ErrorKind::conflict, "in_progress", "The first request of this key is still being answered.",
                        "Idempotency-Key"});
    Reply reply = json_reply(kept.status, nullptr);
    reply.body = kept.body;
    if (kept.status >= 400) reply.headers.set("Content-Type", "application/problem+json");
    reply.headers.set("Idempotency-Replayed", "true");
    return reply;
}

// Keeps the answer, or frees the key when it was the server's own failure, and passes it on.
static void finish(std::shared_ptr<const Call> call, const std::string& key, Reply reply, const net::Respond& respond) {
    const bool is_kept = reply.status < 500 && reply.status != 429;
    auto told = std::make_shared<Reply>(std::move(reply));
    call->services->store.write(
        [call, key, is_kept, told](StoreSession& session) {
            Transaction& tx = session.in(call->caller.user.workspace);
            if (is_kept)
                tx.complete_reply(call->caller.user.id, key, told->status, told->body);
            else
                tx.forget_reply(call->caller.user.id, key);
        },
        [told, respond](std::exception_ptr) { respond(std::move(*told)); });  // done it is, kept or not
}

void answer_once(std::shared_ptr<const Call> call, std::function<void(net::Respond)> run, net::Respond respond) {
    const std::string key(call->request.headers.get("Idempotency-Key"));
    if (key.empty() || call->request.method != "POST") return run(std::move(respond));
    if (key.size() > 255)
        return respond(problem(
            {ErrorKind::invalid, "invalid", "Idempotency-Key: expected at most 255 characters", "Idempotency-Key"}));
    const std::string asked = fingerprint(call->request);
    auto kept = std::make_shared<std::optional<KeptReply>>();
    call->services->store.write(
        [call, key, asked, kept](StoreSession& session) {
            Transaction& tx = session.in(call->caller.user.workspace);
            const User& user = call->caller.user;
            if (!tx.keep_reply(user.id, key, {asked, 0, {}}, Clock::real_now())) *kept = tx.kept_reply(user.id, key);
        },
        [call, key, asked, kept, run = std::move(run), respond](std::exception_ptr error) {
            if (error) return respond(failed(error));
            if (*kept) return respond(kept_answer(**kept, asked));
            run([call, key, respond](Reply reply) { finish(call, key, std::move(reply), respond); });
        });
}

}  // namespace okno::http
