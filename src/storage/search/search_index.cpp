#include "storage/search/search_index.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"
#include "domain/partition.hpp"
#include "storage/search/marked_terms.hpp"
#include "storage/search/search_database.hpp"
#include "storage/search/search_feed.hpp"
#include "storage/search/search_file.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace okno::storage {

namespace fs = std::filesystem;

namespace {

constexpr int changes_in_step = 8000;
constexpr int messages_in_step = 2000;
constexpr int most_contacts = 100;
constexpr auto poll_every = std::chrono::seconds{2};
// Commits that follow each other closely are taken together: many small ones make the index slow, and a contact that
// wrote twice is moved once. Under load a pass is followed by a rest twice as long.
constexpr auto shortest_rest = std::chrono::milliseconds{100};
constexpr auto longest_rest = std::chrono::milliseconds{1000};

// Where the tables lie.
class Shelf {
public:
    virtual ~Shelf() = default;
    virtual std::unique_ptr<SearchTables> open_to_write() = 0;
    virtual std::unique_ptr<SearchTables> open_to_read() = 0;
    // Nobody has them open.
    virtual void remove() = 0;
    virtual bool is_ours(WorkspaceId workspace) const = 0;
};

class FileShelf final : public Shelf {
public:
    explicit FileShelf(fs::path file) : file_(std::move(file)) {}

    std::unique_ptr<SearchTables> open_to_write() override {
        return std::make_unique<SearchFile>(file_, SqliteDatabase::Mode::write);
    }
    std::unique_ptr<SearchTables> open_to_read() override {
        return std::make_unique<SearchFile>(file_, SqliteDatabase::Mode::read);
    }
    void remove() override {
        for (const char* end : {"", "-wal", "-shm"}) {
            std::error_code ignored;
            fs::remove(file_.string() + end, ignored);
        }
    }
    bool is_ours(WorkspaceId) const override { return true; }

private:
    const fs::path file_;
};

class DatabaseShelf final : public Shelf {
public:
    DatabaseShelf(Connector& connector, const Ownership& ownership) : connector_(connector), ownership_(ownership) {}

    std::unique_ptr<SearchTables> open_to_write() override { return open(); }
    std::unique_ptr<SearchTables> open_to_read() override { return open(); }
    void remove() override { open()->clear(); }
    bool is_ours(WorkspaceId workspace) const override {
        return ownership_.epoch_of(partition_of(workspace)).has_value();
    }

private:
    std::unique_ptr<SearchDatabase> open() { return std::make_unique<SearchDatabase>(connector_.connect()); }

    Connector& connector_;
    const Ownership& ownership_;
};

std::unique_ptr<SearchTables> open_or_make(Shelf& shelf) {
    try {
        return shelf.open_to_write();
    } catch (const SqlDamaged& reason) {
        log(LogLevel::warning, "the search index is made anew", {{"reason", reason.what()}});
    }
    shelf.remove();
    return shelf.open_to_write();
}

// Names in which what was typed begins a word; case and ё do not matter.
std::vector<std::string> channels_named(const std::string& wanted, const SearchQuery& query) {
    const auto folded = [](const std::string& text) {
        std::string out;
        for (const Word& word : words_of(text))
            out += ' ' + word.folded;
        return out;
    };
    std::vector<std::string> facts;
    for (const auto& [name, id] : query.channels)
        if (folded(name).find(folded(wanted)) != std::string::npos) facts.push_back(fact_of(id));
    return facts;
}

}  // namespace

struct SearchIndex::State {
    State(std::unique_ptr<Shelf> where, Store& store)
        : shelf(std::move(where)), feed(store), index(open_or_make(*shelf)) {
        writer = start_thread("search", [this] { run(); });
    }

    ~State() { stop(); }

    void stop() {
        {
            const std::scoped_lock lock(mutex);
            is_closing = true;
        }
        woken.notify_all();
        if (writer.joinable()) writer.join();
    }

    // --- the writer's thread ---

    void run() {
        // Found a little later is better than acknowledged a little later: the other threads go first.
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 10);
        auto rest = shortest_rest;
        while (true) {
            std::set<WorkspaceId> changed;
            std::uint64_t asked = 0;
            {
                std::unique_lock lock(mutex);
                woken.wait_for(lock, rest, [&] { return is_closing || caught_up < waited_for; });
                woken.wait_until(lock, next_poll, [&] {
                    return is_closing || !changed_workspaces.empty() || is_damaged || caught_up < waited_for;
                });
                if (is_closing) return;
                changed = std::exchange(changed_workspaces, {});
                asked = waited_for;
            }
            const auto begun = std::chrono::steady_clock::now();
            const bool is_poll = asked > caught_up || begun >= next_poll;
            const bool is_done = pass(is_poll, changed);
            const auto took = std::chrono::steady_clock::now() - begun;
            rest = std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(2 * took), shortest_rest,
                              longest_rest);
            const std::scoped_lock lock(mutex);
            if (is_done && is_poll) caught_up = asked;
            if (!is_done) next_poll = std::chrono::steady_clock::now();
            done.notify_all();
        }
    }

    bool closing() {
        const std::scoped_lock lock(mutex);
        return is_closing;
    }

    // False when it has to be done again.
    bool pass(bool is_poll, const std::set<WorkspaceId>& changed) {
        try {
            if (is_damaged || !index) make_anew();
            std::vector<WorkspaceId> all = feed.workspaces();
            std::erase_if(all, [&](const WorkspaceId& workspace) { return !shelf->is_ours(workspace); });
            for (const WorkspaceId& workspace : all)
                if (is_poll || changed.contains(workspace)) follow(workspace);
            if (is_poll) next_poll = std::chrono::steady_clock::now() + poll_every;
            for (const WorkspaceId& workspace : all)
                fill(workspace, all);
            if (is_poll && !closing()) index->merge();
            index->checkpoint();
            return !closing();
        } catch (const SqlDamaged& reason) {
            log(LogLevel::warning, "the search index is made anew", {{"reason", reason.what()}});
            is_damaged = true;
        } catch (const std::exception& reason) {  // a busy store, a full disk, a database that is away
            log(LogLevel::warning, "the search index waits", {{"reason", reason.what()}});
            reopen_lost();
            next_poll = std::chrono::steady_clock::now() + poll_every;
            return true;
        }
        return false;
    }

    void make_anew() {
        const std::scoped_lock lock(readers_mutex);
        readers.clear();
        ++generation;
        index.reset();
        if (is_damaged) shelf->remove();
        index = shelf->open_to_write();
        is_damaged = false;
    }

    // The next pass opens it again.
    void reopen_lost() {
        if (dynamic_cast<SearchDatabase*>(index.get()) != nullptr) index.reset();
    }

    SearchProgress progress_of(WorkspaceId workspace) {
        if (auto known = index->progress(workspace)) return *known;
        const SearchChanges end = feed.end_of(workspace);
        return index->add_workspace(workspace, end.seq, end.object);
    }

    // Everything that changed since the last time.
    void follow(WorkspaceId workspace) {
        SearchProgress progress = progress_of(workspace);
        for (bool has_more = true; has_more && !closing();) {
            const auto changes = feed.after(workspace, progress, changes_in_step);
            if (!changes) throw SqlDamaged("it does not belong to this store, or fell too far behind");
            has_more = changes->has_more;
            if (changes->seq == progress.seq) return;
            progress.seq = changes->seq;
            progress.object = changes->object;
            write_changes(workspace, progress, *changes);
        }
    }

    void write_changes(WorkspaceId workspace, const SearchProgress& progress, const SearchChanges& changes) {
        std::set<ConversationId> conversations = index->conversations_of(workspace, changes.messages);
        conversations.insert(changes.conversations.begin(), changes.conversations.end());
        SearchBatch batch = feed.read(workspace, progress.workspace, changes.messages, conversations);
        // Messages of a conversation that was joined to another are that one's now.
        std::set<MessageId> moved;
        for (const auto& [conversation, card] : batch.cards)
            if (card.empty())
                for (const MessageId& message : index->messages_of(workspace, conversation))
                    moved.insert(message);
        if (!moved.empty()) {
            moved.insert(changes.messages.begin(), changes.messages.end());
            batch = feed.read(workspace, progress.workspace, moved, conversations);
        }
        index->write(workspace, batch, progress);
    }

    // The stored messages, the last made first; between the steps what changed goes first.
    void fill(WorkspaceId workspace, const std::vector<WorkspaceId>& all) {
        SearchProgress progress = progress_of(workspace);
        while (!progress.is_filled && !closing()) {
            std::vector<MessageId> read;
            const SearchBatch batch =
                feed.read_older(workspace, progress.workspace, progress.oldest, messages_in_step, read);
            progress.is_filled = static_cast<int>(read.size()) < messages_in_step;
            if (!read.empty()) progress.oldest = read.back();
            index->write(workspace, batch, progress);
            index->checkpoint();
            for (const WorkspaceId& other : all)
                follow(other);
            progress = progress_of(workspace);
        }
    }

    // --- any thread ---

    using Reader = std::pair<std::uint64_t, std::unique_ptr<SearchTables>>;

    Reader take_reader() {
        const std::scoped_lock lock(readers_mutex);
        if (readers.empty()) return {generation, shelf->open_to_read()};
        Reader reader{generation, std::move(readers.back())};
        readers.pop_back();
        return reader;
    }

    void give_back(Reader reader) {
        const std::scoped_lock lock(readers_mutex);
        if (reader.first == generation) readers.push_back(std::move(reader.second));
    }

    Result<SearchPage> find(SearchTables& reader, const ParsedQuery& wanted, const SearchQuery& query) {
        const auto known = reader.progress(query.workspace);
        if (!known) return SearchPage{};
        MatchExpression expression(known->workspace);
        for (const Requirement& one : wanted.all)
            expression.require(one);
        for (const auto& name : wanted.from) {
            MatchExpression contact(known->workspace);
            contact.require_fact("card");
            for (const Requirement& one : name)
                contact.require(one);
            std::vector<std::string> facts;
            for (const ConversationId& id : reader.contacts(query.workspace, contact, most_contacts))
                facts.push_back(fact_of(id));
            if (facts.empty()) return SearchPage{};
            expression.require_any(facts);
        }
        if (!wanted.from.empty()) expression.require_fact("in");
        for (const std::string& name : wanted.channels) {
            const auto facts = channels_named(name, query);
            if (facts.empty()) return no_channel(query);
            expression.require_any(facts);
        }
        if (wanted.has_file) expression.require_fact("file");
        // Only days were named: every message of theirs, and no contact beside.
        const bool has_words = !wanted.all.empty() || !wanted.from.empty() || wanted.has_file;
        if (!has_words) expression.require_any({"in", "out", "note", "event"});
        std::optional<std::int64_t> before = query.before;
        if (wanted.before) before = std::min(before.value_or(INT64_MAX), place_of(*wanted.before));
        const auto not_before = wanted.not_before ? std::optional(place_of(*wanted.not_before)) : std::nullopt;
        return reader.find(query.workspace, expression, before, not_before, query.limit);
    }

    static std::unexpected<Error> no_channel(const SearchQuery& query) {
        std::string names;
        for (const auto& [name, id] : query.channels)
            names += (names.empty() ? "" : ", ") + name;
        return fail(ErrorKind::invalid, "invalid", "channel: expected the name of a channel: " + names, "q");
    }

    const std::unique_ptr<Shelf> shelf;
    SearchFeed feed;
    std::unique_ptr<SearchTables> index;  // the writer's; null after it was lost

    std::mutex readers_mutex;
    std::vector<std::unique_ptr<SearchTables>> readers;
    std::uint64_t generation = 0;  // of the file: readers of one that was removed are not kept

    std::mutex mutex;
    std::condition_variable woken;
    std::condition_variable done;
    std::set<WorkspaceId> changed_workspaces;
    std::uint64_t waited_for = 0;
    std::uint64_t caught_up = 0;
    std::atomic<bool> is_damaged = false;
    bool is_closing = false;
    std::chrono::steady_clock::time_point next_poll = std::chrono::steady_clock::now();
    std::thread writer;
};

SearchIndex::SearchIndex(const fs::path& file, Store& store)
    : state_(std::make_unique<State>(std::make_unique<FileShelf>(file), store)) {}

SearchIndex::SearchIndex(Connector& connector, const Ownership& ownership, Store& store)
    : state_(std::make_unique<State>(std::make_unique<DatabaseShelf>(connector, ownership), store)) {}

SearchIndex::~SearchIndex() = default;

void SearchIndex::stop() { state_->stop(); }

Result<SearchPage> SearchIndex::find(const SearchQuery& query) {
    const Result<ParsedQuery> wanted = parse_query(query.text);
    if (!wanted) return std::unexpected(wanted.error());
    if (wanted->is_empty()) return SearchPage{};
    try {
        State::Reader reader = state_->take_reader();
        Result<SearchPage> page = state_->find(*reader.second, *wanted, query);
        state_->give_back(std::move(reader));
        return page;
    } catch (const SqlDamaged&) {
        state_->is_damaged = true;
        state_->woken.notify_all();
        return fail(ErrorKind::unavailable, "unavailable",
                    "The search index is being made anew. Try again in a minute.");
    } catch (const SqlUnavailable& reason) {
        throw StoreUnavailable(reason.what());
    }
}

std::string SearchIndex::snippet(std::string_view query, std::string_view text) {
    const Result<ParsedQuery> wanted = parse_query(query);
    return make_snippet(wanted ? *wanted : ParsedQuery{}, text);
}

void SearchIndex::wake(const std::vector<WorkspaceId>& changed) {
    {
        const std::scoped_lock lock(state_->mutex);
        state_->changed_workspaces.insert(changed.begin(), changed.end());
    }
    state_->woken.notify_all();
}

void SearchIndex::catch_up() {
    std::unique_lock lock(state_->mutex);
    const std::uint64_t ticket = ++state_->waited_for;
    state_->woken.notify_all();
    state_->done.wait(lock, [&] { return state_->caught_up >= ticket; });
}

}  // namespace okno::storage
