// The command line of okno.
#pragma once

namespace okno::server {

// Runs the command and says the process's exit code.
int run_command_line(int argc, char** argv);

}  // namespace okno::server
