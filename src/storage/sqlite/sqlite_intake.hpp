// intake.db: raw webhooks, committed in groups before they are acknowledged. One table, no secondary index.
#pragma once

#include "app/ports/storage.hpp"

#include <filesystem>
#include <memory>

namespace okno::storage {

class SqliteIntake final : public Intake {
public:
    explicit SqliteIntake(const std::filesystem::path& file);
    // Finishes what is queued.
    ~SqliteIntake() override;

    // A full queue ends in StoreBusy: the provider then repeats the webhook.
    void append(IntakeRow row, std::function<void(std::exception_ptr)> done) override;
    std::string generation() const override;
    std::vector<IntakeRow> rows_after(std::int64_t number, int limit) override;
    void prune(std::int64_t applied, Timestamp before) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace okno::storage
