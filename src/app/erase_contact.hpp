// Forgets a person for good: everything that is known of one contact, wherever it stands.
//
// The places, in the order of docs/operations/backup.md: rows found by the contact's id (storage/erasure.cpp), answers
// kept for repeated requests, webhooks set aside and events that wait if they name one of the addresses, files no other
// row names (`forget_files`, after the commit). Raw webhooks go within a day of being applied; search and open pages
// follow the change feed.
#pragma once

#include "app/ports/storage.hpp"

#include <optional>

namespace okno {

// Empty when there is no such contact. The ledger has its line, durable, before the transaction commits.
std::optional<Erased> erase_contact(StoreSession& session, WorkspaceId workspace, ContactId contact,
                                    ErasureLedger& ledger, Timestamp real_now);

// The same without a line in the ledger: it has one.
std::optional<Erased> erase_again(StoreSession& session, WorkspaceId workspace, ContactId contact);

}  // namespace okno
