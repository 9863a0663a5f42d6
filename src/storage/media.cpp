// The rows of files; their bytes lie in the data directory.
#include "storage/message_rows.hpp"
#include "storage/sql_session.hpp"

#include <algorithm>

namespace okno::storage {

// Of several owners' files, to find a few of ours.
static constexpr int most_looked_at = 1000;

const std::string media_columns =
    "f.id, f.channel_id, f.message_id, f.kind, f.name, f.mime, f.size, f.sha256, f.state, f.provider_id, f.error,"
    " f.tries, f.due_at, f.created_at, f.workspace_id";
static const std::string some_media = "SELECT " + media_columns + " FROM media f";

Media read_media(const Row& row) {
    Media out;
    out.id = MediaId{row.uuid(0)};
    if (const auto channel = row.uuid_if(1)) out.channel = ChannelId{*channel};
    if (const auto message = row.uuid_if(2)) out.message = MessageId{*message};
    out.kind = row.text(3);
    out.name = row.text(4);
    out.mime = row.text(5);
    out.size = row.integer(6);
    out.sha256 = row.text(7);
    out.state = static_cast<MediaState>(row.integer(8));
    out.provider_id = row.text(9);
    out.error = row.text(10);
    out.tries = static_cast<int>(row.integer(11));
    out.due = row.time(12);
    out.created_at = row.time(13);
    return out;
}

void SqlTransaction::forget_media_ahead(const Media& media) {
    if (ReadAhead::Sent* sent = ahead_ && media.message ? ahead_->sent_with(*media.message) : nullptr)
        sent->media.reset();
}

void SqlTransaction::insert_media(const Media& media) {
    forget_media_ahead(media);
    sql_.exec(
        "INSERT INTO media (workspace_id, id, channel_id, message_id, kind, name, mime, size, sha256, state,"
        " provider_id, error, tries, due_at, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)",
        workspace_, media.id, media.channel, media.message, media.kind, media.name, media.mime, media.size,
        media.sha256, static_cast<int>(media.state), media.provider_id, media.error, media.tries, media.due,
        media.created_at);
}

void SqlTransaction::save_media(const Media& media) {
    forget_media_ahead(media);
    sql_.exec(
        "UPDATE media SET message_id=$3, mime=$4, size=$5, sha256=$6, state=$7, provider_id=$8, error=$9, tries=$10,"
        " due_at=$11 WHERE workspace_id=$1 AND id=$2",
        workspace_, media.id, media.message, media.mime, media.size, media.sha256, static_cast<int>(media.state),
        media.provider_id, media.error, media.tries, media.due);
}

std::optional<Media> SqlTransaction::media(MediaId id) {
    return sql_.first(some_media + " WHERE workspace_id=$1 AND id=$2", read_media, workspace_, id);
}

std::vector<Media> SqlTransaction::media_of(MessageId message) {
    if (const ReadAhead::Sent* sent = ahead_ ? ahead_->sent_with(message) : nullptr; sent != nullptr && sent->media)
        return *sent->media;
    if (ahead_)
        if (const auto known = ahead_->seen_media.find(message); known != ahead_->seen_media.end())
            return known->second;
    return sql_.rows(some_media + " WHERE workspace_id=$1 AND message_id=$2 ORDER BY id", read_media, workspace_,
                     message);
}

std::vector<std::pair<WorkspaceId, Media>> SqlSession::media_to_fetch(Timestamp real_now, int limit) {
    auto found = sql_.rows(
        some_media + " WHERE state=0 AND due_at<=$1 ORDER BY due_at LIMIT $2",
        [](const Row& row) { return std::pair{WorkspaceId{row.uuid(14)}, read_media(row)}; }, real_now,
        ownership_ == nullptr ? limit : most_looked_at);
    std::erase_if(found, [&](const auto& one) { return one.second.channel && !is_ours(*one.second.channel); });
    found.resize(std::min(found.size(), static_cast<std::size_t>(limit)));
    return found;
}

void SqlSession::hurry_media(Timestamp real_now) {
    if (ownership_ == nullptr) {
        sql_.exec("UPDATE media SET due_at=$1 WHERE state=0 AND due_at>$1", real_now);
        return;
    }
    for (const Channel& channel : all_channels())
        if (is_ours(channel.id))
            sql_.exec("UPDATE media SET due_at=$3 WHERE workspace_id=$1 AND channel_id=$2 AND state=0 AND due_at>$3",
                      channel.workspace, channel.id, real_now);
}

void SqlSession::remove_unsent_media(Timestamp created_before) {
    sql_.exec("DELETE FROM media WHERE message_id IS NULL AND created_at<$1", created_before);
}

}  // namespace okno::storage
