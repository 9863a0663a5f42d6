// A Page of Messenger from connecting it to what it and a person write each other.
import { app, MessengerStage, page, png, secondPage } from "./meta_stage.mjs";
import { equal, play, until } from "./stage.mjs";

const hours = (count) => ({ advance_ms: count * 3600_000 });
const ours = (items) => items.filter((one) => one.direction === "outbound");

await play({
  async "connecting subscribes the Page and sets its button"(stage) {
    equal(stage.channel.state, "connected", `state (${stage.channel.state_reason})`);
    equal(stage.channel.settings.handle, "m.me/yasno", "handle");
    const told = await stage.meta("GET", `/accounts/${page}`);
    equal(told.get_started, "GET_STARTED", "the button");
    for (const field of ["messages", "message_echoes", "message_reads", "messaging_referrals", "standby"])
      equal(told.fields.includes(field), true, field);
    equal((await stage.api("POST", `/api/v1/channels/${stage.channel.id}/check`)).state, "connected", "state after another check");
    const wrong = await stage.connectTo({ page_id: secondPage }, "EAAG-token-of-the-page-2", "another-secret").catch((error) => error);
    const state = wrong instanceof Error ? String(wrong) : `${wrong.state} ${wrong.state_reason}`;
    equal(/appsecret_proof/.test(state), true, `a wrong app secret is told: ${state}`);
  },

  async "every kind that a person writes arrives, with its file"(stage) {
    await stage.does({ text: "Здравствуйте", ref: "TOKEN-1" });
    await stage.messages("the first message", (all) => all.length === 1);
    for (const type of ["image", "video", "voice", "file", "sticker", "location", "fallback", "reel"]) await stage.does({ text: "", type });
    await stage.does({ text: "two at once", attachments: ["image", "file"] });
    await stage.does({ text: "", type: "unsupported" });
    const all = await stage.messages("all of them, fetched", (items) =>
      items.length === 12 && items.every((one) => one.media.every((file) => file.state === "ready")));
    const kinds = all.map((one) => `${one.type}${one.media.length > 0 ? "+" : ""}`).sort();
    equal(kinds, ["audio+", "document+", "document+", "image+", "image+", "location", "sticker+", "text", "text", "text", "unsupported", "video+"], "kinds");
    equal((await stage.conversation()).contact.referral, "TOKEN-1", "whence the person came");
  },

  async "a text, a picture with words, a file and a place reach the person; what they got and read is known"(stage) {
    const asked = await stage.does({ text: "Where is my order?" });
    const [question] = await stage.messages("the question", (all) => all.length === 1);
    const text = await stage.answer({ type: "text", text: "It leaves today.", reply_to: question.id });
    await stage.becomes(text, "delivered");
    equal((await stage.shown((one) => one.text === "It leaves today.")).reply_to.id, asked.mid, "the quoted message");
    const picture = await stage.answer({ type: "image", text: "the plan", upload_id: await stage.upload("plan.png", "image/png", png) });
    await stage.shown((one) => one.text === "the plan");
    const [{ payload }] = (await stage.shown((one) => one.type === "image")).attachments;
    equal(Buffer.from(await (await fetch(payload.url)).arrayBuffer()).equals(png), true, "the picture's bytes");
    await stage.becomes(picture, "delivered");
    await stage.answer({ type: "document", upload_id: await stage.upload("prices.txt", "text/plain", Buffer.from("all prices")) });
    equal((await stage.shown((one) => one.type === "file")).attachments[0].payload.url.endsWith("/prices.txt"), true, "name of the file");
    await stage.answer({ type: "location", location: { latitude: 55.75, longitude: 37.61 } });
    await stage.shown((one) => one.text.includes("55.75,37.61"));
    await stage.messages("everything to be delivered", (all) => ours(all).every((one) => one.status === "delivered"));
    await stage.meta("POST", `/people/${stage.anna}/read`);
    const items = await stage.messages("the reading", (all) => ours(all).every((one) => one.status === "read"));
    equal(ours(items).length, 4, "answers, none of them twice");
  },

  async "where Meta names no message, its mark counts for all before it"(stage) {
    await stage.meta("PATCH", `/accounts/${page}`, { tells_mids: false });
    await stage.does({ text: "Hello" });
    for (const text of ["one", "two", "three"]) await stage.answer({ type: "text", text });
    await stage.messages("the marks", (all) => ours(all).length === 3 && ours(all).every((one) => one.status === "delivered"));
  },

  async "buttons and quick replies are pressed, and the way on is marked as read and typing"(stage) {
    await stage.does({ text: "Hello" });
    await stage.answer({ type: "interactive", interactive: { kind: "buttons", body: "Deliver?", buttons: [
      { id: "9f3:1", title: "Yes" }, { id: "9f3:2", title: "No" }] } });
    const asked = await stage.shown((one) => one.type === "template");
    await stage.does({ type: "press", message: asked.id, button: "No" });
    const pressed = (payload) => (all) => all.find((one) => one.type === "button" && one.content.payload === payload);
    const items = await stage.messages("the press", pressed("9f3:2"));
    equal(pressed("9f3:2")(items).text, "No", "words of the button");
    const rows = Array.from({ length: 5 }, (_, i) => ({ id: `r:${i}`, title: `Row ${i}` }));
    await stage.answer({ type: "interactive", interactive: { kind: "list", body: "Which?", button: "Choose", sections: [{ rows }] } });
    const list = await stage.shown((one) => one.quick_replies);
    equal(list.quick_replies.length, 5, "quick replies");
    await stage.does({ type: "press", message: list.id, button: "Row 3" });
    await stage.messages("the choice", pressed("r:3"));
    const { id } = await stage.conversation();
    await stage.api("POST", `/api/v1/conversations/${id}/typing`);
    await until("the typing on the person's screen", async () => (await stage.meta("GET", `/people/${stage.anna}/messages`)).typing);
    await stage.api("POST", `/api/v1/conversations/${id}/read`);
    await until("the mark on the person's screen", async () => (await stage.meta("GET", `/people/${stage.anna}/messages`)).seen);
  },

  async "Get Started and opened links bring what the link gave along"(stage) {
    await stage.does({ type: "start", ref: "TOKEN-7" });
    const [start] = await stage.messages("the press", (all) => all.length === 1);
    equal([start.type, start.text, start.content.payload], ["button", "Get Started", "GET_STARTED"], "the button");
    equal((await stage.conversation()).contact.referral, "TOKEN-7", "referral");
    equal((await stage.conversation()).reply_window.verdict, "free_text", "the window");
    await stage.does({ type: "open_link", ref: "TOKEN-8" });
    await until("the other referral", async () => (await stage.conversation()).contact.referral === "TOKEN-8");
  },

  async "who blocked the Page counts as blocked until they write again"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.does({ type: "block" });
    const failed = await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "failed");
    equal(failed.error.code, "person_unreachable", "reason");
    await until("the mark", async () => (await stage.conversation()).blocked_since);
    await stage.does({ text: "I am back" });
    await until("the mark to go", async () => !(await stage.conversation()).blocked_since);
    await stage.becomes(await stage.answer({ type: "text", text: "Welcome back" }), "delivered");
  },

  async "after a day a person still answers, by their tag; after a week nobody does"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    const closes = Date.parse((await stage.conversation()).reply_window.closes_at);
    equal(closes - Date.now() > 6 * 24 * 3600_000, true, "a person's window is shown");
    // Only Meta's clock can be moved: it refuses what we think it takes, and we learn that the day is over.
    await stage.sim("POST", "/clock", hours(25));
    const refused = await stage.becomes(await stage.answer({ type: "text", text: "too late" }), "failed");
    equal(refused.error.code, "window_closed", "reason");
    equal((await stage.conversation()).reply_window.verdict, "free_text", "a person may still write");
    await stage.becomes(await stage.answer({ type: "text", text: "as a person" }), "delivered");
    equal((await stage.shown((one) => one.text === "as a person")).tag, "HUMAN_AGENT", "tag");
    await stage.sim("POST", "/clock", hours(7 * 24));
    await stage.becomes(await stage.answer({ type: "text", text: "a week later" }), "failed");
    await until("the window to close", async () => (await stage.conversation()).reply_window.verdict === "not_allowed");
    const closed = await stage.answer({ type: "text", text: "again" }, 409);
    equal(closed.code, "not_allowed", "reason at once");
    await stage.does({ text: "Here I am" });
    await until("it to open", async () => (await stage.conversation()).reply_window.verdict === "free_text");
  },

  async "without the Human Agent feature the admin is warned and the channel goes on"(stage) {
    await stage.does({ text: "Hello" });
    await stage.meta("PATCH", `/apps/${app}`, { human_agent: false });
    await stage.sim("POST", "/clock", hours(25));
    await stage.becomes(await stage.answer({ type: "text", text: "too late" }), "failed");
    const refused = await stage.becomes(await stage.answer({ type: "text", text: "as a person" }), "failed");
    equal(refused.error.code, "human_agent_missing", "reason");
    const state = await stage.stateOf();
    equal([state.state, /Human Agent/.test(state.state_reason)], ["connected", true], "the channel");
    await until("the window to close", async () => (await stage.conversation()).reply_window.verdict === "not_allowed");
  },

  async "a lost answer shows the message once, and its echo counts as sent"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.sim("POST", "/faults", { kind: "timeout_after_accept", match: { edge: "messages" } });
    await stage.becomes(await stage.answer({ type: "text", text: "once" }), "delivered");
    await stage.sim("POST", "/faults", { kind: "500", match: { edge: "messages" } });
    await stage.becomes(await stage.answer({ type: "text", text: "after a pause" }), "delivered");
    const texts = (await stage.seenByAnna()).filter((one) => one.direction === "from_business").map((one) => one.text);
    equal(texts, ["once", "after a pause"], "texts on the screen");
    equal(ours(await stage.messages("them", () => true)).length, 2, "messages here");
  },

  async "repeated, reordered and delayed webhooks lose and double nothing"(stage) {
    await stage.does({ text: "first" });
    await stage.messages("the first", (all) => all.length === 1);
    await stage.sim("POST", "/faults", { kind: "duplicate_webhook", times: 3, count: 20 });
    await stage.sim("POST", "/faults", { kind: "reorder_webhooks", size: 2, count: 3 });
    for (let i = 0; i < 6; i += 1) await stage.does({ text: `number ${i}` });
    await stage.does({ type: "start" });
    const answer = await stage.answer({ type: "text", text: "all here" });
    await stage.becomes(answer, "delivered");
    await stage.settled();
    const items = await stage.messages("all", (all) => all.length >= 9);
    equal(items.length, 9, "messages");
    equal(new Set(items.map((one) => one.text)).size, 9, "different ones");
  },

  async "what a colleague writes in Meta's inbox stands in the conversation; edits and reactions too"(stage) {
    const asked = await stage.does({ text: "Helo" });
    await stage.does({ type: "edit", message: asked.mid, text: "Hello" });
    await stage.messages("the edit", (all) => all[0]?.text === "Hello");
    await stage.meta("POST", `/people/${stage.anna}/answers`, { text: "Answered by hand" });
    const items = await stage.messages("the answer by hand", (all) => all.length === 2);
    equal(items.find((one) => one.text === "Answered by hand").author.kind, "phone", "author");
    const answer = await stage.becomes(await stage.answer({ type: "text", text: "From here" }), "delivered");
    const shown = await stage.shown((one) => one.text === "From here");
    await stage.does({ type: "reaction", message: shown.id, emoji: "👍" });
    await stage.messages("the reaction", (all) => all.find((one) => one.id === answer.id).content.reaction === "👍");
    await stage.does({ type: "reaction", message: shown.id, emoji: "" });
    await stage.messages("it to be taken back", (all) => !all.find((one) => one.id === answer.id).content.reaction);
  },

  async "a dead token breaks the channel, and what waits leaves when it is renewed"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.sim("POST", "/faults", { kind: "expired_token", match: { edge: "messages" } });
    const failed = await stage.becomes(await stage.answer({ type: "text", text: "lost" }), "failed");
    equal(failed.error.code, "token_broken", "reason");
    const broken = await stage.stateOf();
    equal([broken.state, /Session has expired/.test(broken.state_reason)], ["broken", true], "the channel, in Meta's words");
    const waiting = await stage.answer({ type: "text", text: "waits" });
    equal((await stage.api("POST", `/api/v1/channels/${stage.channel.id}/check`)).state, "connected", "after the check");
    await stage.becomes(waiting, "delivered");
  },

  async "Meta's word about the Page is the channel's state"(stage) {
    await stage.meta("POST", `/accounts/${page}/policy`, { action: "block", reason: "Spam" });
    await until("it to break", async () => (await stage.stateOf()).state === "broken");
    equal((await stage.stateOf()).state_reason, "Meta blocked the account: Spam", "reason");
    await stage.meta("POST", `/accounts/${page}/policy`, { action: "unblock" });
    await until("it to work", async () => (await stage.stateOf()).state === "connected");
  },

  async "a conversation that another app leads is seen, and taken over by answering"(stage) {
    await stage.does({ text: "Hello" });
    await stage.meta("POST", `/people/${stage.anna}/leader`, { app: "77" });
    await stage.does({ text: "For the other app" });
    await stage.messages("what the other app got", (all) => all.some((one) => one.text === "For the other app"));
    await stage.becomes(await stage.answer({ type: "text", text: "We answer" }), "delivered");
    equal((await stage.meta("GET", `/people/${stage.anna}`)).leader, "", "who leads it now");
  },

  async "several Pages of one app share an address, each gets its own"(stage) {
    const second = await stage.connectTo({ page_id: secondPage }, "EAAG-token-of-the-page-2");
    equal(second.state, "connected", "state");
    await stage.does({ text: "To the second" }, "5502000000000002");
    await stage.does({ text: "To the first" });
    const [other] = await until("it there", async () => {
      const found = await stage.inChannel(second);
      return found.length > 0 && found;
    });
    equal(other.last_message.text, "To the second", "in the second channel");
    const first = await until("it here", async () => (await stage.inChannel(stage.channel))[0]);
    equal(first.last_message.text, "To the first", "in the first channel");
  },
}, MessengerStage);
