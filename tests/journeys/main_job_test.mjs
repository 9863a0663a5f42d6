// The main job in a real browser: a customer writes, an operator answers.
import { equal, play, until } from "./stage.mjs";

const kate = "79161234567";

const rows = (page) => page.getByTestId("conversation-row");
const message = (page, text) => page.getByTestId("message").filter({ hasText: text });

async function openKate(stage, page) {
  const conversation = await stage.conversationWith("Kate");
  await page.locator(`[data-testid=conversation-row][data-conversation-id="${conversation.id}"]`).click();
  await page.getByTestId("composer-text").waitFor();
  return conversation;
}

async function answer(page, text) {
  await page.getByTestId("composer-text").fill(text);
  await page.getByTestId("composer-text").press("Enter");
}

async function hasStatus(page, text, status) {
  await page.locator(`[data-testid=message][data-status=${status}]`, { hasText: text }).waitFor();
}

await play({
  async "a customer writes, it appears without reload, the answer reaches the phone, its ticks come back"(stage) {
    const page = await stage.page();
    equal(await rows(page).count(), 0, "conversations at the start");
    await stage.write(kate, "Where is my order?");
    await rows(page).filter({ hasText: "Where is my order?" }).waitFor();
    await openKate(stage, page);
    await answer(page, "It leaves today.");
    await until("the answer on the phone", async () =>
      (await stage.phone(kate)).some((one) => one.direction === "from_business" && one.text === "It leaves today."));
    await hasStatus(page, "It leaves today.", "delivered");
    await stage.sim("POST", `/phones/${kate}/read`, { to: "100" });
    await hasStatus(page, "It leaves today.", "read");
    equal(page.errors, [], "errors of the page");
  },

  async "a day later free text is refused with the reason, a template goes, and the customer's answer opens the window"(stage) {
    const page = await stage.page();
    await stage.write(kate, "Hello?");
    await rows(page).filter({ hasText: "Hello?" }).waitFor();
    const conversation = await openKate(stage, page);
    await stage.sim("POST", "/clock", { advance_ms: 25 * 3600_000 });
    // The provider's clock runs ahead of the server's: the server still takes the text, the provider refuses it.
    const late = await stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`,
      { client_id: crypto.randomUUID(), type: "text", text: "Too late" }, 201);
    await page.locator("[data-testid=message][data-status=failed]", { hasText: "Too late" }).waitFor();
    const stored = await until("the refusal", async () => {
      const { items } = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages`);
      return items.find((one) => one.id === late.id && one.status === "failed");
    });
    equal(stored.error.code, "window_closed", "the reason");
    await page.locator("[data-testid=window-bar][data-verdict=template_only]").waitFor();
    await page.getByTestId("template-open").first().click();
    await page.getByTestId("template-item").filter({ hasText: "answer_ready" }).click();
    await page.getByTestId("template-value").nth(0).fill("Kate");
    await page.getByTestId("template-value").nth(1).fill("the order");
    await page.getByTestId("template-send").click();
    const text = "Hello Kate, your answer about the order is ready.";
    await hasStatus(page, text, "delivered");
    equal((await stage.phone(kate)).at(-1).type, "template", "the newest message on the phone");
    await stage.write(kate, "Great, thanks");
    await message(page, "Great, thanks").waitFor();
    await page.locator("[data-testid=window-bar][data-verdict=template_only]").waitFor({ state: "detached" });
    await answer(page, "You are welcome");
    await hasStatus(page, "You are welcome", "delivered");
    equal(page.errors, [], "errors of the page");
  },

  async "a picture and a voice message go both ways and can be seen and played"(stage) {
    const page = await stage.page();
    await stage.write(kate, { type: "image", caption: "look at this" });
    await stage.write(kate, { type: "voice" });
    await openKate(stage, page);
    const picture = message(page, "look at this").locator("img").first();
    await picture.waitFor();
    await until("the picture's pixels", async () => await picture.evaluate((img) => img.complete && img.naturalWidth > 0));
    await page.locator("[data-testid=message][data-type=audio][data-direction=inbound]").waitFor();
    const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
    await page.getByTestId("attach-input").setInputFiles({ name: "plan.png", mimeType: "image/png", buffer: png });
    await page.getByTestId("attachment").first().waitFor();
    await page.getByTestId("composer-text").fill("here is the plan");
    await page.getByTestId("composer-send").click();
    await hasStatus(page, "here is the plan", "delivered");
    const shown = (await stage.phone(kate)).find((one) => one.type === "image" && one.direction === "from_business");
    equal(JSON.stringify(shown).includes("here is the plan"), true, `caption on the phone: ${JSON.stringify(shown)}`);
    const conversation = await stage.conversationWith("Kate");
    const { items } = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages`);
    for (const item of items) {
      equal(item.media.length, 1, `files of ${item.type}`);
      equal(item.media[0].state, "ready", item.type);
      const link = await fetch(stage.okno + item.media[0].url, { headers: { authorization: `Bearer ${stage.token}` }, redirect: "manual" });
      const file = await fetch(stage.okno + link.headers.get("location"), { headers: { range: "bytes=0-3" } });
      equal(file.status, 206, "a range");
      equal(file.headers.get("content-disposition").startsWith("attachment"), true, "disposition");
      equal((await file.arrayBuffer()).byteLength, 4, "bytes");
    }
    equal(page.errors, [], "errors of the page");
  },

  async "two operators answer at once: the second is stopped and sees both texts"(stage) {
    await stage.write(kate, "Who can help?");
    const maria = await stage.page("maria");
    const anna = await stage.page("anna");
    await openKate(stage, maria);
    await openKate(stage, anna);
    await message(anna, "Who can help?").waitFor();
    // Anna's page hears nothing while Maria answers, as on a slow line.
    await anna.context().setOffline(true);
    await answer(maria, "I can, one minute.");
    await hasStatus(maria, "I can, one minute.", "delivered");
    await anna.getByTestId("composer-text").fill("Let me look.");
    const stale = anna.waitForResponse((reply) => reply.request().method() === "POST" && reply.url().endsWith("/messages"));
    await anna.getByTestId("composer-text").press("Enter");
    await anna.context().setOffline(false);
    equal((await stale).status(), 409, "the answer to the second");
    const dialog = anna.getByTestId("colleague-dialog");
    await dialog.filter({ hasText: "I can, one minute." }).waitFor();
    equal((await stage.phone(kate)).filter((one) => one.direction === "from_business").length, 1, "answers on the phone");
  },

  async "what changed while the line was cut is there afterwards, once"(stage) {
    const page = await stage.page();
    await stage.write(kate, "before");
    await openKate(stage, page);
    await message(page, "before").waitFor();
    await page.context().setOffline(true);
    for (let i = 1; i <= 60; i += 1) await stage.write(kate, `missed ${i}.`);
    await until("all of them stored", async () => {
      const conversation = await stage.conversationWith("Kate");
      return conversation.last_message.text === "missed 60.";
    });
    await page.context().setOffline(false);
    await message(page, "missed 60.").waitFor();
    equal(await message(page, "missed 60.").count(), 1, "copies of the last");
    await rows(page).filter({ hasText: "missed 60." }).waitFor();
    equal(page.errors, [], "errors of the page");
  },

  async "a server that is killed while messages leave loses none and sends none twice"(stage) {
    await stage.write(kate, "go");
    const conversation = await stage.conversationWith("Kate");
    await stage.sim("POST", "/faults", { kind: "slow", ms: 300, count: 0 });
    const sent = [];
    for (let i = 1; i <= 5; i += 1) {
      const body = { client_id: crypto.randomUUID(), type: "text", text: `answer ${i}` };
      sent.push((await stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`, body)).id);
    }
    await until("the first at the provider", async () => (await stage.phone(kate)).length > 1);
    await stage.killOkno();
    await stage.sim("DELETE", "/faults");
    await stage.restartOkno();
    const items = await until("an end of every message", async () => {
      const page = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages`);
      const ours = page.items.filter((one) => sent.includes(one.id));
      return ours.every((one) => !["queued", "sending"].includes(one.status)) && ours;
    });
    equal(items.length, 5, "messages kept");
    await until("the provider to settle", async () => (await stage.sim("GET", "/settled")).settled);
    const texts = (await stage.phone(kate)).filter((one) => one.direction === "from_business").map((one) => one.text);
    equal(texts, [...new Set(texts)], "texts on the phone, once each");
    for (const one of items)
      if (!texts.includes(one.text)) equal(one.status, "unknown", `what did not arrive: ${one.text}`);
    equal(texts, [...texts].sort(), "order on the phone");
  },
});
