// `./dev bench [suite ...] [options]`: what the release build does on this machine, beside the machine's own limits
// measured in the same run, and each figure beside its goal.
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Bench } from "./context.mjs";
import { goalText } from "./figures.mjs";
import { writeReport } from "./report.mjs";

const suites = ["ingest", "normalise", "push", "outbound", "mixed", "search", "lists", "clients", "footprint", "growth", "soak"];
const usage = `usage: ./dev bench [suite ...] [--quick] [--runs N] [--seconds S] [--json FILE] [--report FOLDER]
                   [--engine sqlite|postgres] [--large] [--nats] [--soak MINUTES] [--bin FOLDER]
suites: ${suites.join(" ")} (all but soak when none is named)`;

function readWords() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: {
      quick: { type: "boolean", default: false }, large: { type: "boolean", default: false }, nats: { type: "boolean", default: false },
      runs: { type: "string" }, seconds: { type: "string" }, json: { type: "string" }, report: { type: "string" },
      engine: { type: "string" }, soak: { type: "string" }, bin: { type: "string" } } });
    const unknown = positionals.find((name) => !suites.includes(name));
    if (unknown) throw new Error(`there is no suite ${unknown}`);
    for (const name of ["runs", "seconds", "soak"])
      if (values[name] !== undefined && !(Number(values[name]) > 0)) throw new Error(`--${name}: expected a number above 0`);
    if (![undefined, "sqlite", "postgres"].includes(values.engine)) throw new Error("--engine: expected sqlite or postgres");
    const chosen = positionals.length > 0 ? positionals : suites.filter((name) => name !== "soak" || values.soak);
    return { values, chosen: suites.filter((name) => chosen.includes(name)) };
  } catch (reason) {
    console.error(`${reason.message}\n${usage}`);
    process.exit(2);
  }
}

const { values, chosen } = readWords();
const bench = new Bench(values);
const began = Date.now();
const done = [];
let failed = 0;
try {
  for (const name of ["limits", ...chosen]) {
    const suite = await import(`./suites/${name}.mjs`);
    const results = bench.begin(name, suite.title);
    try {
      await suite.run(bench, results);
    } catch (error) {
      failed += 1;
      results.note(`This suite broke off: ${error.message.split("\n")[0]}`);
      console.error(error.stack);
    }
    await bench.closeOpened();
    done.push(results);
  }
} finally {
  await bench.close();
}
const command = `./dev bench ${process.argv.slice(2).join(" ")}`.trim();
const report = { command, began: new Date(began).toISOString(), minutes: (Date.now() - began) / 60_000, machine: bench.machine, suites: done };
if (values.json) writeFileSync(values.json, JSON.stringify(report, null, 1));
if (values.report) {
  mkdirSync(values.report, { recursive: true });
  writeReport(values.report, report);
}
const missed = done.flatMap((suite) => suite.figures).filter((figure) => figure.met === false);
console.log(`\n${report.minutes.toFixed(1)} minutes; ${missed.length === 0 ? "every goal was met" : "goals that were missed:"}`);
for (const figure of missed) console.log(`  ${figure.name}: ${figure.value} ${figure.unit}, goal ${goalText(figure)}`);
process.exit(failed ? 1 : 0);
