// A page that was away: whatever happened meanwhile, its picture is what the server would draw anew.
import { equal, play, until } from "./stage.mjs";

const customers = Array.from({ length: 20 }, (_, index) => ({ wa_id: `7900000${1000 + index}`, name: `Customer ${index}` }));

async function addCustomers(stage) {
  for (const customer of customers) await stage.sim("POST", "/phones", customer);
}

// Rows as they stand on the page, all of them: the list draws only what is in sight.
async function drawnRows(page) {
  return await page.evaluate(async () => {
    const list = document.querySelector(".rows [role=list]").parentElement;
    const scroller = [list, ...list.querySelectorAll("*")].find((one) => one.scrollHeight > one.clientHeight + 1) ?? list;
    const found = new Map();
    scroller.scrollTop = 0;
    for (;;) {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      for (const row of document.querySelectorAll("[data-testid=conversation-row]"))
        found.set(row.dataset.conversationId, {
          id: row.dataset.conversationId,
          name: row.querySelector(".name").textContent,
          last: row.querySelector(".prev").textContent.trim(),
          unread: Number(row.querySelector(".count")?.textContent ?? 0),
          waiting: row.dataset.waiting === "true",
        });
      if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) return [...found.values()];
      scroller.scrollTop += scroller.clientHeight / 2;
    }
  });
}

async function serverRows(stage, asUser) {
  const { items } = await asUser(`/api/v1/conversations?view=all&limit=200`);
  return items.map((item) => ({
    id: item.id,
    name: item.contact.name,
    last: item.last_message.text,
    unread: item.unread,
    waiting: item.waiting,
  }));
}

// What the page's own session gets from the server.
const ask = (page) => (path) => page.evaluate(async (address) => await (await fetch(address)).json(), path);

// Deliveries repeated after a crash may overtake each other, so messages are counted, not compared.
async function allStored(stage, each) {
  await until(`${each} messages in each conversation`, async () => {
    const { items } = await stage.api("GET", "/api/v1/conversations?view=all&limit=200");
    if (items.length !== customers.length) return false;
    for (const { id } of items)
      if ((await stage.api("GET", `/api/v1/conversations/${id}/messages?limit=200`)).items.length < each) return false;
    return true;
  });
}

async function writeAll(stage, word, rounds, before) {
  for (let round = 1; round <= rounds; round += 1)
    await Promise.all(customers.map(({ wa_id: phone }) => stage.write(phone, `${word} ${round}`)));
  await allStored(stage, before + rounds);
}

await play({
  async "after a cut and 500 changes the page shows what a fresh one would"(stage) {
    await addCustomers(stage);
    await writeAll(stage, "before", 1, 0);
    const page = await stage.page();
    await page.goto(`${stage.okno}/inbox/all`);
    await page.getByTestId("conversation-row").first().click();
    await page.getByTestId("message").first().waitFor();
    await page.context().setOffline(true);
    await page.getByTestId("offline-strip").waitFor();
    await writeAll(stage, "meanwhile", 25, 1); // each is a message and a change of its conversation
    await page.context().setOffline(false);
    await page.getByTestId("offline-strip").waitFor({ state: "detached" });
    await page.mouse.move(1000, 300);
    await until("the same rows, in the same order", async () => {
      const [drawn, stored] = [await drawnRows(page), await serverRows(stage, ask(page))];
      return JSON.stringify(drawn) === JSON.stringify(stored);
    });
    const id = page.url().split("/").at(-1);
    const { items } = await ask(page)(`/api/v1/conversations/${id}/messages?limit=200`);
    const texts = await page.getByTestId("message").allInnerTexts();
    equal(items.length, 26, "messages of the open thread");
    equal(texts.filter((one) => one.includes("meanwhile 25")).length, 1, "copies of the last message");
    equal(page.errors, [], "errors of the page");
  },

  async "a server that dies while messages come loses none of them and shows none twice"(stage) {
    await addCustomers(stage);
    await writeAll(stage, "before", 1, 0);
    const page = await stage.page();
    await page.goto(`${stage.okno}/inbox/all`);
    await page.getByTestId("conversation-row").first().waitFor();
    const writing = (async () => {
      for (let round = 1; round <= 5; round += 1)
        for (const { wa_id: phone } of customers) await stage.write(phone, `under way ${round}`);
    })();
    await until("the first of them on the page", async () =>
      (await page.getByTestId("conversation-row").filter({ hasText: "under way" }).count()) > 0);
    await stage.killOkno();
    await stage.restartOkno();
    await writing;
    await allStored(stage, 6);
    await page.mouse.move(1000, 300);
    await until("the same rows", async () => {
      const byId = (list) => JSON.stringify(list.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
      return byId(await drawnRows(page)) === byId(await serverRows(stage, ask(page)));
    });
    for (const { id } of (await serverRows(stage, ask(page))).slice(0, 3)) {
      const { items } = await stage.api("GET", `/api/v1/conversations/${id}/messages?limit=200`);
      equal(items.length, 6, "messages stored, once each");
    }
    equal(page.errors, [], "errors of the page");
  },
});
