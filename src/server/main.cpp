#include "server/cli.hpp"

int main(int argc, char** argv) { return okno::server::run_command_line(argc, argv); }
