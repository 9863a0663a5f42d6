// erasures.log: one line of JSON an erasure, only ever appended to. It is no part of the databases, so that a backup
// put back does not take it back.
#pragma once

#include "app/ports/erasures.hpp"
#include "base/crypto.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace okno::storage {

class ErasuresFile final : public ErasureLedger {
public:
    // The file is made with the first line.
    ErasuresFile(std::filesystem::path file, const SealingKey& key);

    void append(const Erasure& erasure) override;
    std::string keyed(const StoredAddress& address) const override;

    // Oldest first; none when there is no file. A last line that a power cut left unfinished was never acted upon and
    // is left out. Throws std::runtime_error naming a line that is none of ours.
    static std::vector<Erasure> read(const std::filesystem::path& file);

private:
    std::filesystem::path file_;
    Sha256 key_;
};

}  // namespace okno::storage
