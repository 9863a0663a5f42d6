#include "storage/search/query.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace okno::storage {

namespace {

constexpr std::size_t most_requirements = 32;
constexpr std::size_t longest_query = 2'000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }

// Typographic quotes are quotes, and a space that does not break is a space.
std::string with_plain_marks(std::string_view text) {
    static constexpr std::pair<std::string_view, std::string_view> plain[] = {
        {"«", "\""}, {"»", "\""}, {"“", "\""}, {"”", "\""}, {"„", "\""}, {"\u00A0", " "}, {"\u202F", " "}};
    std::string out(text);
    for (const auto& [mark, instead] : plain)
        for (std::size_t at = 0; (at = out.find(mark, at)) != std::string::npos;)
            out.replace(at, mark.size(), instead);
    return out;
}

void add_phrase(std::string_view text, std::vector<Requirement>& out) {
    std::vector<Word> words = words_of(text);
    if (words.size() > most_requirements) words.resize(most_requirements);
    if (!words.empty()) out.push_back({Requirement::Kind::phrase, std::move(words), {}, false});
}

// Words between blanks; what a sign joins ("2.14", "e-mail") stands side by side.
void add_words(std::string_view text, std::vector<Requirement>& out) {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && !is_blank(text[end]))
            ++end;
        const std::size_t known = out.size();
        add_phrase(text.substr(at, end - at), out);
        if (out.size() > known && out.back().words.size() == 1) out.back().kind = Requirement::Kind::word;
        at = end + 1;
    }
}

void add_free(std::string_view text, std::vector<Requirement>& out) {
    std::size_t at = 0;
    for (PhoneRun& run : phones_of(text)) {
        if (run.begin < at) continue;  // a piece of the one before
        add_words(text.substr(at, run.begin - at), out);
        out.push_back({Requirement::Kind::phone, words_of(text.substr(run.begin, run.end - run.begin)),
                       std::move(run.digits), false});
        at = run.end;
    }
    add_words(text.substr(at), out);
}

struct Operator {
    std::string_view name;
    Result<void> (*take)(ParsedQuery& query, const std::string& value);
};

std::unexpected<Error> wrong(std::string detail) { return fail(ErrorKind::invalid, "invalid", std::move(detail), "q"); }

std::optional<Timestamp> read_day(std::string_view text) {
    int parts[3] = {0, 0, 0};
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    constexpr std::pair<std::size_t, std::size_t> places[3] = {{0, 4}, {5, 2}, {8, 2}};
    for (std::size_t i = 0; i < 3; ++i) {
        const char* begin = text.data() + places[i].first;
        const char* end = begin + places[i].second;
        const auto read = std::from_chars(begin, end, parts[i]);
        if (read.ec != std::errc{} || read.ptr != end || parts[i] < 1) return std::nullopt;
    }
    const std::chrono::year_month_day day{std::chrono::year{parts[0]},
                                          std::chrono::month{static_cast<unsigned>(parts[1])},
                                          std::chrono::day{static_cast<unsigned>(parts[2])}};
    if (!day.ok()) return std::nullopt;
    return Timestamp{std::chrono::sys_days{day}};
}

Result<void> take_from(ParsedQuery& query, const std::string& value) {
    std::vector<Requirement> wanted;
    add_free(value, wanted);
    if (wanted.empty()) return wrong("from: expected the name or the number of a contact");
    wanted.back().is_unfinished = true;
    query.from.push_back(std::move(wanted));
    return {};
}

Result<void> take_channel(ParsedQuery& query, const std::string& value) {
    if (words_of(value).empty()) return wrong("channel: expected the name of a channel");
    query.channels.push_back(value);
    return {};
}

Result<void> take_has(ParsedQuery& query, const std::string& value) {
    if (value != "file") return wrong("has: expected file");
    query.has_file = true;
    return {};
}

Result<void> take_before(ParsedQuery& query, const std::string& value) {
    const auto day = read_day(value);
    if (!day) return wrong("before: expected a day such as 2026-05-31");
    query.before = std::min(query.before.value_or(*day), *day);
    return {};
}

Result<void> take_after(ParsedQuery& query, const std::string& value) {
    const auto day = read_day(value);
    if (!day) return wrong("after: expected a day such as 2026-05-31");
    query.not_before = std::max(query.not_before.value_or(*day), *day);
    return {};
}

constexpr Operator operators[] = {
    {"from", take_from}, {"channel", take_channel}, {"has", take_has}, {"before", take_before}, {"after", take_after}};

const Operator* operator_at(std::string_view text) {
    const auto same = [](char a, char b) { return (a | 0x20) == b; };
    for (const Operator& one : operators)
        if (text.size() > one.name.size() && text[one.name.size()] == ':' &&
            std::ranges::equal(text.substr(0, one.name.size()), one.name, same))
            return &one;
    return nullptr;
}

// Reads the marks of a query from left to right.
class Reader {
public:
    explicit Reader(std::string text) : text_(std::move(text)) {}

    Result<ParsedQuery> read() {
        while (at_ < text_.size()) {
            if (is_blank(text_[at_])) {
                free_ += text_[at_++];
                continue;
            }
            if (text_[at_] == '"') {
                end_free(false);
                add_phrase(quoted(), query_.all);
                continue;
            }
            if (const Operator* found = operator_at(std::string_view(text_).substr(at_))) {
                end_free(false);
                at_ += found->name.size() + 1;
                const Result<void> taken = found->take(query_, value());
                if (!taken) return std::unexpected(taken.error());
                continue;
            }
            while (at_ < text_.size() && !is_blank(text_[at_]) && text_[at_] != '"')
                free_ += text_[at_++];
        }
        end_free(true);
        if (query_.all.size() > most_requirements) query_.all.resize(most_requirements);
        if (query_.from.size() > most_requirements) query_.from.resize(most_requirements);
        return std::move(query_);
    }

private:
    void end_free(bool is_last) {
        const std::size_t known = query_.all.size();
        add_free(free_, query_.all);
        if (is_last && query_.all.size() > known) query_.all.back().is_unfinished = true;
        free_.clear();
    }

    // Between this quote and the next, or the end.
    std::string quoted() {
        const std::size_t end = std::min(text_.find('"', at_ + 1), text_.size());
        std::string inside = text_.substr(at_ + 1, end - at_ - 1);
        at_ = std::min(end + 1, text_.size());
        return inside;
    }

    std::string value() {
        if (at_ < text_.size() && text_[at_] == '"') return quoted();
        const std::size_t begin = at_;
        while (at_ < text_.size() && !is_blank(text_[at_]))
            ++at_;
        return text_.substr(begin, at_ - begin);
    }

    const std::string text_;
    std::size_t at_ = 0;
    std::string free_;
    ParsedQuery query_;
};

}  // namespace

Result<ParsedQuery> parse_query(std::string_view text) {
    return Reader(with_plain_marks(text.substr(0, longest_query))).read();
}

}  // namespace okno::storage
