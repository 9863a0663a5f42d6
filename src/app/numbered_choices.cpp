#include "app/numbered_choices.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace okno {

namespace json = boost::json;

static constexpr int looked_back = 50;  // messages: what lies further back is no longer being answered

static void add_all(const JsonView& list, std::vector<Choice>& to) {
    for (std::size_t i = 0; i < list.size(); ++i)
        to.push_back({list.at(i)["id"].text_or(""), list.at(i)["title"].text_or("")});
}

std::vector<Choice> choices_in(const std::string& content) {
    std::vector<Choice> out;
    const auto document = parse_json(content);
    if (!document) return out;
    const JsonView view(*document);
    add_all(view["buttons"], out);
    for (std::size_t i = 0; i < view["sections"].size(); ++i)
        add_all(view["sections"].at(i)["rows"], out);
    return out;
}

void understand_number(Transaction& tx, const MessengerTraits& traits, Message& message) {
    if (message.type != "text" || !may_be_number(message.text)) return;
    const std::vector<Message> before = tx.messages(message.conversation, std::nullopt, looked_back);
    const auto question = std::ranges::find_if(before, [](const Message& one) {
        return one.direction == Direction::outbound && one.type == "interactive" &&
               one.status != MessageStatus::failed && !choices_in(one.content).empty();
    });
    if (question == before.end()) return;
    const std::vector<Choice> choices = choices_in(question->content);
    if (choices.size() <= traits.most_choices) return;  // it had buttons: the number is a number
    const auto meant = choice_meant(message.text, choices);
    if (!meant) return;
    message.type = "button";
    message.content =
        json::serialize(json::object{{"payload", meant->id}, {"text", meant->title}, {"typed", message.text}});
    message.text = meant->title;
    if (!message.reply_to) message.reply_to = question->id;
}

}  // namespace okno
