#include "net/client.hpp"

#include "base/crash_point.hpp"
#include "base/thread.hpp"
#include "net/private_network.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace okno::net {
namespace {

using Done = std::function<void(Result<HttpReply>)>;

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

// One call in hand; lives until its `done` was called.
struct Call {
    HttpRequest request;
    Done done;
    HttpReply reply;
    CURL* easy = nullptr;
    curl_slist* fields = nullptr;
    curl_mime* form = nullptr;
    std::unique_ptr<std::FILE, FileCloser> file;
    std::size_t body_sent = 0;
    std::size_t received = 0;
    std::string refusal;  // why we ended it ourselves

    Call() = default;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() {
        if (form != nullptr) curl_mime_free(form);
        curl_slist_free_all(fields);
        if (easy != nullptr) curl_easy_cleanup(easy);
    }
};

// The body is given by a function that cannot rewind: libcurl then never repeats a written request by itself when
// a kept connection breaks, which could deliver a message twice.
std::size_t read_body(char* to, std::size_t size, std::size_t count, void* user) {
    auto& call = *static_cast<Call*>(user);
    const std::size_t n = call.request.body.copy(to, size * count, call.body_sent);
    call.body_sent += n;
    return n;
}

std::size_t take_body(char* from, std::size_t size, std::size_t count, void* user) {
    auto& call = *static_cast<Call*>(user);
    const std::size_t n = size * count;
    call.received += n;
    if (call.received > call.request.max_reply_bytes) {
        call.refusal = fmt::format("the answer is larger than {} bytes", call.request.max_reply_bytes);
        return 0;
    }
    long status = 0;
    curl_easy_getinfo(call.easy, CURLINFO_RESPONSE_CODE, &status);
    if (!call.request.save_to.empty() && status / 100 == 2) {
        if (!call.file) call.file.reset(std::fopen(call.request.save_to.c_str(), "wb"));
        if (!call.file || std::fwrite(from, 1, n, call.file.get()) != n) {
            call.refusal = fmt::format("{} cannot be written: {}", call.request.save_to, std::strerror(errno));
            return 0;
        }
        return n;
    }
    call.reply.body.append(from, n);
    return n;
}

std::size_t take_header(char* from, std::size_t size, std::size_t count, void* user) {
    auto& call = *static_cast<Call*>(user);
    std::string_view line(from, size * count);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.remove_suffix(1);
    if (line.starts_with("HTTP/")) call.reply.headers.fields.clear();  // of an interim answer
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
        std::string_view value = line.substr(colon + 1);
        while (value.starts_with(' '))
            value.remove_prefix(1);
        call.reply.headers.fields.emplace_back(line.substr(0, colon), value);
    }
    return size * count;
}

curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
    auto& call = *static_cast<Call*>(user);
    if (!call.request.allow_private_network && is_private_address(address->addr)) {
        call.refusal = "the address is in a private network (allow it with outbound.allow_private)";
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void prepare_form(Call& call) {
    call.form = curl_mime_init(call.easy);
    for (const FormField& field : call.request.form) {
        curl_mimepart* part = curl_mime_addpart(call.form);
        curl_mime_name(part, field.name.c_str());
        if (field.file.empty()) {
            curl_mime_data(part, field.value.data(), field.value.size());
        } else {
            curl_mime_filedata(part, field.file.c_str());
            curl_mime_filename(part, field.file_name.c_str());
        }
        if (!field.mime.empty()) curl_mime_type(part, field.mime.c_str());
    }
    curl_easy_setopt(call.easy, CURLOPT_MIMEPOST, call.form);
}

void prepare_body(Call& call) {
    curl_easy_setopt(call.easy, CURLOPT_POST, 1L);
    curl_easy_setopt(call.easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.request.body.size()));
    curl_easy_setopt(call.easy, CURLOPT_READFUNCTION, read_body);
    curl_easy_setopt(call.easy, CURLOPT_READDATA, &call);
}

// Beside the system's: those lie in a directory, which the given ones do not replace.
void trust(CURL* easy, const std::string& certificates) {
    if (certificates.empty()) return;
    curl_blob blob{const_cast<char*>(certificates.data()), certificates.size(), CURL_BLOB_COPY};
    curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
    curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO_BLOB, &blob);
}

void prepare(Call& call) {
    const HttpRequest& request = call.request;
    CURL* easy = call.easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &call);
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_PROXY, request.proxy.c_str());
    trust(easy, request.trusted_certificate);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &call);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &call);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &call);
    for (const auto& [name, value] : request.headers.fields)
        call.fields = curl_slist_append(call.fields, fmt::format("{}: {}", name, value).c_str());
    call.fields = curl_slist_append(call.fields, "Expect:");
    if (!request.bearer.empty())
        call.fields =
            curl_slist_append(call.fields, fmt::format("Authorization: Bearer {}", request.bearer.reveal()).c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call.fields);
    if (!request.form.empty())
        prepare_form(call);
    else if (!request.body.empty() || request.method == "POST" || request.method == "PUT")
        prepare_body(call);
    else if (request.method == "HEAD")
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);  // else it waits for the bytes that the length promises
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

Result<HttpReply> outcome_of(Call& call, CURLcode code) {
    if (call.file && std::fflush(call.file.get()) != 0) code = CURLE_WRITE_ERROR;
    call.file.reset();
    if (code == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(call.easy, CURLINFO_RESPONSE_CODE, &status);
        call.reply.status = static_cast<int>(status);
        return std::move(call.reply);
    }
    long written = 0;
    curl_easy_getinfo(call.easy, CURLINFO_REQUEST_SIZE, &written);
    const std::string why = call.refusal.empty() ? curl_easy_strerror(code) : call.refusal;
    if (written == 0) return fail(ErrorKind::never_left, "never_left", fmt::format("Could not connect: {}.", why));
    return fail(ErrorKind::left_no_answer, "left_no_answer", fmt::format("Sent, but no answer came: {}.", why));
}

}  // namespace

struct Client::State {
    explicit State(std::size_t connections_per_host) {
        static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
        static_cast<void>(once);
        multi = curl_multi_init();
        curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
        curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(connections_per_host));
        thread = start_thread("http-out", [this] { run(); });
    }

    ~State() {
        is_stopping = true;
        curl_multi_wakeup(multi);
        thread.join();
        curl_multi_cleanup(multi);
    }

    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void add(HttpRequest request, Done done) {
        auto call = std::make_unique<Call>();
        call->request = std::move(request);
        call->done = std::move(done);
        {
            const std::scoped_lock lock(mutex);
            arriving.push_back(std::move(call));
        }
        curl_multi_wakeup(multi);
    }

    void run() {
        while (!is_stopping) {
            take_arriving();
            int running = 0;
            curl_multi_perform(multi, &running);
            finish_ended();
            curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
        }
        take_arriving();
        while (!calls.empty()) {
            std::unique_ptr<Call> call = take(calls.begin()->first);
            call->done(outcome_of(*call, CURLE_ABORTED_BY_CALLBACK));
        }
    }

    void take_arriving() {
        std::vector<std::unique_ptr<Call>> fresh;
        {
            const std::scoped_lock lock(mutex);
            fresh.swap(arriving);
        }
        for (std::unique_ptr<Call>& call : fresh) {
            crash_point();  // before the request leaves
            call->easy = curl_easy_init();
            prepare(*call);
            CURL* easy = call->easy;
            calls.emplace(easy, std::move(call));
            curl_multi_add_handle(multi, easy);
        }
    }

    void finish_ended() {
        int left = 0;
        while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            const CURLcode code = message->data.result;
            std::unique_ptr<Call> call = take(message->easy_handle);
            crash_point();  // the answer came, nobody knows it yet
            call->done(outcome_of(*call, code));
        }
    }

    std::unique_ptr<Call> take(CURL* easy) {
        curl_multi_remove_handle(multi, easy);
        auto node = calls.extract(easy);
        return std::move(node.mapped());
    }

    CURLM* multi = nullptr;
    std::mutex mutex;
    std::vector<std::unique_ptr<Call>> arriving;
    std::unordered_map<CURL*, std::unique_ptr<Call>> calls;
    std::atomic<bool> is_stopping{false};
    std::thread thread;
};

Client::Client(std::size_t connections_per_host) : state_(std::make_unique<State>(connections_per_host)) {}

Client::~Client() = default;

void Client::perform(HttpRequest request, Done done) { state_->add(std::move(request), std::move(done)); }

}  // namespace okno::net
