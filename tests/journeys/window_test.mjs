// The window as its operators live in it: nothing is lost, nothing moves under the hand, the keyboard reaches all.
import { equal, play, tone, until } from "./stage.mjs";

const kate = "79161234567";
const oleg = "79260000000";

const rows = (page) => page.getByTestId("conversation-row");
const row = (page, name) => rows(page).filter({ hasText: name });
const message = (page, text) => page.getByTestId("message").filter({ hasText: text });
const text = (page) => page.getByTestId("composer-text");

async function open(page, name) {
  await row(page, name).click();
  await page.getByTestId("composer-text").waitFor();
}

// Focus stands on something that is there and can be seen.
async function hasFocus(page, when) {
  await until(`a focus ${when}`, () =>
    page.evaluate(() => document.activeElement !== document.body && document.activeElement.getClientRects().length > 0));
}

await play({
  async "done leaves the waiting list at once and can be taken back for ten seconds"(stage) {
    await stage.write(oleg, "One question");
    await stage.write(kate, "Another one");
    const page = await stage.page();
    await open(page, "Kate");
    await page.getByTestId("done").click();
    await row(page, "Kate").waitFor({ state: "detached" });
    await hasFocus(page, "after Done");
    await page.getByTestId("undo").click();
    await row(page, "Kate").waitFor();
    equal((await stage.conversationWith("Kate")).waiting, true, "waits for the server too");
    await page.getByTestId("undo-bar").waitFor({ state: "detached" });
    await message(page, "Another one").waitFor();
    await page.getByTestId("thread").focus();
    await page.keyboard.press("e");
    await row(page, "Kate").waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    await row(page, "Kate").waitFor();
    equal(page.errors, [], "errors of the page");
  },

  async "a draft survives another conversation, a reload and a closed tab, and is marked in the list"(stage) {
    await stage.write(oleg, "hello");
    await stage.write(kate, "hello");
    const page = await stage.page();
    await open(page, "Kate");
    await text(page).fill("Dear Kate, I");
    await open(page, "Oleg");
    equal(await text(page).inputValue(), "", "words for Oleg");
    await row(page, "Kate").filter({ hasText: "Draft: Dear Kate, I" }).waitFor();
    await page.reload();
    await open(page, "Kate");
    equal(await text(page).inputValue(), "Dear Kate, I", "after a reload");
    const context = page.context();
    await page.close();
    const again = await context.newPage();
    await again.goto(stage.okno);
    await open(again, "Kate");
    equal(await text(again).inputValue(), "Dear Kate, I", "after a closed tab");
  },

  async "a draft follows its author to another browser, and nobody else sees it"(stage) {
    await stage.write(kate, "hello");
    const page = await stage.page();
    await open(page, "Kate");
    await text(page).fill("From my desk");
    await until("the draft on the server", async () => (await stage.conversationWith("Kate")).draft?.text === "From my desk");
    const phone = await stage.page("maria", { viewport: { width: 390, height: 844 } });
    await row(phone, "Draft: From my desk").click();
    await until("the draft on the phone", async () => (await text(phone).inputValue()) === "From my desk");
    const anna = await stage.page("anna");
    await open(anna, "Kate");
    equal(await text(anna).inputValue(), "", "a colleague's composer");
    await text(phone).press("Enter");
    await message(phone, "From my desk").waitFor();
    await until("no draft", async () => (await stage.conversationWith("Kate")).draft === null);
    equal([...page.errors, ...phone.errors, ...anna.errors], [], "errors of the pages");
  },

  async "the list does not move under the pointer: what is new waits behind a pill"(stage) {
    for (const name of ["Kate", "Oleg"]) await stage.write(name === "Kate" ? kate : oleg, `I am ${name}`);
    const page = await stage.page();
    await rows(page).nth(1).waitFor();
    equal((await rows(page).first().innerText()).includes("Oleg"), true, "the newest first");
    await rows(page).nth(1).hover();
    await stage.write(kate, "And one more");
    await row(page, "And one more").waitFor(); // the words change in place
    const pill = page.getByRole("button", { name: "1 new" });
    await pill.waitFor();
    equal((await rows(page).first().innerText()).includes("Oleg"), true, "still in its place");
    await pill.click();
    await until("the new order", async () => (await rows(page).first().innerText()).includes("Kate"));
  },

  async "every key works on a Russian layout, and none of them in a field"(stage) {
    await stage.write(oleg, "one");
    await stage.write(kate, "two");
    const page = await stage.page();
    await rows(page).nth(1).waitFor();
    // What a Russian layout sends: a Cyrillic letter from the same place.
    const press = (key, code, change = {}) => page.evaluate(({ key, code, change }) => {
      const target = document.activeElement ?? document.body;
      target.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, ...change }));
    }, { key, code, change });
    await press("о", "KeyJ");
    await message(page, "two").waitFor();
    await press("о", "KeyJ");
    await message(page, "one").waitFor();
    await press("л", "KeyK");
    await message(page, "two").waitFor();
    await press("т", "KeyN");
    await page.locator("[data-testid=note-tab][aria-selected=true]").waitFor();
    await press("о", "KeyJ");
    await press("у", "KeyE", { isComposing: true });
    await message(page, "two").waitFor();
    equal((await stage.conversationWith("Kate")).waiting, true, "nothing is done from a field");
    await page.keyboard.press("Escape");
    await hasFocus(page, "after Esc in the composer");
    await press("к", "KeyR");
    await page.locator("[data-testid=reply-tab][aria-selected=true]").waitFor();
    await page.keyboard.press("Escape");
    await press("е", "KeyT");
    await page.getByTestId("template-item").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByTestId("template-item").first().waitFor({ state: "detached" });
    await hasFocus(page, "after a dialog");
    await press(".", "Slash");
    await page.getByTestId("search-input").waitFor();
    await page.keyboard.press("Escape");
    const panel = page.getByTestId("contact-panel");
    const isShown = await panel.isVisible();
    await press("ю", "Period");
    await panel.waitFor({ state: isShown ? "detached" : "visible" });
    await press("у", "KeyE");
    await row(page, "Kate").waitFor({ state: "detached" });
    await hasFocus(page, "after Done");
    await page.keyboard.press("Escape");
    await hasFocus(page, "after a closed conversation");
    equal(page.errors, [], "errors of the page");
  },

  async "the tab tells how many wait, and a button unlocks the sound"(stage) {
    const page = await stage.page();
    await stage.write(kate, "one");
    await stage.write(oleg, "two");
    await until("the title", async () => (await page.title()) === "(2) Okno");
    // Looking into a page counts as a press there, so this one is left alone until it stands.
    const untouched = await page.context().newPage();
    const isDrawn = untouched.waitForResponse((reply) => reply.url().includes("/api/v1/channels"));
    await untouched.goto(stage.okno);
    await isDrawn;
    await untouched.getByTestId("unlock-sound").click();
    await untouched.getByTestId("unlock-sound").waitFor({ state: "detached" });
  },

  async "search finds a message far back and opens it in its place"(stage) {
    await stage.write(kate, "The needle of this thread");
    for (let i = 1; i <= 70; i += 1) await stage.write(kate, `hay ${i}.`);
    const page = await stage.page();
    await row(page, "hay 70.").waitFor();
    await page.keyboard.press("/");
    await page.getByTestId("search-input").fill("from:kate needle");
    const found = page.getByTestId("search-result");
    await until("one result", async () => {
      if ((await found.count()) === 1) return true;
      await page.getByTestId("search-input").fill("from:kate needle ");
      await page.getByTestId("search-input").fill("from:kate needle");
      return false;
    });
    await page.keyboard.press("Enter");
    await message(page, "needle").waitFor();
    await until("the message in sight", () => message(page, "needle").isVisible());
    await until("its neighbours too", async () => (await message(page, "hay 2.").count()) > 0);
    await hasFocus(page, "after the search");
  },

  async "Okno can be installed, and without a network it opens and says that there is none"(stage) {
    const page = await stage.page();
    const manifest = await (await fetch(`${stage.okno}/manifest.webmanifest`)).json();
    equal(manifest.display, "standalone", "display");
    for (const icon of manifest.icons) equal((await fetch(stage.okno + icon.src)).status, 200, icon.src);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await page.getByTestId("account").waitFor();
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText("No connection.").waitFor();
    await page.context().setOffline(false);
    await page.getByTestId("account").waitFor();
    equal(page.errors, [], "errors of the page");
  },

  async "without a connection an answer waits in sight and goes once when it returns"(stage) {
    await stage.write(kate, "Are you there?");
    const page = await stage.page();
    await open(page, "Kate");
    await page.context().setOffline(true);
    await page.getByTestId("offline-strip").waitFor();
    await text(page).fill("Yes, here");
    await text(page).press("Enter");
    await page.getByTestId("offline-queue").filter({ hasText: "1 message waits" }).waitFor();
    await message(page, "Yes, here").waitFor();
    await page.context().setOffline(false);
    await page.locator("[data-testid=message][data-status=delivered]", { hasText: "Yes, here" }).waitFor();
    await page.getByTestId("offline-strip").waitFor({ state: "detached" });
    equal((await stage.phone(kate)).filter((one) => one.text === "Yes, here").length, 1, "answers on the phone");
  },

  async "a reload while an answer leaves sends it once"(stage) {
    await stage.write(kate, "Now?");
    const page = await stage.page();
    await open(page, "Kate");
    // The server takes it, its answer never comes, and the page goes.
    let isTaken = false;
    await page.route("**/messages", async (route) => {
      if (route.request().method() !== "POST" || isTaken) return await route.continue();
      isTaken = true;
      await fetch(route.request().url(), { method: "POST", headers: await route.request().allHeaders(), body: route.request().postData() });
      return await route.abort();
    });
    await text(page).fill("Exactly once");
    await text(page).press("Enter");
    await until("the server to take it", () => isTaken);
    await page.reload();
    await page.getByTestId("view-all").click();
    await open(page, "Kate");
    await page.locator("[data-testid=message][data-status=delivered]", { hasText: "Exactly once" }).waitFor();
    equal(await message(page, "Exactly once").count(), 1, "copies on the page");
    await until("the provider to settle", async () => (await stage.sim("GET", "/settled")).settled);
    equal((await stage.phone(kate)).filter((one) => one.text === "Exactly once").length, 1, "copies on the phone");
  },

  async "a quoted message is a press away, also when it is not loaded"(stage) {
    const first = await stage.write(kate, "The very first words");
    for (let i = 1; i <= 70; i += 1) await stage.write(kate, `filler ${i}.`);
    await stage.write(kate, { type: "text", text: "I mean that one", reply_to: first });
    const page = await stage.page();
    await open(page, "I mean that one");
    await page.getByTestId("to-end").click();
    await message(page, "I mean that one").waitFor();
    await until("all to be read", async () => (await stage.conversationWith("Kate")).unread === 0);
    await page.reload(); // so only the newest page is loaded
    await message(page, "I mean that one").waitFor();
    await message(page, "I mean that one").getByRole("button", { name: "An older message" }).click();
    await page.locator("[data-testid=message].marked", { hasText: "The very first words" }).waitFor();
    await until("it in sight", () => message(page, "The very first words").isVisible());
    equal(page.errors, [], "errors of the page");
  },

  async "files of a draft and the message it answers survive a reload"(stage) {
    await stage.write(kate, "What does it cost?");
    const page = await stage.page();
    await open(page, "Kate");
    await message(page, "What does it cost?").hover();
    await message(page, "What does it cost?").getByTestId("message-reply").click();
    await page.getByTestId("attach-input").setInputFiles({ name: "prices.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n%%EOF") });
    await page.locator("[data-testid=attachment][data-ready=true]").waitFor();
    await page.reload();
    await open(page, "Kate");
    await page.locator("[data-testid=attachment][data-ready=true]", { hasText: "prices.pdf" }).waitFor();
    await page.locator(".answering", { hasText: "What does it cost?" }).waitFor();
    await page.getByTestId("composer-send").click();
    await page.locator("[data-testid=message][data-status=delivered]", { hasText: "prices.pdf" }).waitFor();
    const onPhone = (await stage.phone(kate)).filter((one) => one.direction === "from_business");
    equal(onPhone.map((one) => one.type), ["document"], "what reached the phone");
    equal(page.errors, [], "errors of the page");
  },

  async "a voice message tells its length, plays, and plays faster"(stage) {
    await stage.write(kate, { type: "audio", data: tone(42), mime_type: "audio/wav" });
    const page = await stage.page();
    await open(page, "Kate");
    const player = page.locator("[data-testid=message] .player");
    await player.filter({ hasText: "0:42" }).waitFor();
    await player.getByRole("button", { name: "Speed: 1×" }).click();
    await player.getByRole("button", { name: "Play" }).click();
    await until("the sound to go on", () =>
      page.evaluate(() => document.querySelector("audio").currentTime > 0 && document.querySelector("audio").playbackRate === 1.5));
    await player.getByRole("button", { name: "Pause" }).click();
    equal(page.errors, [], "errors of the page");
  },

  async "a failed message says why and offers what can be done"(stage) {
    await stage.write(kate, "Hello");
    const page = await stage.page();
    await open(page, "Kate");
    await stage.sim("PATCH", `/phones/${kate}`, { on_whatsapp: false });
    await text(page).fill("Can you read this?");
    await text(page).press("Enter");
    await page.getByText("Not sent: the customer cannot be reached").waitFor();
    await stage.sim("PATCH", `/phones/${kate}`, { on_whatsapp: true });
    await page.getByTestId("retry").click();
    await page.locator("[data-testid=message][data-status=delivered]", { hasText: "Can you read this?" }).waitFor();
    equal((await stage.phone(kate)).filter((one) => one.text === "Can you read this?").length, 1, "copies on the phone");
  },
});
