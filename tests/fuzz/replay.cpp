// Without a fuzzer: each file of the corpus is given to the target as it is, cut in its middle, and with each of its
// first bytes changed.
#include "fuzz/target.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace fs = std::filesystem;

static std::string contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

int main() {
    std::vector<fs::path> files;
    for (const char* folder : {OKNO_FUZZ_CORPUS})
        for (const auto& entry : fs::directory_iterator(folder))
            if (!entry.path().string().ends_with(".events.json")) files.push_back(entry.path());
    std::ranges::sort(files);
    for (const fs::path& file : files) {
        const std::string input = contents(file);
        std::printf("%s\n", file.filename().c_str());
        std::fflush(stdout);  // names the input that ended the program
        okno::fuzz::take(input);
        okno::fuzz::take(std::string_view(input).substr(0, input.size() / 2));
        for (std::size_t at = 0; at < std::min<std::size_t>(input.size(), 64); ++at) {
            std::string changed = input;
            changed[at] = static_cast<char>(changed[at] ^ 0x80);
            okno::fuzz::take(changed);
        }
    }
    std::printf("%zu passed, %d failed\n", files.size(), files.empty() ? 1 : 0);
    return files.empty() ? 1 : 0;
}
