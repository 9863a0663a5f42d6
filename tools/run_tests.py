#!/usr/bin/env python3
"""Runs every suite of a build folder, with `--full` the long form of those that have one, and ends with one line `N passed, N failed` over all of them.

A suite that ran no test counts as one failure, so does one that ended badly without naming a failed test."""
import os
import re
import subprocess
import sys
from pathlib import Path

from with_postgres import postgres

build = Path(sys.argv[1]).resolve()
root = Path(__file__).resolve().parent.parent
environment = dict(os.environ, OKNO_SIM=str(build / "bin" / "okno-sim"), OKNO=str(build / "bin" / "okno"),
                   # clang-19 comes without a symbolizer of its own.
                   TSAN_OPTIONS=f"suppressions={root}/tests/support/tsan.supp external_symbolizer_path=/usr/bin/addr2line")


def counts_of(output):
    """The last closing line of a doctest or Python suite as (passed, failed)."""
    doctest = re.findall(r"test cases:\s*(\d+)\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed", output)
    if doctest:
        return int(doctest[-1][1]), int(doctest[-1][2])
    vitest = re.findall(r"^\s*Tests\s+(?:(\d+) failed \| )?(\d+) passed", output, re.M)
    if vitest:
        return int(vitest[-1][1]), int(vitest[-1][0] or 0)
    plain = re.findall(r"^(\d+) passed, (\d+) failed$", output, re.M)
    return (int(plain[-1][0]), int(plain[-1][1])) if plain else (0, 0)


suites = [[str(path)] for path in sorted((build / "bin").glob("*_test"))]
for folder in ("simulator", "journeys", "crash", "cluster"):
    suites += [[sys.executable, str(path)] for path in sorted((root / "tests" / folder).glob("*_test.py"))]
    suites += [["node", str(path)] for path in sorted((root / "tests" / folder).glob("*_test.mjs"))]
suites = [suite for suite in suites if not suite[-1].endswith("migrate_test.mjs")]  # only with PostgreSQL, see below
suites.append(["npm", "--prefix", str(root / "web"), "test"])

# The same tests once more with PostgreSQL under them.
on_postgres = [[str(build / "bin" / name)] for name in ("app_test", "http_test", "storage_test")]
on_postgres += [["node", str(root / "tests" / "journeys" / name)] for name in ("main_job_test.mjs", "migrate_test.mjs")]
on_postgres += [[sys.executable, str(root / "tests" / "storage" / "citus_test.py")]]

# Suites with a long form: every place of a crash, hundreds of kills, ten thousand connections.
is_full = "--full" in sys.argv
with_long_form = {"crash_test.mjs", "kill_test.mjs", "cluster_test.mjs", "hostile_test.mjs", "messengers_test.mjs"}
hours = 3600
if is_full:
    messengers = ("telegram", "vk", "viber", "messenger", "instagram", "max", "gateway", "gateway_green_api", "gateway_evolution")
    on_postgres += [["node", str(root / "tests" / "journeys" / f"{name}_test.mjs")] for name in messengers]
    on_postgres += [["node", str(root / "tests" / "crash" / "messengers_test.mjs")]]

passed = failed = 0


def run(command, where="", **more):
    global passed, failed
    is_long = is_full and Path(command[-1]).name in with_long_form
    result = subprocess.run([*command, "--full"] if is_long else command, env=dict(environment, **more),
                            capture_output=True, text=True, errors="replace", timeout=6 * hours if is_long else 900)
    output = re.sub(r"\x1b\[[0-9;]*m", "", result.stdout + result.stderr)
    good, bad = counts_of(output)
    if good + bad == 0 or (result.returncode != 0 and bad == 0):
        bad += 1
    if bad:
        print(output)
    print(f"{Path(command[-1]).name}{where}: {good} ok, {bad} not", flush=True)
    passed += good
    failed += bad


for suite in suites:
    run(suite)
with postgres() as server:
    for suite in on_postgres:
        run(suite, " on PostgreSQL", OKNO_TEST_POSTGRES=server.url())
if not suites:
    failed = 1
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
