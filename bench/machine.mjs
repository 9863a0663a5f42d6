// Where and with what it was measured.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, tmpdir, totalmem } from "node:os";

const said = (program, ...words) => {
  try {
    return execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim().split("\n")[0];
  } catch {
    return "not installed";
  }
};

export function describeMachine(bench) {
  const [device, kind] = said("findmnt", "-no", "SOURCE,FSTYPE", "-T", tmpdir()).split(/\s+/);
  const compiler = /CMAKE_CXX_COMPILER:\w+=(.+)/.exec(readIf(`${bench.root}build/release/CMakeCache.txt`))?.[1];
  return {
    processor: `${cpus()[0].model.trim()}, ${cpus().length} cores`,
    memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    disk: `${kind} on ${device}`,
    kernel: `Linux ${release()}`,
    okno: said(bench.okno, "--version"),
    compiler: compiler ? said(compiler, "--version") : "unknown",
    SQLite: sqliteVersion(bench),
    PostgreSQL: said("psql", "--version"),
    NATS: bench.hasNats ? said("nats-server", "--version") : "not used",
    node: process.version,
    "busy before": `load average ${readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ")}`,
  };
}

function readIf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

// Of the source that is compiled in.
function sqliteVersion(bench) {
  const source = readIf(`${bench.root}third_party/node_modules/better-sqlite3/deps/sqlite3/sqlite3.h`);
  return /#define SQLITE_VERSION\s+"([\d.]+)"/.exec(source)?.[1] ?? "unknown";
}
