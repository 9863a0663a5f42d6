// A bot of Telegram from connecting it to what it and people write each other.
import { equal, play, until } from "./stage.mjs";
import { bot, ivan, maria, olga, TelegramStage, token } from "./telegram_stage.mjs";

const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const ogg = Buffer.concat([Buffer.from("OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0", "latin1"), Buffer.alloc(200)]);
const inbound = (all) => all.filter((one) => one.direction === "inbound");
const outbound = (all) => all.filter((one) => one.direction === "outbound");

// The same picture with another size in its head.
function pngOf(width, height) {
  const out = Buffer.from(png);
  out.writeUInt32BE(width, 16);
  out.writeUInt32BE(height, 20);
  return out;
}

await play({
  async "connecting tells Telegram where to call, and a new secret too"(stage) {
    equal(stage.channel.state, "connected", `state (${stage.channel.state_reason})`);
    equal([stage.channel.settings.handle, stage.channel.settings.is_polled], ["@jasno_bot", "0"], "what it told of itself");
    const info = await stage.asAnotherProgram("getWebhookInfo");
    equal(info.url, stage.channel.webhook_url, "address");
    equal(info.allowed_updates.includes("message_reaction"), true, "updates");
    const path = `/api/v1/channels/${stage.channel.id}`;
    await stage.api("PATCH", path, { credentials: { verify_token: "not a secret of Telegram" } }, 422);
    equal((await stage.api("PATCH", path, { credentials: { verify_token: "An0ther_secret-1" } })).state, "connected", "state");
    await stage.does({ type: "text", text: "Hello" });
    await stage.messages("the message under the new secret", (all) => all.length === 1);
  },

  async "nobody but Telegram brings updates, and a number twice is one message"(stage) {
    const update = (number) => JSON.stringify({ update_id: number, message: { message_id: 1, date: Math.floor(Date.now() / 1000), text: "Hello",
      from: { id: maria, first_name: "Maria", last_name: "K" }, chat: { id: maria, type: "private" } } });
    const post = async (secret, number) => (await fetch(stage.channel.webhook_url, { method: "POST", body: update(number),
      headers: secret ? { "x-telegram-bot-api-secret-token": secret } : {} })).status;
    equal([await post("", 1), await post("guess", 1), await post(stage.channel.verify_token, 1)], [401, 401, 200], "answers");
    equal(await post(stage.channel.verify_token, 2), 200, "the same message under another number");
    await stage.messages("the message", (all) => all.length === 1);
    await stage.sim("POST", "/faults", { kind: "duplicate_webhook", count: 0, match: { provider: "telegram" } });
    await stage.does({ type: "start" });
    for (const text of ["one", "two", "three"]) await stage.does({ text });
    const all = await stage.messages("all three", (items) => items.some((one) => one.text === "three"));
    await until("silence", async () => (await stage.sim("GET", "/settled")).settled);
    equal(inbound(all).map((one) => one.text).slice(-3), ["one", "two", "three"], "each once and in order");
  },

  async "every kind that a person writes arrives, with its file"(stage) {
    await stage.does({ type: "start", payload: "TOKEN-1" });
    for (const type of ["photo", "video", "voice", "audio", "document", "video_note", "animation", "sticker", "location", "venue", "contact"])
      await stage.does({ type, ...(type === "photo" ? { caption: "look" } : {}) });
    await stage.does({ type: "album", count: 2, caption: "two of them" });
    await stage.does({ type: "text", text: "that one", forwarded: true });
    const all = await stage.messages("all of them, fetched", (items) =>
      inbound(items).length === 14 && items.every((one) => one.media.every((file) => file.state === "ready")));
    const kinds = inbound(all).map((one) => `${one.type}${one.media.length > 0 ? "+" : ""}`);
    equal(kinds, ["image+", "video+", "audio+", "audio+", "document+", "video+", "video+", "sticker+", "location", "location", "contacts",
      "image+", "image+", "text"], "kinds");
    equal(all.filter((one) => one.direction === "event").map((one) => [one.type, one.content.referral]), [["started", "TOKEN-1"]], "the beginning");
    const [first, second] = inbound(all).slice(11);
    equal([first.text, second.text, first.content.album === second.content.album], ["two of them", null, true], "the album");
    equal(all.at(-1).content.forwarded, true, "forwarded");
    const conversation = await stage.conversation();
    equal([conversation.contact.referral, conversation.identity.phone], ["TOKEN-1", "+79161234567"], "whence the person came, and their number");
  },

  async "what is too large for a bot says so, and what is unknown is kept"(stage) {
    await stage.does({ type: "document", size: 25_000_000, filename: "film.bin" });
    await stage.does({ type: "raw", update: { message: { message_id: 900, date: Math.floor(Date.now() / 1000), from: { id: maria, first_name: "Maria", last_name: "K" },
      chat: { id: maria, type: "private" }, poll: { id: "1", question: "Tea or coffee?", options: [] } } } });
    await stage.does({ type: "raw", update: { chat_boost: {} } });
    const all = await stage.messages("both", (items) => items.length === 2 && items.some((one) => one.media[0]?.state === "failed"));
    const poll = all.find((one) => one.type === "unsupported");
    equal([poll.text, poll.content.kind], ["Tea or coffee?", "poll"], "what is shown of it");
  },

  async "texts, files, places and cards reach the person, and are sent, no more"(stage) {
    const asked = await stage.does({ text: "Where is my order?" });
    const [question] = await stage.messages("the question", (all) => all.length === 1);
    await stage.answer({ type: "text", text: "It leaves <today> & *now*.", reply_to: question.id });
    const text = await stage.seen((one) => one.text === "It leaves <today> & *now*.");
    equal(text.reply_to.id, asked.id, "the quoted message");
    await stage.answer({ type: "image", text: "the plan", upload_id: await stage.upload("plan.png", "image/png", png) });
    const picture = await stage.seen((one) => one.text === "the plan");
    equal(picture.type, "photo", "kind of the picture");
    equal(Buffer.from(await (await fetch(`${stage.simulator}/sim/telegram/files/${picture.media.file}`)).arrayBuffer()).equals(png), true, "its bytes");
    await stage.answer({ type: "document", upload_id: await stage.upload("prices.txt", "text/plain", Buffer.from("all prices")) });
    equal((await stage.seen((one) => one.type === "document")).media.file_name, "prices.txt", "name of the file");
    await stage.answer({ type: "audio", upload_id: await stage.upload("voice.ogg", "audio/ogg", ogg) });
    await stage.seen((one) => one.type === "voice");
    await stage.answer({ type: "location", location: { latitude: 55.75, longitude: 37.5 } });
    equal((await stage.seen((one) => one.type === "location")).location.latitude, 55.75, "the place");
    await stage.answer({ type: "location", location: { latitude: 55.75, longitude: 37.5, name: "Office", address: "Lenina 1" } });
    equal((await stage.seen((one) => one.type === "venue")).venue.address, "Lenina 1", "the office");
    await stage.answer({ type: "contacts", contacts: [{ name: { formatted_name: "Oleg" }, phones: [{ phone: "+79169999999" }] }] });
    equal((await stage.seen((one) => one.type === "contact")).contact.phone_number, "+79169999999", "the card");
    await stage.answer({ type: "reaction", reaction: { message_id: question.id, emoji: "👍" } });
    await stage.seen((one) => one.emoji_of_business === "👍");
    const all = await stage.messages("everything to be sent", (items) => outbound(items).length === 8 && outbound(items).every((one) => one.status === "sent"));
    equal(all.some((one) => one.status_times.delivered || one.status_times.read), false, "more than sent");
    equal((await stage.view()).messages.filter((one) => one.direction === "from_business").length, 7, "messages on the screen, none of them twice");
  },

  async "a long text leaves in parts, faces counting twice"(stage) {
    await stage.does({ text: "Hello" });
    const long = "😀".repeat(2048) + " and the rest";
    await stage.becomes(await stage.answer({ type: "text", text: long }), "sent");
    const parts = (await stage.view()).messages.filter((one) => one.direction === "from_business").map((one) => one.text);
    equal(parts, ["😀".repeat(2048), "and the rest"], "parts");
    await stage.api("POST", `/api/v1/conversations/${(await stage.conversation()).id}/messages`,
      { client_id: crypto.randomUUID(), type: "image", text: "😀".repeat(512) + "!", upload_id: await stage.upload("a.png", "image/png", png) }, 422);
  },

  async "buttons are pressed, and the press is answered at once"(stage) {
    await stage.does({ text: "Hello" });
    await stage.answer({ type: "interactive", interactive: { kind: "buttons", body: "Deliver?", buttons: [
      { id: "9f3:1", title: "Yes" }, { id: "9f3:2", title: "No" }] } });
    const shown = await stage.seen((one) => one.text === "Deliver?");
    await stage.does({ type: "press", message: shown.id, button: "No" });
    const press = (await stage.messages("the press", (all) => all.some((one) => one.type === "button"))).find((one) => one.type === "button");
    equal([press.text, press.content.payload], ["No", "9f3:2"], "what was pressed");
    await until("the answer to it", async () => (await stage.calls("answerCallbackQuery")).some((one) => one.status === 200));
    await stage.api("POST", `/api/v1/conversations/${(await stage.conversation()).id}/typing`, {});
    equal((await stage.view()).typing, true, "typing");
    await stage.answer({ type: "interactive", interactive: { kind: "link", body: "See", title: "Shop", url: "https://shop.example" } });
    equal((await stage.seen((one) => one.text === "See")).buttons[0][0].url, "https://shop.example", "the link");
    await stage.answer({ type: "interactive", interactive: { kind: "contact_request", body: "Your number?", title: "My number" } });
    await stage.seen((one) => one.text === "Your number?");
    await stage.does({ type: "press", button: "My number" });
    await until("the number", async () => (await stage.conversation()).identity.phone === "+79161234567");
  },

  async "an edit and a reaction of the person are shown, and taken back"(stage) {
    const asked = await stage.does({ text: "Helo" });
    const answer = await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "sent");
    await stage.does({ type: "edit", message: asked.id, text: "Hello" });
    await stage.messages("the edit", (all) => all[0]?.text === "Hello" && all[0].is_edited);
    const { id } = await stage.seen((one) => one.text === "Good day");
    await stage.does({ type: "reaction", message: id, emoji: "🔥" });
    await stage.messages("the reaction", (all) => all.find((one) => one.id === answer.id).content.reaction === "🔥");
    await stage.does({ type: "reaction", message: id, emoji: "" });
    await stage.messages("no reaction", (all) => !all.find((one) => one.id === answer.id).content.reaction);
  },

  async "what has left is edited and deleted for the person too, and what Telegram refuses stays as it is"(stage) {
    await stage.does({ text: "Hello" });
    const answer = await stage.becomes(await stage.answer("Helo there"), "sent");
    const pending = await stage.change(answer, "Hello there");
    equal([pending.text, pending.change?.text ?? "Hello there"], ["Helo there", "Hello there"], "until it is done");
    const edited = await stage.changed(answer);
    equal([edited.text, edited.is_edited, edited.is_deleted, edited.status], ["Hello there", true, false, "sent"], "edited");
    const { id } = await stage.seen((one) => one.text === "Hello there" && one.edited);
    equal((await stage.change(answer, "Hello there")).change, null, "the same again");
    const found = async (words) => (await stage.api("GET", `/api/v1/search?q=${words}`)).items.map((one) => one.message.text);
    await until("the search to follow", async () => (await found("helo")).length === 0);
    equal(await found("there"), ["Hello there"], "found by its new words");

    const picture = await stage.becomes(await stage.answer({ type: "image", text: "the plam", upload_id: await stage.upload("a.png", "image/png", png) }), "sent");
    await stage.change(picture, "the plan");
    equal((await stage.changed(picture)).text, "the plan", "the words beside a file");
    equal((await stage.seen((one) => one.text === "the plan")).type, "photo", "the file is still there");

    await stage.change(answer);
    const deleted = await stage.changed(answer);
    equal([deleted.text, deleted.is_deleted], ["Hello there", true], "deleted");
    await stage.seen((one) => one.id === id && one.deleted);
    await until("it to be found no more", async () => (await found("there")).length === 0);

    const far = (await stage.view()).messages.find((one) => one.text === "the plan");
    await stage.asAnotherProgram("deleteMessage", { chat_id: maria, message_id: far.id });
    await stage.change(picture, "nobody sees it");
    const refused = await stage.changed(picture);
    equal([refused.text, refused.change.error.code, refused.change.by], ["the plan", "message_gone", "Maria"], "what Telegram does not have");
    equal((await stage.api("DELETE", `/api/v1/messages/${picture.id}/change`)).change, null, "forgotten");
    await stage.change(picture);
    equal((await stage.changed(picture)).is_deleted, true, "what is gone is deleted");
  },

  async "what left in parts is deleted whole, and what Telegram allows no more is refused"(stage) {
    await stage.does({ text: "Hello" });
    const long = await stage.becomes(await stage.answer("a".repeat(5000)), "sent");
    equal((await stage.change(long, "short", 409)).code, "in_parts", "edit of a text in parts");
    equal((await stage.change(await stage.becomes(await stage.answer("short"), "sent"), "a".repeat(5000), 422)).code, "text_too_long", "too much");
    await stage.change(long);
    await stage.changed(long);
    await until("both parts to be gone", async () => (await stage.view()).messages.filter((one) => one.deleted).length === 2);
    const [hello] = await stage.messages("them", () => true);
    equal((await stage.change(hello, undefined, 409)).code, "not_ours", "deletion of what the person wrote");
    const old = await stage.becomes(await stage.answer("old"), "sent");
    await stage.sim("POST", "/clock", { advance_ms: 49 * 3_600_000 });
    await stage.change(old);
    const refused = await stage.changed(old);
    equal([refused.is_deleted, refused.change.error.code], [false, "not_changeable"], "after two days");
    await stage.change(old, "older");
    equal((await stage.changed(old)).text, "older", "an edit is allowed at any time");
  },

  async "an edit that was wanted before a restart leaves after it, behind what waits and before what comes"(stage) {
    await stage.does({ text: "Hello" });
    const answer = await stage.becomes(await stage.answer("Helo"), "sent");
    await stage.sim("POST", "/faults", { kind: "429", retry_after: 3, match: { provider: "telegram", edge: "editMessageText" } });
    await stage.change(answer, "Hello");
    await until("the refusal", async () => (await stage.calls("editMessageText")).length === 1);
    await stage.killOkno();
    await stage.restartOkno();
    const after = await stage.answer("What can I do?");
    equal((await stage.changed(answer)).text, "Hello", "edited");
    await stage.becomes(after, "sent");
    const order = (await stage.providerCalls((one) => ["editMessageText", "sendMessage"].includes(one.api_method) && one.status === 200))
      .map((one) => one.api_method);
    equal(order, ["sendMessage", "editMessageText", "sendMessage"], "in their turn");
  },

  async "an operator edits and deletes in the window, by the pointer and by the keyboard"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    const page = await stage.page();
    const shown = (text) => page.getByTestId("message").filter({ hasText: text });
    const composer = page.getByTestId("composer-text");
    await page.getByTestId("conversation-row").first().click();
    await composer.fill("Good mornin");
    await composer.press("Enter");
    await stage.messages("it to be sent", (all) => all.some((one) => one.status === "sent"));
    await composer.fill("an answer begun");

    await shown("Good mornin").hover();
    await shown("Good mornin").getByTestId("message-edit").click();
    const editor = page.getByTestId("edit-text");
    equal(await editor.inputValue(), "Good mornin", "what the editor begins with");
    await editor.fill("something else");
    await editor.press("Escape");
    await editor.waitFor({ state: "detached" });
    equal(await composer.inputValue(), "an answer begun", "the draft meanwhile");
    await composer.fill("");
    await composer.press("ArrowUp");
    await editor.fill("Good morning");
    await editor.press("Enter");
    await shown("Good morning").getByText("edited", { exact: true }).waitFor();
    await stage.seen((one) => one.text === "Good morning" && one.edited);
    await until("the focus in the composer", () => composer.evaluate((one) => one === document.activeElement));

    await shown("Good morning").hover();
    await shown("Good morning").getByTestId("message-delete").click();
    await page.keyboard.press("Escape");
    await page.getByTestId("delete-dialog").waitFor({ state: "detached" });
    await shown("Good morning").hover();
    await shown("Good morning").getByTestId("message-delete").click();
    await page.getByTestId("delete-confirm").click();
    await shown("Good morning").getByText("Deleted for everybody").waitFor();
    await stage.seen((one) => one.text === "Good morning" && one.deleted);
    equal(await shown("Good morning").getByTestId("message-edit").count(), 0, "no more to edit");
    equal(await shown("Hello").getByTestId("message-delete").count(), 0, "nothing of the person's");

    const words = "Until tomorrow, when all of us are here again and everything is as it was";
    await composer.fill(words);
    await composer.press("Enter");
    const late = await until("it to be sent", async () => (await stage.messages("it", () => true)).find((one) => one.text === words && one.status === "sent"));
    await shown(words).hover();
    const [tool, log] = [await shown(words).getByTestId("message-reply").boundingBox(), await page.getByTestId("thread").boundingBox()];
    equal(tool.x > log.x, true, "the whole menu of a wide message in sight");
    await stage.sim("POST", "/clock", { advance_ms: 49 * 3_600_000 });
    await stage.change(late);
    await page.getByTestId("change-failed").filter({ hasText: "Could not be deleted" }).waitFor();
    await page.getByTestId("change-forget").click();
    await page.getByTestId("change-failed").waitFor({ state: "detached" });
    equal(page.errors, [], "errors of the page");
    const phone = await (await (await stage.browserFor()).newContext({ locale: "en-GB" })).newPage();
    await phone.goto(`${stage.simulator}/?messenger=telegram&lang=en`);
    await phone.getByText("This message was deleted").waitFor();
  },

  async "who blocks the bot gets nothing until they come back"(stage) {
    await stage.does({ text: "Hello" });
    await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "sent");
    await stage.does({ type: "block" });
    const { id } = await until("the mark", async () => {
      const conversation = await stage.conversation();
      return conversation.blocked_since && conversation;
    });
    const before = (await stage.calls("sendMessage")).length;
    await stage.api("POST", `/api/v1/conversations/${id}/messages`, { client_id: crypto.randomUUID(), type: "text", text: "Are you there?" }, 409);
    equal((await stage.calls("sendMessage")).length, before, "calls to Telegram");
    await stage.does({ type: "unblock" });
    await until("the mark to go", async () => !(await stage.conversation()).blocked_since);
    await stage.becomes(await stage.answer({ type: "text", text: "Welcome back" }), "sent");
    await stage.does({ type: "block" });
    await until("the mark again", async () => (await stage.conversation()).blocked_since);
    await stage.sim("POST", "/faults", { kind: "lost_webhook", match: { provider: "telegram", what: "my_chat_member" } });
    await stage.does({ type: "start" });
    await until("the mark to go by Start alone", async () => !(await stage.conversation()).blocked_since);
  },

  async "who blocked unheard is found blocked when we write, and an account that is gone too"(stage) {
    await stage.does({ text: "Hello" });
    await stage.does({ text: "Hello" }, ivan);
    await stage.messages("the message", (all) => all.length === 1);
    await stage.messages("the other message", (all) => all.length === 1, "Ivan");
    await stage.sim("POST", "/faults", { kind: "lost_webhook", match: { provider: "telegram", what: "my_chat_member" } });
    await stage.does({ type: "block" });
    equal((await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "failed")).error.code, "person_blocked", "reason");
    equal(Boolean((await stage.conversation()).blocked_since), true, "the mark");
    await stage.telegram("PATCH", `/people/${ivan}`, { deactivated: true });
    equal((await stage.becomes(await stage.answer({ type: "text", text: "Good day" }, 201, "Ivan"), "failed", "Ivan")).error.code, "person_gone", "reason");
  },

  async "Telegram's troubles are waited for, and a lost answer is never sent twice"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.sim("POST", "/faults", { kind: "429", retry_after: 2, match: { provider: "telegram" } });
    const slow = await stage.becomes(await stage.answer({ type: "text", text: "after a pause" }), "sent");
    const [refused, accepted] = await stage.calls("sendMessage");
    equal([refused.status, accepted.status, accepted.at_ms - refused.at_ms >= 2000], [429, 200, true], "the pause");
    equal(slow.attempt, 1, "attempts that a person sees");
    await stage.sim("POST", "/faults", { kind: "500", match: { provider: "telegram" } });
    await stage.becomes(await stage.answer({ type: "text", text: "after a trouble" }), "sent");
    await stage.sim("POST", "/faults", { kind: "500", plain: true, match: { provider: "telegram" } });
    await stage.becomes(await stage.answer({ type: "text", text: "who knows" }), "unknown");
    equal((await stage.calls("sendMessage")).filter((one) => one.body.includes("who knows")).length, 1, "calls for it");
  },

  async "what Telegram cannot show goes as a document"(stage) {
    await stage.does({ text: "Hello" });
    await stage.answer({ type: "image", text: "a ribbon", upload_id: await stage.upload("ribbon.png", "image/png", pngOf(4200, 100)) });
    equal((await stage.seen((one) => one.text === "a ribbon")).type, "document", "kind of a ribbon");
    await stage.telegram("PATCH", `/people/${maria}`, { forbids_voice: true });
    await stage.answer({ type: "audio", text: "a voice", upload_id: await stage.upload("voice.ogg", "audio/ogg", ogg) });
    equal((await stage.seen((one) => one.text === "a voice")).type, "document", "kind of a voice");
    await stage.messages("both to be sent", (all) => outbound(all).length === 2 && outbound(all).every((one) => one.status === "sent"));
  },

  async "a dead token breaks the channel in Telegram's words, a new one mends it"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    const renewed = `${bot}:BBbbccddeeffgghhiijjkkllmmnnooppqqr`;
    stage.secrets.add(renewed);
    await stage.telegram("PATCH", `/bots/${bot}`, { token: renewed });
    equal((await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "failed")).error.code, "token_invalid", "reason");
    const broken = await stage.stored();
    equal([broken.state, broken.state_reason], ["broken", "Unauthorized"], "state");
    const waiting = await stage.answer({ type: "text", text: "It waits" });
    const path = `/api/v1/channels/${stage.channel.id}`;
    await stage.api("PATCH", path, { credentials: { bot_token: "555000222:BBbbccddeeffgghhiijjkkllmmnnooppqqr" } }, 422);
    equal((await stage.api("PATCH", path, { credentials: { bot_token: renewed } })).state, "connected", "state");
    await stage.becomes(waiting, "sent");
  },

  async "what is written while the server is away comes once it is back, and a check says so"(stage) {
    await stage.does({ text: "before" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.killOkno();
    for (const text of ["one", "two"]) await stage.does({ text });
    await until("a failed call", async () => (await stage.asAnotherProgram("getWebhookInfo")).last_error_message);
    await stage.restartOkno();
    const all = await stage.messages("both", (items) => items.length === 3);
    equal(all.map((one) => one.text), ["before", "one", "two"], "in order");
    const checked = await stage.check();
    equal([checked.state, checked.state_reason.startsWith("Telegram could not call us at ")], ["connected", true], "what the check says");
  },

  async "the owner of a business account is answered for, in their own chats"(stage) {
    const connection = "/connections/conn1";
    await stage.telegram("POST", "/connections", { id: "conn1", bot, owner: olga });
    const inAccount = async (wish) => await stage.telegram("POST", `${connection}/messages`, { chat: ivan, ...wish });
    const asked = await inAccount({ text: "Is it open?" });
    await stage.messages("the question", (all) => all.length === 1, "Ivan");
    await stage.becomes(await stage.answer({ type: "text", text: "Until nine" }, 201, "Ivan"), "sent", "Ivan");
    await inAccount({ from: "owner", text: "Come in" });
    const all = await stage.messages("the answer by hand", (items) => items.length === 3, "Ivan");
    const writerOf = (text) => all.find((one) => one.text === text)?.author.kind; // Telegram tells whole seconds
    equal(["Is it open?", "Until nine", "Come in"].map(writerOf), ["customer", "operator", "phone"], "who wrote");
    await stage.api("POST", `/api/v1/conversations/${(await stage.conversation("Ivan")).id}/read`, {});
    const { messages } = await stage.telegram("GET", `${connection}/messages?chat=${ivan}`);
    equal(messages.map((one) => [one.text, one.by_bot ?? false]), [["Is it open?", false], ["Until nine", true], ["Come in", false]], "the owner's chat");
    equal(messages[0].status, "read", "the question");
    const ours = all.find((one) => one.text === "Until nine");
    await stage.change(ours, "Until ten");
    equal((await stage.changed(ours, "Ivan")).text, "Until ten", "edited in the owner's chat");
    await stage.change(ours);
    equal((await stage.changed(ours, "Ivan")).is_deleted, true, "deleted there");
    const left = (await stage.telegram("GET", `${connection}/messages?chat=${ivan}`)).messages[1];
    equal([left.text, left.edited, left.deleted], ["Until ten", true, true], "what the owner sees");
    await inAccount({ type: "delete", messages: [asked.id] });
    await stage.messages("the deletion", (items) => items[0].is_deleted, "Ivan");
    await stage.sim("POST", "/clock", { advance_ms: 24 * 3_600_000 });
    equal((await stage.becomes(await stage.answer({ type: "text", text: "Too late" }, 201, "Ivan"), "failed", "Ivan")).error.code, "window_closed", "after a day");
    await stage.telegram("PATCH", connection, { rights: {} });
    await until("the warning", async () => (await stage.stored()).state_reason === "The bot may no longer answer in the chats of Olga.");
    await stage.telegram("PATCH", connection, { rights: { can_reply: true, can_read_messages: true, can_delete_sent_messages: true } });
    await until("the warning to go", async () => !(await stage.stored()).state_reason);
  },

  async "a bot that is disconnected is called no more"(stage) {
    await stage.api("DELETE", `/api/v1/channels/${stage.channel.id}`, undefined, 204);
    equal((await stage.asAnotherProgram("getWebhookInfo")).url, "", "address");
    equal((await stage.calls("deleteWebhook")).length, 1, "calls");
    await stage.api("DELETE", `/api/v1/channels/${stage.channel.id}`, undefined, 404);
  },
}, TelegramStage);
