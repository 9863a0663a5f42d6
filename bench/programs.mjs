// The programs that a benchmark starts. Each ends with the benchmark: by its own id, or with its input where it has
// something to put away.
import { spawn, spawnSync } from "node:child_process";

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

// The child with `line(pattern)`: the first match in what it says; rejected when it ends before.
export function start(program, words, { environment = {}, stdin = "ignore", endsWithInput = false } = {}) {
  const child = spawn(program, words.map(String), { stdio: [stdin, "pipe", "inherit"], env: { ...process.env, ...environment } });
  if (!endsWithInput) running.add(child);
  child.said = "";
  child.stdout.on("data", (piece) => { child.said = (child.said + piece).slice(-100_000); });
  child.ended = new Promise((resolve) => child.on("close", (code) => {
    running.delete(child);
    resolve(code);
  }));
  child.line = (pattern) => new Promise((resolve, reject) => {
    const look = () => {
      const found = pattern.exec(child.said);
      if (found) resolve(found);
    };
    look();
    child.stdout.on("data", look);
    child.ended.then((code) => reject(new Error(`${program} ${words[0]} ended with ${code}: ${child.said}`)));
  });
  return child;
}

// What it printed; throws what it complained of.
export function runNow(program, words, { environment = {}, input } = {}) {
  const done = spawnSync(program, words.map(String), { input, encoding: "utf8", env: { ...process.env, ...environment } });
  if (done.status !== 0) throw new Error(`${program} ${words.join(" ")}: ${done.stderr || done.error}`);
  return done.stdout;
}

// The last line it prints, as JSON.
export async function measure(program, words, options) {
  const child = start(program, words, options);
  const code = await child.ended;
  if (code !== 0) throw new Error(`${program} ${words.join(" ")} ended with ${code}`);
  return JSON.parse(child.said.trim().split("\n").at(-1));
}

export async function until(what, ask, seconds = 60) {
  const limit = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > limit) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
