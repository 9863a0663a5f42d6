#include "media/s3_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <thread>

namespace okno::media {

namespace {

constexpr int most_tries = 4;
constexpr auto first_pause = std::chrono::milliseconds(200);
constexpr long connect_seconds = 5;
constexpr long stalled_seconds = 20;
constexpr std::size_t most_of_answer = 64 << 10;
constexpr std::size_t most_of_list = 8 << 20;
// SHA-256 of nothing: the body of every request but PUT.
constexpr const char* empty_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using File = std::unique_ptr<std::FILE, Closer>;
using HeaderList = std::unique_ptr<curl_slist, Closer>;

struct Request {
    enum class Method { head, get, put, remove };
    Method method = Method::get;
    std::string url;
    std::string hash = empty_hash;
    std::string mime{};
    std::string file{};  // read by put, written by get
    bool is_list = false;
};

struct Answer {
    long status = 0;  // 0: no answer came, `reason` says why
    std::string reason{};
    std::string body{};  // of errors and lists
    std::int64_t size = -1;
    std::chrono::seconds age{};  // of the object
};

// Where the body of an answer goes: an error is kept to be read, the object into its file.
struct Sink {
    CURL* handle;
    std::FILE* file;
    std::string* body;
    std::size_t most;
};

std::size_t take(char* bytes, std::size_t, std::size_t size, void* closure) {
    const auto* sink = static_cast<const Sink*>(closure);
    long status = 0;
    curl_easy_getinfo(sink->handle, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200 && sink->file != nullptr) return std::fwrite(bytes, 1, size, sink->file);
    if (sink->body->size() < sink->most) sink->body->append(bytes, size);
    return size;
}

// One for each thread, so that connections are kept.
CURL* fresh_handle() {
    thread_local const std::unique_ptr<CURL, Closer> handle(curl_easy_init());
    curl_easy_reset(handle.get());
    return handle.get();
}

HeaderList headers_of(const Request& request) {
    // libcurl 7.88 hashes a body itself only when it has it in memory, so the hash is given. An empty `Expect:` it
    // would sign and not send (seen with 7.88.1, 2026-11): every signature would be wrong.
    curl_slist* list = curl_slist_append(nullptr, ("x-amz-content-sha256: " + request.hash).c_str());
    if (!request.mime.empty()) list = curl_slist_append(list, ("Content-Type: " + request.mime).c_str());
    return HeaderList(list);
}

// Asked by libcurl all the while; anything but 0 ends the call.
int is_over(void* is_stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return *static_cast<const std::atomic<bool>*>(is_stopping) ? 1 : 0;
}

// What a call needs beside the request.
struct Place {
    const S3Address& address;
    const S3Keys& keys;
    const std::atomic<bool>& is_stopping;
};

// By the store's own clock, which says when it answered.
std::chrono::seconds age_of(CURL* handle) {
    curl_off_t put_at = -1;
    curl_easy_getinfo(handle, CURLINFO_FILETIME_T, &put_at);
    curl_header* date = nullptr;
    const bool has_date = curl_easy_header(handle, "Date", 0, CURLH_HEADER, -1, &date) == CURLHE_OK;
    const std::time_t now = has_date ? curl_getdate(date->value, nullptr) : std::time(nullptr);
    if (put_at < 0 || now < put_at) return {};  // who does not say it keeps its files
    return std::chrono::seconds(now - put_at);
}

Answer perform(const Request& request, const Place& place) {
    const bool is_put = request.method == Request::Method::put;
    File file;
    if (!request.file.empty()) {
        file.reset(std::fopen(request.file.c_str(), is_put ? "rbe" : "wbe"));
        if (!file) return {.reason = request.file + " cannot be opened"};
    }
    CURL* handle = fresh_handle();
    Answer out;
    Sink sink{handle, is_put ? nullptr : file.get(), &out.body, request.is_list ? most_of_list : most_of_answer};
    char reason[CURL_ERROR_SIZE] = "";
    const HeaderList headers = headers_of(request);
    const std::string user = place.keys.access_key.reveal() + ":" + place.keys.secret_key.reveal();
    const std::string signing = "aws:amz:" + place.address.region + ":s3";
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, signing.c_str());
    curl_easy_setopt(handle, CURLOPT_USERPWD, user.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, connect_seconds);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, stalled_seconds);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, reason);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, is_over);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &place.is_stopping);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &sink);
    if (request.method == Request::Method::head) curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    if (request.method == Request::Method::remove) curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "DELETE");
    curl_easy_setopt(handle, CURLOPT_FILETIME, 1L);
    if (is_put) {
        curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(handle, CURLOPT_READDATA, file.get());
        curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE,
                         static_cast<curl_off_t>(std::filesystem::file_size(request.file)));
    }
    const CURLcode code = curl_easy_perform(handle);
    if (code == CURLE_OK) curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &out.status);
    if (code != CURLE_OK) out.reason = reason[0] != '\0' ? reason : curl_easy_strerror(code);
    curl_off_t size = -1;
    curl_easy_getinfo(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
    out.size = size;
    out.age = age_of(handle);
    if (sink.file != nullptr && out.status == 200 && std::fflush(sink.file) != 0)
        return {.reason = request.file + " cannot be written"};
    return out;
}

bool may_pass(const Answer& answer) { return answer.status == 0 || answer.status >= 500 || answer.status == 429; }

// With pauses that grow, some of each by chance; about three seconds in all.
Answer perform_again(const Request& request, const Place& place) {
    thread_local std::minstd_rand random(std::random_device{}());
    auto pause = first_pause;
    for (int tries = 1;; ++tries) {
        Answer answer = perform(request, place);
        if (!may_pass(answer) || tries == most_tries || place.is_stopping) return answer;
        std::this_thread::sleep_for(pause + std::chrono::milliseconds(random() % 100));
        pause *= 3;
    }
}

// What stands in each <name>...</name>.
std::vector<std::string> texts_of(const std::string& body, const std::string& name) {
    const std::string open = "<" + name + ">";
    const std::string close = "</" + name + ">";
    std::vector<std::string> out;
    for (std::size_t begin = body.find(open); begin != std::string::npos; begin = body.find(open, begin)) {
        begin += open.size();
        const std::size_t end = body.find(close, begin);
        if (end == std::string::npos) break;
        out.push_back(body.substr(begin, end - begin));
    }
    return out;
}

// <Error><Code>NoSuchKey</Code>...
std::string code_of(const std::string& body) {
    const std::vector<std::string> codes = texts_of(body, "Code");
    return codes.empty() || codes.front().size() > 64 ? std::string() : codes.front();
}

std::string encoded(const std::string& text) {
    const std::unique_ptr<char, decltype(&curl_free)> out(
        curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), curl_free);
    return out.get();
}

std::unexpected<Error> error_of(const Answer& answer, const S3Address& address) {
    const std::string code = code_of(answer.body);
    const auto unavailable = [](std::string detail) {
        return fail(ErrorKind::unavailable, "unavailable", std::move(detail));
    };
    if (answer.status == 0)
        return unavailable(fmt::format("The file store {} cannot be reached: {}.", address.endpoint, answer.reason));
    if (code == "NoSuchBucket")
        return unavailable(fmt::format("The file store {} has no bucket {}: see the setting `media`.", address.endpoint,
                                       address.bucket));
    if (answer.status == 404)
        return fail(ErrorKind::not_found, "file_gone", "The file is not in the file store any more.");
    const std::string said = code.empty() ? fmt::to_string(answer.status) : fmt::format("{}, {}", answer.status, code);
    if (answer.status == 403 || answer.status == 401)
        return unavailable(
            fmt::format("The file store {} refuses the keys ({}): see OKNO_S3_ACCESS_KEY and"
                        " OKNO_S3_SECRET_KEY, and what they may do in the bucket {}.",
                        address.endpoint, said, address.bucket));
    if (answer.status == 301 || code == "AuthorizationHeaderMalformed")
        return unavailable(fmt::format("The file store {} is of another region than {} ({}): see the setting `media`.",
                                       address.endpoint, address.region, said));
    return unavailable(fmt::format("The file store {} does not work now ({}).", address.endpoint, said));
}

}  // namespace

Result<S3Object> S3Client::look(const std::string& sha256) const {
    const Answer answer =
        perform({.method = Request::Method::head, .url = address_.url_of(sha256)}, {address_, keys_, is_stopping_});
    if (answer.status != 200) return error_of(answer, address_);
    return S3Object{answer.size, answer.age};
}

Result<void> S3Client::put(const std::string& sha256, const std::string& path, const std::string& mime) const {
    const Answer answer = perform_again(
        {.method = Request::Method::put, .url = address_.url_of(sha256), .hash = sha256, .mime = mime, .file = path},
        {address_, keys_, is_stopping_});
    if (answer.status != 200) return error_of(answer, address_);
    return {};
}

Result<void> S3Client::get(const std::string& sha256, const std::string& path) const {
    const Answer answer =
        perform_again({.url = address_.url_of(sha256), .file = path}, {address_, keys_, is_stopping_});
    if (answer.status != 200) return error_of(answer, address_);
    return {};
}

Result<std::vector<std::string>> S3Client::list(const std::string& two_letters, int page) const {
    const std::string folder = address_.folder_of(two_letters);
    std::vector<std::string> out;
    std::string next;
    do {
        // In the order of their names and encoded: so they are signed.
        std::string query = fmt::format("list-type=2&max-keys={}&prefix={}", page, encoded(folder));
        if (!next.empty()) query = "continuation-token=" + encoded(next) + "&" + query;
        const Answer answer =
            perform_again({.url = address_.endpoint + "/" + address_.bucket + "?" + query, .is_list = true},
                          {address_, keys_, is_stopping_});
        if (answer.status != 200) return error_of(answer, address_);
        if (answer.body.find("</ListBucketResult>") == std::string::npos)
            return fail(ErrorKind::unavailable, "unavailable",
                        fmt::format("The file store {} did not list its files to the end.", address_.endpoint));
        for (const std::string& key : texts_of(answer.body, "Key"))
            if (key.starts_with(folder)) out.push_back(key.substr(folder.size()));
        const std::vector<std::string> more = texts_of(answer.body, "NextContinuationToken");
        next = more.empty() ? std::string() : more.front();
    } while (!next.empty());
    return out;
}

Result<void> S3Client::remove(const std::string& sha256) const {
    const Answer answer =
        perform({.method = Request::Method::remove, .url = address_.url_of(sha256)}, {address_, keys_, is_stopping_});
    if (answer.status != 204 && answer.status != 200 && answer.status != 404) return error_of(answer, address_);
    return {};
}

}  // namespace okno::media
