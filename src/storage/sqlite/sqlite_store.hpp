// okno.db: one writer thread that commits closures in groups, readers beside it, one thread that checkpoints.
#pragma once

#include "app/ports/storage.hpp"
#include "base/crypto.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace okno::storage {

class SqliteStore final : public Store {
public:
    // `committed` is called on the writer's thread after each COMMIT that changed something, with the workspaces.
    using Committed = std::function<void(const std::vector<WorkspaceId>&)>;

    SqliteStore(const std::filesystem::path& file, SealingKey key, Committed committed);
    // Finishes what is queued.
    ~SqliteStore() override;

    void write(Work work, Done done) override;
    void write_later(Work work, Done done) override;
    void read(Work work, Done done) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace okno::storage
