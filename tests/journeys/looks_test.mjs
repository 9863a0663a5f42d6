// What holds on every page: accessible to everybody, nothing against the security policy, small enough to load at once.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { equal, play } from "./stage.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const kate = "79161234567";

async function findings(page) {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return result.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 120)}`);
  });
}

await play({
  async "no page has an accessibility finding or a policy violation, in both themes and languages"(stage) {
    await stage.write(kate, "Where is my order?");
    await stage.write(kate, { type: "image", caption: "this one" });
    await stage.write(kate, { type: "location", location: { latitude: 55.7, longitude: 37.6, name: "Shop" } });
    await stage.write(kate, { type: "unsupported", what: "poll_creation" });
    const conversation = await stage.conversationWith("Kate");
    for (const look of [{ locale: "en-GB", colorScheme: "light" }, { locale: "ru-RU", colorScheme: "dark" },
      { locale: "ru-RU", colorScheme: "light", viewport: { width: 360, height: 740 } }]) {
      const page = await stage.page("maria", look);
      for (const path of ["/inbox/all", `/inbox/all/${conversation.id}`, "/channels"]) {
        await page.goto(stage.okno + path);
        await page.getByTestId(path === "/channels" ? "channel-card" : path === "/inbox/all" ? "conversation-row" : "message").first().waitFor();
        equal(await findings(page), [], `${path} ${JSON.stringify(look)}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        equal(overflow <= 0, true, `${path} is ${overflow} px too wide`);
      }
      equal(page.errors, [], "errors of the page");
      await page.context().close();
    }
  },

  async "a signed-in page loads less than 180 KB of scripts and 20 KB of styles, packed"(stage) {
    const page = await stage.page();
    const sizes = { js: 0, css: 0 };
    const names = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname));
    const folder = new URL("../../web/dist", import.meta.url).pathname;
    const built = new Set(readdirSync(`${folder}/assets`).map((name) => `/assets/${name}`));
    for (const name of new Set(names))
      if (built.has(name)) sizes[name.split(".").at(-1)] += gzipSync(readFileSync(folder + name), { level: 9 }).length;
    equal(sizes.js > 10_000 && sizes.js <= 180 * 1024, true, `scripts: ${sizes.js} bytes`);
    equal(sizes.css > 1_000 && sizes.css <= 20 * 1024, true, `styles: ${sizes.css} bytes`);
  },
});
