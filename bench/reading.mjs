// Times of one question to the API, asked one after another over one connection.
import { median } from "./figures.mjs";

const asked = 15;  // in a run

async function once(one, path) {
  const begun = performance.now();
  const answer = await one.api("GET", path);
  return { ms: performance.now() - begun, answer };
}

// {medians: one a run, worst}. The first answer of all warms up and does not count.
export async function timesOf(one, path, bench) {
  const first = await once(one, path);
  // What takes seconds is not asked a hundred times.
  const times = first.ms > 1000 ? 1 : first.ms > 200 ? 3 : asked;
  let worst = 0;
  const medians = await bench.repeat(async () => {
    const all = [];
    for (let i = 0; i < times; i += 1) all.push((await once(one, path)).ms);
    worst = Math.max(worst, ...all);
    return median(all);
  });
  return { medians, worst, answer: first.answer };
}

// The path of that page of a list; null when the list ends before, or turning so far takes longer than a minute.
export async function pathOfPage(one, path, page) {
  let cursor = "";
  const limit = performance.now() + 60_000;
  for (let i = 1; i < page; i += 1) {
    const { next_cursor: next } = await one.api("GET", `${path}${cursor}`);
    if (!next || performance.now() > limit) return null;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
  return `${path}${cursor}`;
}
