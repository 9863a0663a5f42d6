#!/usr/bin/env python3
"""Three nodes of Okno with the demo on this machine: tools/cluster.py FOLDER_OF_PROGRAMS

Beside them a PostgreSQL server and three NATS servers that know each other, all in a temporary folder and on free ports of
the loopback interface. Ctrl+C ends everything."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from with_postgres import free_port, postgres

programs = Path(sys.argv[1]).resolve()
children = []


def run(command, **more):
    child = subprocess.Popen([str(word) for word in command], **more)
    children.append(child)
    return child


def start_nats():
    clients = [free_port() for _ in range(3)]
    routes = [free_port() for _ in range(3)]
    for client, route in zip(clients, routes):
        run(["nats-server", "--addr", "127.0.0.1", "--port", client, "--cluster_name", "okno",
             "--cluster", f"nats://127.0.0.1:{route}", "--routes", ",".join(f"nats://127.0.0.1:{one}" for one in routes)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return ",".join(f"nats://127.0.0.1:{one}" for one in clients)


def wait_for(path):
    for _ in range(600):
        if path.exists():
            return
        if any(child.poll() is not None for child in children):
            sys.exit("A program ended before the first node was there: see above.")
        time.sleep(0.1)
    sys.exit(f"{path} did not appear")


def start_nodes(folder, database, bus):
    environment = dict(os.environ, OKNO_DATABASE=database, OKNO_BUS=bus, OKNO_MEDIA=str(folder / "media"))
    addresses = [f"127.0.0.1:{free_port()}" for _ in range(3)]
    data = [folder / f"node-{number}" for number in (1, 2, 3)]
    for one in (folder / "media", *data):
        one.mkdir()
    print("The first node is the demo's; it also moves the demo's clock, which the others do not follow.")
    run([programs / "okno", "demo", "--data-dir", data[0], "--listen", addresses[0]], env=environment)
    wait_for(data[0] / "okno.sock")
    for address, place in list(zip(addresses, data))[1:]:
        shutil.copy(data[0] / "secret.key", place)  # every node needs the same key
        run([programs / "okno", "serve", "--data-dir", place, "--listen", address, "--log-level", "warning"],
            env=environment)
    print("The same inbox on every node: " + "  ".join(f"http://{address}/" for address in addresses), flush=True)


def stop(*_):
    raise KeyboardInterrupt


signal.signal(signal.SIGTERM, stop)
with tempfile.TemporaryDirectory(prefix="okno-cluster-") as name, postgres([]) as server:
    subprocess.run(["psql", "-q", f"{server.url()}/postgres", "-c", "CREATE DATABASE okno"], check=True)
    try:
        start_nodes(Path(name), f"{server.url()}/okno", start_nats())
        children[3].wait()
    except KeyboardInterrupt:
        pass
    finally:
        for child in reversed(children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in children:
            child.wait()
