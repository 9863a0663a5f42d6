// Plots as SVG: bars beside their labels, or lines over a scale.
const colours = ["#2f6fdb", "#d9772b", "#3a9a5c", "#8a56c2"];
const grey = "#8a8f98";
const escape = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const text = (x, y, words, { anchor = "start", size = 12, colour = "#333", weight = "normal" } = {}) =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${colour}">${escape(words)}</text>`;

function page(width, height, title, inside) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif">
<title>${escape(title)}</title><rect width="100%" height="100%" fill="#fff"/>${text(16, 24, title, { size: 14, weight: "bold" })}
${inside.join("\n")}
</svg>\n`;
}

function bars({ title, unit, bars: all }) {
  const row = 24;
  const left = 16 + Math.max(...all.map(({ label }) => label.length)) * 6.6;
  const most = Math.max(...all.map(({ value }) => value), 1e-9);
  const inside = all.flatMap(({ label, value }, i) => {
    const y = 40 + i * row;
    const width = Math.max(1, (value / most) * 300);
    return [text(left - 8, y + 13, label, { anchor: "end" }), `<rect x="${left}" y="${y}" width="${width}" height="${row - 7}" rx="2" fill="${colours[0]}"/>`,
      text(left + width + 6, y + 13, `${value.toLocaleString("en")} ${unit}`)];
  });
  return page(left + 430, 52 + all.length * row, title, inside);
}

// A few round numbers from 0 to `most`.
function steps(most) {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

function lines({ title, unit, lines: all, logarithmic = false }) {
  const [left, top, width, height] = [72, 60, 480, 220];
  const points = Object.values(all).flat();
  const marks = steps(Math.max(...points.map(({ y }) => y), 1e-9));
  const along = (x) => (logarithmic ? Math.log10(x) : x);
  const [from, to] = [Math.min(...points.map(({ x }) => along(x))), Math.max(...points.map(({ x }) => along(x)))];
  const placeX = (x) => left + (to > from ? (along(x) - from) / (to - from) : 0.5) * width;
  const placeY = (y) => top + height - (y / marks.at(-1)) * height;
  const inside = marks.flatMap((mark) => [`<line x1="${left}" x2="${left + width}" y1="${placeY(mark)}" y2="${placeY(mark)}" stroke="#e3e5e8"/>`,
    text(left - 8, placeY(mark) + 4, mark.toLocaleString("en"), { anchor: "end", colour: grey })]);
  inside.push(text(left - 8, top - 6, unit, { anchor: "end", colour: grey }));
  const places = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const every = Math.ceil(places.length / 8);
  for (const x of places.filter((_, i) => i % every === 0))
    inside.push(text(placeX(x), top + height + 18, x.toLocaleString("en"), { anchor: "middle", colour: grey }));
  Object.entries(all).forEach(([name, own], i) => {
    const colour = colours[i % colours.length];
    inside.push(`<polyline fill="none" stroke="${colour}" stroke-width="2" points="${own.map(({ x, y }) => `${placeX(x).toFixed(1)},${placeY(y).toFixed(1)}`).join(" ")}"/>`);
    for (const { x, y } of own) inside.push(`<circle cx="${placeX(x).toFixed(1)}" cy="${placeY(y).toFixed(1)}" r="3" fill="${colour}"/>`);
    inside.push(`<rect x="${left + i * 130}" y="${top + height + 32}" width="12" height="12" fill="${colour}"/>`, text(left + i * 130 + 18, top + height + 42, name));
  });
  return page(left + width + 40, top + height + 60, title, inside);
}

export const draw = (plot) => (plot.kind === "bars" ? bars(plot) : lines(plot));
