// Texts whose words are as unevenly frequent as people's.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace okno::bench {

// 30,000 words of Russian syllables; the n-th is used with a frequency of about 1/n, as in people's texts.
class Texts {
public:
    Texts() {
        static constexpr const char* syllables[] = {"ка", "то", "ре", "на", "ли", "ве", "сто", "по", "при", "да",
                                                    "ше", "мо", "ни", "ус", "об", "чи", "ра",  "зу", "ме",  "га",
                                                    "лю", "бы", "ть", "ов", "ей", "ую", "ыш",  "фо", "хи",  "ца"};
        for (int i = 0; i < 30'000; ++i) {
            std::string word;
            const int count = i < 30 ? 1 : i < 900 ? 2 : 3 + i % 2;
            for (int k = 0, rest = i * 7919 + 13; k < count; ++k, rest /= 30)
                word += syllables[static_cast<std::size_t>(i < 900 ? (k == 0 ? i % 30 : i / 30) : std::abs(rest) % 30)];
            words_.push_back(word);
        }
    }

    const std::string& word(std::size_t rank) const { return words_[rank]; }
    const std::string& any() {
        const double share = std::uniform_real_distribution(0.0, 1.0)(random_);
        return words_[static_cast<std::size_t>(std::pow(static_cast<double>(words_.size()), share)) - 1];
    }
    std::string text() {
        std::string out;
        const int count = std::uniform_int_distribution(2, 18)(random_);
        for (int i = 0; i < count; ++i)
            out += (i == 0 ? "" : " ") + any();
        return out;
    }
    std::uint64_t number() { return random_(); }

private:
    std::vector<std::string> words_;
    std::mt19937_64 random_{42};
};

}  // namespace okno::bench
