#include "storage/search/terms.hpp"

#include <libstemmer.h>
#include <unicode/brkiter.h>
#include <unicode/bytestream.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace okno::storage {

namespace {

constexpr std::size_t most_letters = 64;
constexpr std::size_t fewest_digits = 7;
constexpr std::size_t most_digits = 15;

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ascii_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_ascii_digit(c); }

// The code point at `at`, negative when the bytes are none; `at` moves behind it.
UChar32 next_point(std::string_view text, std::size_t& at) {
    UChar32 point = 0;
    auto index = static_cast<std::int64_t>(at);
    U8_NEXT(text.data(), index, static_cast<std::int64_t>(text.size()), point);
    at = static_cast<std::size_t>(index);
    return point;
}

bool begins_word(UChar32 point) { return point >= 0 && u_isalnum(point) != 0; }

// Accents, soft hyphens and joiners stand inside words and are folded away or into them.
bool continues_word(UChar32 point) {
    if (point < 0) return false;
    if (point < 0x80) return is_ascii_word(static_cast<char>(point));
    return u_isalnum(point) != 0 || (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0 ||
           u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

// Scripts written without spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
bool needs_breaking(UChar32 point) {
    if (point < 0x0E00) return false;
    const int line_break = u_getIntPropertyValue(point, UCHAR_LINE_BREAK);
    return line_break == U_LB_COMPLEX_CONTEXT || line_break == U_LB_IDEOGRAPHIC ||
           line_break == U_LB_CONDITIONAL_JAPANESE_STARTER;
}

// Nearly all text is Latin or Russian: folded here, several times faster than by ICU. False: ICU has to do it.
bool fold_plain(std::string_view word, std::string& out) {
    for (std::size_t i = 0; i < word.size(); ++i) {
        const auto byte = static_cast<unsigned char>(word[i]);
        if (byte < 0x80) {
            out += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : word[i];
            continue;
        }
        if ((byte != 0xD0 && byte != 0xD1) || i + 1 == word.size()) return false;
        const unsigned point = (byte & 0x1FU) << 6 | (static_cast<unsigned char>(word[++i]) & 0x3FU);
        unsigned folded = point;
        if (point == 0x401 || point == 0x451)
            folded = 0x435;  // ё is written е by half of the writers
        else if (point >= 0x410 && point <= 0x42F)
            folded = point + 32;
        else if (point < 0x430 || point > 0x44F)
            return false;
        out += static_cast<char>(0xC0 | folded >> 6);
        out += static_cast<char>(0x80 | (folded & 0x3F));
    }
    return true;
}

std::string fold_by_icu(std::string_view word) {
    std::string out;
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* folding = icu::Normalizer2::getNFKCCasefoldInstance(error);
    if (U_FAILURE(error)) throw std::runtime_error("ICU has no case folding");
    icu::StringByteSink<std::string> sink(&out);
    folding->normalizeUTF8(0, icu::StringPiece(word.data(), static_cast<std::int32_t>(word.size())), sink, nullptr,
                           error);
    // Some letters fold into several words (U+FDFA): what cannot stand in a term is left out.
    bool is_changed =
        std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x80 && !is_ascii_word(c); }) > 0;
    for (std::size_t at = 0; (at = out.find("\xD1\x91", at)) != std::string::npos; is_changed = true)
        out.replace(at, 2, "\xD0\xB5");
    // What was apart now stands together and may fold further (е with another diaeresis): it gets shorter each time,
    // and cut first, so that a long word is not folded over and over.
    out.resize(first_letters(out, most_letters).size());
    return is_changed ? fold_by_icu(out) : out;
}

std::string fold(std::string_view word) {
    std::string out;
    out.reserve(word.size());
    return fold_plain(word, out) ? out : fold_by_icu(word);
}

struct DeleteStemmer {
    void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};
using Stemmer = std::unique_ptr<sb_stemmer, DeleteStemmer>;

Stemmer stemmer_of(const char* language) {
    Stemmer stemmer(sb_stemmer_new(language, "UTF_8"));
    if (!stemmer) throw std::runtime_error(std::string("libstemmer has no ") + language);
    return stemmer;
}

std::string stem_with(sb_stemmer* stemmer, const std::string& word) {
    const auto* symbols = reinterpret_cast<const sb_symbol*>(word.data());
    const sb_symbol* stem = sb_stemmer_stem(stemmer, symbols, static_cast<int>(word.size()));
    if (stem == nullptr) throw std::bad_alloc();
    return {reinterpret_cast<const char*>(stem), static_cast<std::size_t>(sb_stemmer_length(stemmer))};
}

// Stemmers hold state: each thread has its own.
std::string stem_of(const std::string& folded) {
    thread_local const Stemmer russian = stemmer_of("russian");
    thread_local const Stemmer english = stemmer_of("english");
    if (std::ranges::all_of(folded, [](char c) { return c >= 'a' && c <= 'z'; }))
        return stem_with(english.get(), folded);
    for (std::size_t at = 0; at < folded.size();) {
        const UChar32 point = next_point(folded, at);
        if (point < 0x430 || point > 0x44F) return folded;
    }
    return stem_with(russian.get(), folded);
}

void add_word(std::string_view text, std::size_t begin, std::size_t end, std::vector<Word>& out) {
    std::string folded = fold(text.substr(begin, end - begin));
    if (folded.empty()) return;
    folded.resize(first_letters(folded, most_letters).size());
    std::string stem = stem_of(folded);
    out.push_back({begin, end, std::move(folded), std::move(stem)});
}

void break_run(std::string_view text, std::size_t begin, std::size_t end, std::vector<Word>& out) {
    UErrorCode error = U_ZERO_ERROR;
    thread_local const std::unique_ptr<icu::BreakIterator> breaks(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), error));
    UText* run = utext_openUTF8(nullptr, text.data() + begin, static_cast<std::int64_t>(end - begin), &error);
    if (U_FAILURE(error) || !breaks) throw std::runtime_error("ICU cannot break words");
    breaks->setText(run, error);
    std::int32_t from = breaks->first();
    for (std::int32_t to = breaks->next(); to != icu::BreakIterator::DONE; from = to, to = breaks->next())
        add_word(text, begin + static_cast<std::size_t>(from), begin + static_cast<std::size_t>(to), out);
    utext_close(run);
}

// What may stand between the digits of one number; 0 when the byte there may not, else how many bytes it takes.
std::size_t separator_at(std::string_view text, std::size_t at) {
    static constexpr std::array<std::string_view, 10> separators{" ",      "(",      ")",      "-",      ".",
                                                                 "\u00A0", "\u202F", "\u2010", "\u2011", "\u2013"};
    for (const std::string_view one : separators)
        if (text.substr(at).starts_with(one)) return one.size();
    return 0;
}

bool is_space_at(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at);
    return rest.starts_with(' ') || rest.starts_with("\u00A0") || rest.starts_with("\u202F");
}

void add_phone(PhoneRun run, std::vector<PhoneRun>& out) {
    if (run.digits.size() >= fewest_digits && run.digits.size() <= most_digits) out.push_back(std::move(run));
}

}  // namespace

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        UChar32 point = next_point(text, at);
        if (!begins_word(point)) continue;
        bool is_unbroken = needs_breaking(point);
        std::size_t end = at;
        while (at < text.size()) {
            point = next_point(text, at);
            if (!continues_word(point)) break;
            is_unbroken = is_unbroken || needs_breaking(point);
            end = at;
        }
        if (is_unbroken)
            break_run(text, begin, end, out);
        else
            add_word(text, begin, end, out);
    }
    return out;
}

std::vector<PhoneRun> phones_of(std::string_view text) {
    std::vector<PhoneRun> out;
    for (std::size_t at = 0; at < text.size();) {
        if (!is_ascii_digit(text[at])) {
            ++at;
            continue;
        }
        PhoneRun whole{at, at, {}};
        std::vector<PhoneRun> pieces{whole};  // apart at the spaces
        while (at < text.size()) {
            if (is_ascii_digit(text[at])) {
                whole.digits += text[at];
                pieces.back().digits += text[at];
                whole.end = pieces.back().end = ++at;
                continue;
            }
            std::size_t next = at;
            bool has_space = false;
            for (int i = 0; i < 3 && next < text.size() && separator_at(text, next) != 0; ++i) {
                has_space = has_space || is_space_at(text, next);
                next += separator_at(text, next);
            }
            if (next == at || next >= text.size() || !is_ascii_digit(text[next])) break;
            if (has_space) pieces.push_back({next, next, {}});
            at = next;
        }
        add_phone(std::move(whole), out);
        if (pieces.size() == 1) continue;
        for (PhoneRun& piece : pieces)
            add_phone(std::move(piece), out);
    }
    return out;
}

std::vector<std::string> phone_forms(const std::string& digits) {
    std::vector<std::string> out{digits};
    for (const std::size_t tail : {10, 7})
        if (digits.size() > tail) out.push_back(digits.substr(digits.size() - tail));
    return out;
}

std::string_view first_letters(std::string_view folded, std::size_t count) {
    std::size_t at = 0;
    while (count > 0 && at < folded.size()) {
        ++at;
        while (at < folded.size() && (static_cast<unsigned char>(folded[at]) & 0xC0) == 0x80)
            ++at;
        --count;
    }
    return folded.substr(0, at);
}

std::size_t letters_in(std::string_view folded) {
    return static_cast<std::size_t>(
        std::ranges::count_if(folded, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace okno::storage
