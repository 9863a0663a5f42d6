// Replies that a repeated request gets again. They may hold what only their reader may see, so they are sealed.
#include "storage/sql_transaction.hpp"

#include <algorithm>

namespace okno::storage {

// A request that is not answered by then ended with its server.
constexpr auto abandoned_after = 1min;

static std::string sealing_context(WorkspaceId workspace, UserId user) {
    return "reply:" + workspace.value().text() + ":" + user.value().text();
}

bool SqlTransaction::keep_reply(UserId user, const std::string& key, const KeptReply& reply, Timestamp real_now) {
    return sql_.exec(
               "INSERT INTO kept_replies (workspace_id, user_id, key_hash, request_hash, status, body, kept_at)"
               " VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (workspace_id, user_id, key_hash) DO UPDATE SET"
               " request_hash=excluded.request_hash, kept_at=excluded.kept_at"
               " WHERE kept_replies.status=0 AND kept_replies.kept_at<$8",
               workspace_, user, Blob{short_hash(key)}, Blob{reply.request}, reply.status,
               Blob{seal(key_, sealing_context(workspace_, user), reply.body)}, real_now,
               real_now - abandoned_after) > 0;
}

std::optional<KeptReply> SqlTransaction::kept_reply(UserId user, const std::string& key) {
    return sql_.first(
        "SELECT request_hash, status, body FROM kept_replies WHERE workspace_id=$1 AND user_id=$2 AND key_hash=$3",
        [&](const Row& row) {
            const auto body = open_sealed(key_, sealing_context(workspace_, user), row.bytes(2));
            return KeptReply{row.bytes(0), static_cast<int>(row.integer(1)), body.value_or("")};
        },
        workspace_, user, Blob{short_hash(key)});
}

void SqlTransaction::complete_reply(UserId user, const std::string& key, int status, const std::string& body) {
    sql_.exec("UPDATE kept_replies SET status=$4, body=$5 WHERE workspace_id=$1 AND user_id=$2 AND key_hash=$3",
              workspace_, user, Blob{short_hash(key)}, status,
              Blob{seal(key_, sealing_context(workspace_, user), body)});
}

void SqlTransaction::forget_reply(UserId user, const std::string& key) {
    sql_.exec("DELETE FROM kept_replies WHERE workspace_id=$1 AND user_id=$2 AND key_hash=$3", workspace_, user,
              Blob{short_hash(key)});
}

// A request that is repeated must not be carried out again, so its key stays; what it was answered goes.
void SqlTransaction::blank_replies_about(const std::vector<ConversationId>& conversations) {
    struct Kept {
        UserId user;
        std::string key_hash;
        std::string body;
    };
    static const std::string gone =
        R"({"type":"about:blank","title":"Not found","status":404,"code":"not_found","detail":"It was erased."})";
    const auto kept = sql_.rows(
        "SELECT user_id, key_hash, body FROM kept_replies WHERE workspace_id=$1 AND status<>0",
        [](const Row& row) { return Kept{UserId{row.uuid(0)}, row.bytes(1), row.bytes(2)}; }, workspace_);
    for (const Kept& reply : kept) {
        const std::string context = sealing_context(workspace_, reply.user);
        const std::string body = open_sealed(key_, context, reply.body).value_or("");
        const bool is_about = std::ranges::any_of(
            conversations, [&](const ConversationId& id) { return body.find(id.value().text()) != std::string::npos; });
        if (is_about)
            sql_.exec(
                "UPDATE kept_replies SET status=404, body=$4 WHERE workspace_id=$1 AND user_id=$2 AND"
                " key_hash=$3",
                workspace_, reply.user, Blob{reply.key_hash}, Blob{seal(key_, context, gone)});
    }
}

}  // namespace okno::storage
