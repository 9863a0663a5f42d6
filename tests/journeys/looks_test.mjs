// What holds on every page and in every open dialog: accessible to everybody, nothing against the security policy,
// nothing wider than the screen, small enough to load at once.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { equal, play, until } from "./stage.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const kate = "79161234567";
const oleg = "79260000000";

async function findings(page) {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return result.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 120)}`);
  });
}

// One conversation with every kind of message and every trouble, one whose window was never open.
async function furnish(stage) {
  const first = await stage.write(kate, "Where is my order? https://shop.example/orders/17");
  await stage.write(kate, { type: "image", caption: "this one" });
  await stage.write(kate, { type: "voice" });
  await stage.write(kate, { type: "sticker" });
  await stage.write(kate, { type: "document", filename: "bill.pdf" });
  await stage.write(kate, { type: "location", location: { latitude: 55.7, longitude: 37.6, name: "Shop", address: "Lesnaya 5" } });
  await stage.write(kate, { type: "contacts", contacts: [{ name: { formatted_name: "Bob" }, phones: [{ phone: "+15550001" }] }] });
  await stage.write(kate, { type: "order", order: { catalog_id: "1", text: "soon please", product_items: [
    { product_retailer_id: "SKU-1", quantity: 2, item_price: 15.5, currency: "EUR" }] } });
  await stage.write(kate, { type: "unsupported", what: "poll_creation" });
  await stage.write(kate, { type: "text", text: "I saw it there", forwarded: true,
    referral: { source_url: "https://ads.example/1", headline: "Sale", body: "in May" }, reply_to: first });
  await stage.write(kate, { type: "reaction", message: first, emoji: "👍" });
  const conversation = await stage.conversationWith("Kate");
  const address = `/api/v1/conversations/${conversation.id}`;
  const send = (body) => stage.api("POST", `${address}/messages`, { client_id: crypto.randomUUID(), ...body });
  const status = async (id, wanted) => await until(`a message that is ${wanted}`, async () =>
    (await stage.api("GET", `${address}/messages`)).items.find((item) => item.id === id).status === wanted);
  await stage.api("POST", `${address}/notes`, { client_id: crypto.randomUUID(), text: "A regular" });
  const asked = { body: "When?", buttons: [{ id: "1", title: "Today" }, { id: "2", title: "Later" }] };
  await status((await send({ type: "interactive", interactive: asked })).id, "delivered");
  await stage.sim("PATCH", `/phones/${kate}`, { on_whatsapp: false });
  const failed = (await send({ type: "text", text: "This one fails" })).id;
  await status(failed, "failed");
  await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { state: "paused" });
  await send({ type: "text", text: "This one waits" });
  return conversation;
}

const tests = (page, id) => page.getByTestId(id);

// What may be open, by the address it is reached from.
function states(kateId) {
  const thread = `/inbox/all/${kateId}`;
  const key = (name, shown) => async (page) => {
    await page.keyboard.press(name);
    await page.locator(shown).first().waitFor();
  };
  const click = (id, shown) => async (page) => {
    await tests(page, id).first().click();
    await page.locator(shown).first().waitFor();
  };
  return {
    list: ["/inbox/all", "conversation-row"],
    thread: [thread, "message"],
    note: [thread, "message", key("n", "[data-testid=note-tab][aria-selected=true]")],
    template: [thread, "message", async (page) => {
      await key("t", "[data-testid=template-item]")(page);
      await tests(page, "template-item").first().click();
      await tests(page, "template-value").first().fill("Kate");
    }],
    buttons: [thread, "message", click("buttons-open", "dialog[open] textarea")],
    search: [thread, "message", async (page) => {
      await key("/", "[data-testid=search-input]")(page);
      await until("a result", async () => {
        await tests(page, "search-input").fill("");
        await tests(page, "search-input").fill("order");
        return await tests(page, "search-result").first().waitFor({ timeout: 1000 }).then(() => true, () => false);
      });
    }],
    operators: [thread, "message", key("/", ".operators")],
    keys: [thread, "message", key("?", "dialog[open] .keys")],
    "contact panel": [thread, "message", async (page) => {
      if (!(await tests(page, "contact-panel").isVisible())) await key(".", "[data-testid=contact-panel]")(page);
    }],
    account: ["/channels", "channel-card", click("account", "#account-menu:popover-open")],
    channels: ["/channels", "channel-card"],
    messengers: ["/channels", "channel-card", click("connect-open", "[data-testid=messenger-vk]")],
    connect: ["/channels", "channel-card", async (page) => {
      await click("connect-open", "[data-testid=messenger-whatsapp]")(page);
      await tests(page, "messenger-whatsapp").click();
      await tests(page, "guide").locator("summary").click();
      await page.locator(".markdown table").first().waitFor();
    }],
    "set aside": ["/channels", "channel-card", click("set-aside-open", ".asides")],
    disconnect: ["/channels", "channel-card", click("channel-delete", "dialog[open]")],
  };
}

const looks = [
  { locale: "en-GB", colorScheme: "light" },
  { locale: "ru-RU", colorScheme: "dark" },
  { locale: "en-GB", colorScheme: "dark", viewport: { width: 768, height: 900 } },
  { locale: "ru-RU", colorScheme: "light", viewport: { width: 320, height: 640 } },
  { locale: "ru-RU", colorScheme: "dark", viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 }, // 1440 at 200 %
];

const journeys = {
  async "before sign-in no page has an accessibility finding, in both themes and languages"(stage) {
    for (const look of looks) {
      const page = await (await stage.browserFor()).newPage(look);
      await page.goto(stage.okno);
      await tests(page, "sign-in-email").waitFor();
      equal(await findings(page), [], JSON.stringify(look));
      await page.close();
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
};

for (const look of looks) {
  const { width = 1440 } = look.viewport ?? {};
  journeys[`nothing that can be open has a finding: ${look.locale}, ${look.colorScheme}, ${width} px`] = async (stage) => {
    const conversation = await furnish(stage);
    await stage.write(oleg, "hello");
    const page = await stage.page("maria", look);
    for (const [name, [path, shown, act]] of Object.entries(states(conversation.id))) {
      await page.goto(stage.okno + path);
      await tests(page, shown).first().waitFor();
      await act?.(page);
      equal(await findings(page), [], `findings in ${name}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      equal(overflow <= 0, true, `${name} is ${overflow} px too wide`);
      const isOnBody = act && (await page.evaluate(() => document.activeElement === document.body));
      equal(Boolean(isOnBody), false, `the focus is lost in ${name}`);
    }
    equal(page.errors, [], "errors of the page");
  };
}

await play(journeys);
