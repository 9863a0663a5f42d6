#!/usr/bin/env python3
"""Runs a command beside a PostgreSQL server of its own: tools/with_postgres.py [--durable] COMMAND [ARGUMENT ...]

The server is Debian's, in a temporary directory, on a free port of the loopback interface, as an unprivileged user; it
ends with the command. A COMMIT waits for no disk, as tests like it; with --durable it does, and every other setting of
durability is the server's own default too: for measurements. OKNO_TEST_POSTGRES tells the command where it is (postgresql://okno@127.0.0.1:PORT)."""
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def programs():
    """The folder of initdb and postgres, of the newest version that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        sys.exit("PostgreSQL's server is missing: run ./dev setup")
    return found[-1].parent


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """`settings` are lines of postgresql.conf. A killed server can be started again on the same port and files."""

    def __init__(self, settings=()):
        self.folder = Path(tempfile.mkdtemp(prefix="okno-postgres-"))
        self.port = free_port()
        # PostgreSQL refuses to run as root: Debian's package makes a user for it.
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            shutil.chown(self.folder, self.user)
        self.data = self.folder / "data"
        subprocess.run(
            self.as_user([programs() / "initdb", "-D", self.data, "-U", "okno", "-A", "trust", "-E", "UTF8",
                          "--locale=C", "--no-sync"]), check=True, stdout=subprocess.DEVNULL)
        with open(self.data / "postgresql.conf", "a", encoding="utf8") as file:
            file.write("\n".join([
                f"port={self.port}", "listen_addresses='127.0.0.1'", f"unix_socket_directories='{self.folder}'",
                "max_connections=300", "shared_buffers=256MB", *settings, ""]))
        self.start()

    def as_user(self, command):
        command = [str(word) for word in command]
        return ["setpriv", "--reuid", self.user, "--regid", self.user, "--init-groups", *command] \
            if os.getuid() == 0 else command

    def start(self):
        self.process = subprocess.Popen(self.as_user([programs() / "postgres", "-D", self.data]),
                                        stdout=subprocess.DEVNULL, stderr=open(self.folder / "log", "ab"))
        ready = [programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        for _ in range(600):
            if subprocess.run(ready).returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        sys.exit("PostgreSQL did not start:\n" + (self.folder / "log").read_text())

    def url(self):
        return f"postgresql://okno@127.0.0.1:{self.port}"

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def postgres(settings=("fsync=off", "full_page_writes=off")):
    server = Server(settings)
    try:
        yield server
    finally:
        server.stop()


def keep():
    """Keeps a durable server for whoever started this: prints its address, then obeys a line at a time."""
    with postgres(("deadlock_timeout=200ms",)) as server:
        print(server.url(), flush=True)
        for order in sys.stdin:
            group = [server.process.pid, *children(server.process.pid)]
            match order.strip():
                case "kill":
                    for one in group:
                        send(one, signal.SIGKILL)
                    server.process.wait()
                case "start":
                    server.start()
                case "pause":
                    for one in group:
                        send(one, signal.SIGSTOP)
                case "go":
                    for one in group:
                        send(one, signal.SIGCONT)
            print("done", flush=True)


def send(process, what):
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, what)


def children(process):
    with contextlib.suppress(FileNotFoundError):
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


if __name__ == "__main__":
    words = sys.argv[1:]
    if words == ["--keep"]:
        keep()
        sys.exit(0)
    durable = words[:1] == ["--durable"]
    with postgres([]) if durable else postgres() as running:
        sys.exit(subprocess.run(words[1:] if durable else words,
                                env=dict(os.environ, OKNO_TEST_POSTGRES=running.url())).returncode)
