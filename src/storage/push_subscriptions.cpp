// Browsers that are told while no page is open. What they gave us opens no account of ours, but whoever has it could
// write to them, so `auth` is sealed.
#include "storage/sql_transaction.hpp"

namespace okno::storage {

static std::string sealing_context(WorkspaceId workspace, const std::string& endpoint) {
    return "push:" + workspace.value().text() + ":" + endpoint;
}

PushSubscriptionId SqlTransaction::save_push_subscription(const PushSubscription& subscription) {
    constexpr int most_of_a_user = 20;
    const auto id = sql_.first(
        "INSERT INTO push_subscriptions (workspace_id, id, user_id, session_hash, endpoint_hash, endpoint, browser_key,"
        " auth, language) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9) ON CONFLICT (workspace_id, endpoint_hash) DO UPDATE SET"
        " user_id=excluded.user_id, session_hash=excluded.session_hash, browser_key=excluded.browser_key,"
        " auth=excluded.auth, language=excluded.language RETURNING id",
        [](const Row& row) { return PushSubscriptionId{row.uuid(0)}; }, workspace_, subscription.id, subscription.user,
        Blob{subscription.session_hash}, Blob{short_hash(subscription.endpoint)}, subscription.endpoint,
        Blob{subscription.browser_key},
        Blob{seal(key_, sealing_context(workspace_, subscription.endpoint), subscription.auth)}, subscription.language);
    sql_.exec(
        "DELETE FROM push_subscriptions WHERE workspace_id=$1 AND user_id=$2 AND id NOT IN (SELECT n.id FROM"
        " push_subscriptions n WHERE n.workspace_id=$1 AND n.user_id=$2 ORDER BY n.id DESC LIMIT $3)",
        workspace_, subscription.user, most_of_a_user);
    return id.value_or(subscription.id);
}

bool SqlTransaction::delete_push_subscription(UserId user, PushSubscriptionId id) {
    return sql_.exec("DELETE FROM push_subscriptions WHERE workspace_id=$1 AND user_id=$2 AND id=$3", workspace_, user,
                     id) > 0;
}

std::vector<PushSubscription> SqlTransaction::push_subscriptions_of_admins(Timestamp real_now) {
    return sql_.rows(
        "SELECT p.id, p.user_id, p.session_hash, p.endpoint, p.browser_key, p.auth, p.language FROM push_subscriptions"
        " p JOIN memberships m ON m.workspace_id=p.workspace_id AND m.user_id=p.user_id JOIN sessions s ON"
        " s.workspace_id=p.workspace_id AND s.token_hash=p.session_hash WHERE p.workspace_id=$1 AND"
        " m.role IN ('owner', 'admin') AND s.expires_at>$2 ORDER BY p.id",
        [&](const Row& row) {
            PushSubscription out;
            out.id = PushSubscriptionId{row.uuid(0)};
            out.user = UserId{row.uuid(1)};
            out.session_hash = row.bytes(2);
            out.endpoint = row.text(3);
            out.browser_key = row.bytes(4);
            out.auth = open_sealed(key_, sealing_context(workspace_, out.endpoint), row.bytes(5)).value_or("");
            out.language = row.text(6);
            return out;
        },
        workspace_, real_now);
}

}  // namespace okno::storage
