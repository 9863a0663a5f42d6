// A run as a folder: README.md and the plots it shows.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { goalText } from "./figures.mjs";
import { draw } from "./plot.mjs";

const number = (value) => value.toLocaleString("en");

function row(figure) {
  const { name, unit, value, runs, limit, ratio, met } = figure;
  const verdict = met === null ? "" : met ? "met" : "**missed**";
  const beside = limit ? `${ratio} of ${limit.name} (${number(limit.value)})` : "";
  return `| ${name} | ${number(value)} ${unit} | ${runs.length > 1 ? runs.map(number).join(", ") : ""} | ${beside} | ${goalText(figure)} | ${verdict} |`;
}

const isDrawable = (plot) => (plot.kind === "bars" ? plot.bars.length > 0 : Object.values(plot.lines).some((points) => points.length > 0));

function section(folder, suite) {
  const out = [`## ${suite.title}`, ""];
  if (suite.figures.length > 0)
    out.push("| | median | runs | beside the limit | goal | |", "|---|---|---|---|---|---|", ...suite.figures.map(row), "");
  for (const note of suite.notes) out.push(note, "");
  for (const plot of suite.plots.filter(isDrawable)) {
    writeFileSync(join(folder, `${plot.name}.svg`), draw(plot));
    out.push(`![${plot.title}](${plot.name}.svg)`, "");
  }
  if (suite.commands.length > 0) out.push("Commands:", "", ...suite.commands.map((command) => `    ${command}`), "");
  return out.join("\n");
}

export function writeReport(folder, report) {
  const machine = Object.entries(report.machine).map(([name, value]) => `| ${name} | ${value} |`);
  writeFileSync(join(folder, "README.md"), [
    "# Okno measured", "",
    `\`${report.command}\`, begun ${report.began}, ${report.minutes.toFixed(1)} minutes. Load, provider and database share the machine with the server.`, "",
    "| | |", "|---|---|", ...machine, "", ...report.suites.map((suite) => section(folder, suite))].join("\n"));
}
