// `okno admin erase`: forgets a contact, in the running server when there is one, else on the opened files.
#pragma once

#include "app/apply_intake.hpp"
#include "app/ports/media_files.hpp"
#include "app/ports/storage.hpp"
#include "base/result.hpp"

#include <boost/json.hpp>

#include <functional>

namespace okno::server {

// What an erasure works on; all of it lives as long as the call.
struct ErasureGround {
    Store& store;
    const MediaFiles& files;
    ErasureLedger& ledger;
    FindMessenger find;
    // False while a backup runs: files stay for the hourly sweep then.
    std::function<bool()> may_remove_files;
};

// `request` names the "workspace" and a "contact" (its id), a "conversation" of the contact, or a "phone" in any
// spelling. Answers {"text": ...}. Blocks.
Result<boost::json::object> run_erase(const ErasureGround& ground, const boost::json::object& request,
                                      Timestamp real_now);

}  // namespace okno::server
