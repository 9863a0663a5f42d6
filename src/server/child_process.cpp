#include "server/child_process.hpp"

#include <csignal>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace okno::server {

ChildProcess::ChildProcess(const std::string& name, const std::vector<std::string>& arguments) {
    const std::string program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
    if (::access(program.c_str(), X_OK) != 0)
        throw std::runtime_error(program + " is missing: it is built together with okno (./dev build).");
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    int pipe_ends[2];
    if (::pipe(pipe_ends) != 0) throw std::runtime_error("no pipe could be made");
    const pid_t parent = ::getpid();
    id_ = ::fork();
    if (id_ < 0) throw std::runtime_error(program + " could not be started");
    if (id_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // it ends with us, however we end
        if (::getppid() != parent) ::_exit(1);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        ::dup2(pipe_ends[1], STDOUT_FILENO);
        ::close(pipe_ends[0]);
        ::close(pipe_ends[1]);
        ::execv(program.c_str(), argv.data());
        ::_exit(127);
    }
    ::close(pipe_ends[1]);
    output_ = pipe_ends[0];
}

ChildProcess::~ChildProcess() {
    ::kill(id_, SIGTERM);
    ::waitpid(id_, nullptr, 0);
    ::close(output_);
}

std::string ChildProcess::read_line() const {
    std::string line;
    char byte = 0;
    while (::read(output_, &byte, 1) == 1 && byte != '\n')
        line += byte;
    return line;
}

}  // namespace okno::server
