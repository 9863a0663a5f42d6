// Forgetting a customer for good.
#include "app/await.hpp"
#include "app/erase_contact.hpp"
#include "app/run_on.hpp"
#include "http/api/endpoints.hpp"

namespace okno::http {

static boost::asio::awaitable<Result<Reply>> erase_customer(std::shared_ptr<const Call> call) {
    const auto id = call->path_id<ConversationId>();
    if (!id) co_return std::unexpected(id.error());
    auto erasing = write(call->services->store, [call, id = *id](StoreSession& session) {
        const WorkspaceId workspace = call->caller.user.workspace;
        const auto conversation = session.in(workspace).conversation(id, std::nullopt);
        return conversation ? erase_contact(session, workspace, conversation->contact, call->services->erasures,
                                            Clock::real_now())
                            : std::nullopt;
    });
    const std::optional<Erased> erased = co_await std::move(erasing);
    if (!erased) co_return fail(ErrorKind::not_found, "not_found", "There is no such conversation.");
    if (!erased->files.empty()) {
        auto forgetting =
            run_on(call->services->file_work, [call, files = erased->files] { call->services->forget_files(files); });
        co_await std::move(forgetting);
    }
    co_return no_content();
}

std::vector<Endpoint> erasure_endpoints() {
    return {{"DELETE", "/api/v1/conversations/{id}", Access::admin, Wait{erase_customer}}};
}

}  // namespace okno::http
