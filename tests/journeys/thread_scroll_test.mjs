// Nothing moves under the eye in a thread: measured on every frame, with what a real page draws.
import { equal, play, until } from "./stage.mjs";

const kate = "79161234567";
const oleg = "79260000000";

async function writeMany(stage, phone, count, word) {
  for (let i = 1; i <= count; i += 1) await stage.write(phone, `${word} ${i}. ${"Words and more words. ".repeat(i % 9)}`);
  await until("all of them stored", async () => {
    const { items } = await stage.api("GET", "/api/v1/conversations?view=all");
    return items.some((item) => item.last_message?.text.startsWith(`${word} ${count}.`));
  });
}

async function open(stage, page, name) {
  const { id } = await stage.conversationWith(name);
  await page.locator(`[data-testid=conversation-row][data-conversation-id="${id}"]`).click();
  await page.locator(`[data-testid=thread] [data-testid=message]`).first().waitFor();
  return id;
}

// Notes on every frame where the first message in sight stands, and how far the end is; from the frame on which one is.
async function startWatch(page) {
  await page.evaluate(async () => {
    const log = document.querySelector("[data-testid=thread]");
    const top = log.getBoundingClientRect().top;
    const firstInSight = () => [...log.querySelectorAll("[data-testid=message]")].find((line) => line.getBoundingClientRect().bottom > top + 1);
    for (let frames = 0; !firstInSight() && frames < 600; frames += 1) await new Promise(requestAnimationFrame);
    const first = firstInSight();
    const watch = { places: new Set(), fromEnd: new Set(), frames: 0, isOn: true };
    const look = () => {
      if (!watch.isOn) return;
      const line = log.querySelector(`[data-message-id="${first.dataset.messageId}"]`);
      watch.frames += 1;
      watch.places.add(line ? Math.round(line.getBoundingClientRect().top - top) : "gone");
      watch.fromEnd.add(Math.round(log.scrollHeight - log.scrollTop - log.clientHeight));
      requestAnimationFrame(look);
    };
    globalThis.watch = watch;
    look();
  });
}

async function endWatch(page) {
  return await page.evaluate(() => {
    const { watch } = globalThis;
    watch.isOn = false;
    return { places: [...watch.places], fromEnd: [...watch.fromEnd], frames: watch.frames };
  });
}

// As a wheel does. Returns when lines are in sight there and have been measured.
async function scrollTo(page, place) {
  await page.evaluate(async (wanted) => {
    const log = document.querySelector("[data-testid=thread]");
    const { top, bottom } = log.getBoundingClientRect();
    log.dispatchEvent(new WheelEvent("wheel"));
    log.scrollTop = wanted < 0 ? log.scrollHeight + wanted : wanted;
    const isDrawn = () => [...log.querySelectorAll("[data-testid=message]")].some((line) => {
      const box = line.getBoundingClientRect();
      return box.bottom > top && box.top < bottom;
    });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    while (!isDrawn()) await frame();
    await frame();
  }, place);
}

// Older pages wait on their way until they are let through.
async function holdOlderPages(page) {
  const held = [];
  await page.route(/messages\?.*before=/, (route) => held.push(route));
  return {
    asked: () => until("an older page to be asked for", () => held.length > 0),
    release: () => Promise.all(held.splice(0).map((route) => route.continue())),
  };
}

const height = (page) => page.evaluate(() => document.querySelector("[data-testid=thread]").scrollHeight);

async function taller(page, before, what) {
  await until(what, async () => (await height(page)) > before);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

const fromEnd = (page) =>
  page.evaluate(() => {
    const log = document.querySelector("[data-testid=thread]");
    return Math.round(log.scrollHeight - log.scrollTop - log.clientHeight);
  });

await play({
  async "a thread opens at the first unread message under the New divider, else at its end"(stage) {
    await writeMany(stage, kate, 40, "old");
    const page = await stage.page();
    await open(stage, page, "Kate");
    await page.getByTestId("new-divider").waitFor();
    const { top, bottom } = await page.evaluate(() => {
      const box = document.querySelector("[data-testid=thread]").getBoundingClientRect();
      const line = document.querySelector("[data-testid=new-divider]").getBoundingClientRect();
      return { top: line.top - box.top, bottom: box.bottom - line.bottom };
    });
    equal(top >= 0 && top < 100 && bottom > 0, true, `the divider stands at the top: ${top}`);
    await page.goto(`${stage.okno}/inbox/all`);
    await open(stage, page, "Kate");
    await until("the end", async () => (await fromEnd(page)) === 0);
    equal(await page.getByTestId("new-divider").count(), 0, "dividers when all is read");
  },

  async "older pages, new messages and late pictures move nothing that is in sight, on any frame"(stage) {
    await writeMany(stage, kate, 90, "older");
    await stage.write(kate, { type: "image", caption: "in between" });
    await writeMany(stage, kate, 60, "newer");
    const page = await stage.page();
    await open(stage, page, "Kate");
    await page.goto(`${stage.okno}/inbox/all`);
    await open(stage, page, "Kate");
    await until("the end", async () => (await fromEnd(page)) === 0);

    const older = await holdOlderPages(page);
    for (const place of [300, 0]) {
      await scrollTo(page, place);
      await older.asked();
      const before = await height(page);
      await startWatch(page);
      await older.release();
      await taller(page, before, "an older page");
      const seen = await endWatch(page);
      equal(seen.places.length, 1, `places of a line while an older page came at ${place}: ${seen.places}`);
    }

    await scrollTo(page, -2500);
    const before = await height(page);
    await startWatch(page);
    await writeMany(stage, kate, 3, "appended");
    await page.getByTestId("to-end").filter({ hasText: "3 new" }).waitFor();
    await taller(page, before, "new messages");
    equal((await endWatch(page)).places.length, 1, "places of a line while messages were added");

    await page.getByTestId("to-end").click();
    await until("the end", async () => (await fromEnd(page)) === 0);
    await startWatch(page);
    await stage.write(kate, { type: "image", caption: "late" });
    await page.locator("[data-testid=message] img").last().waitFor();
    const seen = await endWatch(page);
    equal(Math.max(...seen.fromEnd) <= 0, true, `distance from the end while a picture came: ${seen.fromEnd}`);
    equal(page.errors, [], "errors of the page");
  },

  async "who scrolls up stays there, comes back to the same place, and sees the own answer at the end"(stage) {
    await writeMany(stage, kate, 60, "text");
    await stage.write(oleg, "hello");
    const page = await stage.page();
    await open(stage, page, "Kate");
    for (let i = 0; i < 3; i += 1) {
      await scrollTo(page, 1e9);
      await scrollTo(page, -2200);
      await startWatch(page);
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300))); // what pulls back does so within 150 ms
      equal((await endWatch(page)).places.length, 1, "places after scrolling up");
    }
    await startWatch(page);
    const left = (await endWatch(page)).places;
    await open(stage, page, "Oleg");
    await page.getByTestId("message").filter({ hasText: "hello" }).waitFor();
    await open(stage, page, "Kate");
    await page.getByTestId("to-end").waitFor();
    await startWatch(page);
    equal((await endWatch(page)).places, left, "the place kept");
    await page.getByTestId("composer-text").fill("My answer");
    await page.getByTestId("composer-text").press("Enter");
    await page.getByTestId("message").filter({ hasText: "My answer" }).waitFor();
    await until("the end", async () => (await fromEnd(page)) === 0);
    equal(page.errors, [], "errors of the page");
  },
});
