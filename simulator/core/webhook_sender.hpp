// Posts signed webhooks to the client's callback URL, as Meta does: joined when they queue up, repeated until 200.
//
// Order is kept only as far as the world allows: several POSTs are on their way at once, and a repeated one comes
// after its successors. The faults of webhooks (lost, held, doubled, reordered) are played here.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace okno::sim {

struct Core;

// One `changes[]` element on its way, or one of another list (`messaging`, `standby`) with `value` alone. `about` says
// for faults and the journal what it is: field, what, id, status, number.
struct Update {
    std::string url;
    std::string secret;
    std::string entry_id;
    std::string field;
    boost::json::object value;
    boost::json::object about;
    std::optional<std::int64_t> time;  // seconds; of account and template fields only
    std::string object = "whatsapp_business_account";
    std::string list = "changes";
};

class WebhookSender {
public:
    explicit WebhookSender(Core& core) : core_(core) {}

    void send(Update update);
    // Sends the oldest held updates, all when `count` is 0; answers how many there were.
    std::size_t release(std::size_t count, bool backwards);
    void clear();
    // Nothing waits to be posted and no post waits for its answer or repetition. Held updates do not count.
    bool is_idle() const;

private:
    struct Post {
        std::string url;
        std::string body;
        std::string signature;
        boost::json::array about;
        int attempt = 1;
        std::uint64_t generation = 0;
    };
    struct Line {
        std::deque<Update> waiting;
        std::int64_t in_flight = 0;
    };

    void enqueue(Update update);
    void pump(const std::string& url);
    void post(std::shared_ptr<Post> post, bool holds_place);
    void repeat_later(std::shared_ptr<Post> post);

    Core& core_;
    mutable std::mutex mutex_;
    std::map<std::string, Line> lines_;
    std::deque<Update> held_;
    std::vector<Update> reordering_;
    std::int64_t under_way_ = 0;
    std::uint64_t generation_ = 0;  // a reset makes answers and repetitions of earlier posts meaningless
};

}  // namespace okno::sim
