// What a suite hands back: figures of one shape, each the median of its runs beside its goal and the machine's own limit.
//
//   {suite, title, commands: [...], notes: [...], plots: [...], figures: [
//     {name, unit, value, runs: [...], limit?: {name, value}, ratio?, goal?: {least | most}, met}]}
// `met` is null where there is no goal.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// The value below which that part of them is.
export function part(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

// Three digits that matter.
export const round = (value) => (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));

const isMet = (value, goal) => (goal.least === undefined || value >= goal.least) && (goal.most === undefined || value <= goal.most);

export class Results {
  constructor(suite, title) {
    Object.assign(this, { suite, title, figures: [], commands: [], notes: [], plots: [] });
  }

  // `runs`: a number of each run. `limit`: {name, value}, `goal`: {least} or {most}; `value` where it is not the median.
  add(name, unit, runs, { goal, limit, value = median(runs) } = {}) {
    const figure = { name, unit, value: round(value), runs: runs.map(round), met: goal ? isMet(value, goal) : null };
    if (goal) figure.goal = goal;
    if (limit) Object.assign(figure, { limit: { ...limit, value: round(limit.value) }, ratio: round(value / limit.value) });
    this.figures.push(figure);
    console.log(`${name.padEnd(58)} ${line(figure)}`);
    return figure;
  }

  note(text) {
    this.notes.push(text);
    console.log(`  ${text}`);
  }

  command(text) {
    if (!this.commands.includes(text)) this.commands.push(text);
  }
}

export const goalText = ({ goal, unit }) =>
  !goal ? "" : goal.least !== undefined ? `>= ${goal.least.toLocaleString("en")} ${unit}` : `<= ${goal.most.toLocaleString("en")} ${unit}`;

function line(figure) {
  const { value, unit, runs, limit, ratio, met } = figure;
  const all = runs.length > 1 ? ` of ${runs.join(" ")}` : "";
  const beside = limit ? `, ${ratio} of ${limit.name} (${limit.value.toLocaleString("en")})` : "";
  const goal = met === null ? "" : `   goal ${goalText(figure)}: ${met ? "met" : "MISSED"}`;
  return `${value.toLocaleString("en")} ${unit}${all}${beside}${goal}`;
}
