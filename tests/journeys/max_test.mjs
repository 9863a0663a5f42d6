// A bot of MAX from connecting it to what it and a person write each other.
import { equal, play, until } from "./stage.mjs";
import { bot, maria, MaxStage } from "./max_stage.mjs";

const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const mp4 = Buffer.concat([Buffer.from("00000018", "hex"), Buffer.from("ftypmp42"), Buffer.from("00000000", "hex"), Buffer.from("mp42isom")]);

async function upload(stage, name, type, body) {
  const reply = await fetch(`${stage.okno}/api/v1/uploads?name=${encodeURIComponent(name)}`,
    { method: "POST", headers: { authorization: `Bearer ${stage.token}`, "content-type": type }, body });
  if (!reply.ok) throw new Error(await reply.text());
  return (await reply.json()).id;
}

const newest = async (stage, wanted) => await until("it on the person's screen", async () => (await stage.seenByMaria()).findLast(wanted));
const subscriptions = async (stage) => (await stage.max("GET", `/bots/${bot}`)).subscriptions;
const channelNow = async (stage) => await stage.api("GET", `/api/v1/channels/${stage.channel.id}`);

await play({
  async "connecting subscribes by itself, and a check renews what ended"(stage) {
    equal(stage.channel.state, "connected", `state (${stage.channel.state_reason})`);
    equal(stage.channel.settings.handle, "max.ru/id7700000000_bot", "handle");
    const [one] = await subscriptions(stage);
    equal([one.url, one.secret], [stage.channel.webhook_url, stage.channel.verify_token], "subscription");
    equal(one.types.includes("message_callback"), true, "updates");
    await stage.sim("POST", "/faults", { kind: "lost_webhook", count: 0 });
    await fetch(`${stage.simulator}/max/subscriptions?url=${encodeURIComponent(one.url)}`, { method: "DELETE", headers: { authorization: "f9LHodD0cOL-token-of-the-bot" } });
    equal((await subscriptions(stage)).length, 0, "subscriptions that ended");
    equal((await stage.api("POST", `/api/v1/channels/${stage.channel.id}/check`)).state, "connected", "state after a check");
    await stage.api("POST", `/api/v1/channels/${stage.channel.id}/check`);
    equal((await subscriptions(stage)).length, 1, "subscriptions after two checks");
  },

  async "what connecting needs is said by its field"(stage) {
    const refusal = async (settings, credentials) => {
      const error = await stage.api("POST", "/api/v1/channels", { messenger: "max", name: "x", settings: { base_url: `${stage.simulator}/max`, ...settings }, credentials }).catch(String);
      return /"field":"([^"]+)"|"where":"([^"]+)"/.exec(error)?.slice(1).find(Boolean) ?? error;
    };
    equal(await refusal({}, { access_token: "t" }), "settings.bot", "without a nick");
    equal(await refusal({ bot: "other_bot" }, {}), "credentials.access_token", "without a token");
    const broken = await stage.api("POST", "/api/v1/channels", { messenger: "max", name: "x", settings: { bot: "other_bot", base_url: `${stage.simulator}/max` }, credentials: { access_token: "wrong" } });
    equal([broken.state, broken.state_reason], ["broken", "Invalid access_token"], "a dead token");
  },

  async "Start by a link begins the conversation and brings what the link carried"(stage) {
    await stage.does({ type: "start", payload: "TOKEN-1" });
    const all = await stage.messages("the start", (items) => items.length === 1);
    equal([all[0].direction, all[0].type, all[0].content.referral], ["event", "started", "TOKEN-1"], "event");
    const talk = await stage.conversation();
    equal([talk.contact.name, talk.contact.referral], ["Maria K", "TOKEN-1"], "contact");
    await stage.becomes(await stage.answer({ type: "text", text: "Good day, how can we help?" }), "sent");
    await newest(stage, (one) => one.text === "Good day, how can we help?");
  },

  async "every kind that a person writes arrives, with its file"(stage) {
    await stage.begin();
    for (const type of ["image", "video", "voice", "file", "sticker", "location", "contact", "share"]) await stage.does({ type, text: "" });
    await stage.does({ text: "two at once", attachments: ["image", "image"] });
    await stage.does({ text: "", forwarded: "from elsewhere" });
    await stage.does({ attachment: { type: "poll", payload: { question: "?" } }, type: "poll", text: "" });
    const all = await stage.messages("all of them, fetched", (items) =>
      items.length === 14 && items.every((one) => one.media.every((file) => file.state === "ready")));
    const kinds = all.map((one) => `${one.type}${one.media.length > 0 ? "+" : ""}`).sort();
    equal(kinds, ["audio+", "contacts", "document+", "image+", "image+", "image+", "location", "started", "sticker+", "text", "text", "text",
      "unsupported", "video+"], "kinds");
    equal(all.filter((one) => one.text === "two at once").map((one) => one.type), ["image"], "the text with the first of two");
    equal(all.find((one) => one.text === "from elsewhere").content.forwarded, "Oleg", "whose words they are");
  },

  async "a text, files, a place and a card reach the person"(stage) {
    const asked = await stage.begin();
    await stage.max("PATCH", `/bots/${bot}`, { processing_ms: 1500 });
    const all = await stage.messages("the question", (items) => items.some((one) => one.text === "Hello"));
    const question = all.find((one) => one.text === "Hello");
    await stage.becomes(await stage.answer({ type: "text", text: "It leaves <today> & *soon*", reply_to: question.id }), "sent");
    const shown = await newest(stage, (one) => one.text === "It leaves <today> & *soon*");
    equal(shown.reply_to.id, asked.id, "the quoted message");
    await stage.answer({ type: "image", text: "the plan", upload_id: await upload(stage, "plan.png", "image/png", png) });
    const picture = await newest(stage, (one) => one.text === "the plan");
    equal(Buffer.from(await (await fetch(picture.parts[0].url)).arrayBuffer()).equals(png), true, "the picture's bytes");
    await stage.becomes(await stage.answer({ type: "video", text: "the film", upload_id: await upload(stage, "film.mp4", "video/mp4", mp4) }), "sent");
    equal((await newest(stage, (one) => one.text === "the film")).type, "video", "the film that MAX worked on");
    equal((await stage.calls("messages")).some((one) => one.code === "attachment.not.ready"), true, "MAX was not ready");
    equal((await stage.calls("uploads")).length, 2, "files that were left");
    await stage.answer({ type: "document", upload_id: await upload(stage, "prices.txt", "text/plain", Buffer.from("all prices")) });
    equal((await newest(stage, (one) => one.type === "file")).parts[0].filename, "prices.txt", "name of the file");
    await stage.answer({ type: "location", location: { latitude: 55.75, longitude: 37.61, name: "Shop" } });
    equal((await newest(stage, (one) => one.type === "location")).text, "Shop", "the place");
    await stage.answer({ type: "contacts", contacts: [{ name: { formatted_name: "Oleg" }, phones: [{ phone: "+74950000001" }] }] });
    equal((await newest(stage, (one) => one.type === "contact")).parts[0].vcf_info.includes("TEL;TYPE=CELL:+74950000001"), true, "the card");
    await stage.messages("everything to be sent", (all) => all.every((one) => one.direction !== "outbound" || one.status === "sent"));
  },

  async "buttons are pressed and answered, a number and a place are given"(stage) {
    await stage.begin();
    await stage.answer({ type: "interactive", interactive: { kind: "buttons", body: "Deliver?", buttons: [
      { id: "9f3:1", title: "Yes" }, { id: "9f3:2", title: "No" }] } });
    const shown = await newest(stage, (one) => one.text === "Deliver?");
    for (const button of ["No", "Yes"]) {
      await stage.does({ type: "press", message: shown.id, button });
      const press = await stage.messages(`the press of ${button}`, (all) => all.some((one) => one.type === "button" && one.text === button));
      const found = press.find((one) => one.type === "button" && one.text === button);
      equal(found.content.payload, button === "No" ? "9f3:2" : "9f3:1", "payload");
      equal(found.reply_to !== null, true, "what it answers");
      await until("the answer to the press", async () => (await stage.seenByMaria()).find((one) => one.id === shown.id).answer === `✓ ${button}`);
    }
    await stage.answer({ type: "interactive", interactive: { kind: "contact_request", body: "Your number?" } });
    const question = await newest(stage, (one) => one.text === "Your number?");
    await stage.does({ type: "press", message: question.id, index: 0 });
    const given = await stage.messages("the number", (all) => all.some((one) => one.type === "contacts"));
    equal(given.find((one) => one.type === "contacts").content.is_own, true, "whose number it is");
    await stage.answer({ type: "interactive", interactive: { kind: "location_request", body: "Where are you?" } });
    await stage.does({ type: "press", message: (await newest(stage, (one) => one.text === "Where are you?")).id, index: 0 });
    await stage.messages("the place", (all) => all.some((one) => one.type === "location"));
    await stage.answer({ type: "interactive", interactive: { kind: "link", body: "See", title: "Site", url: "https://a.example" } });
    equal((await newest(stage, (one) => one.text === "See")).buttons[0][0].url, "https://a.example", "the link");
  },

  async "who stops the bot gets nothing until they start it again"(stage) {
    await stage.begin();
    await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "sent");
    await stage.does({ type: "remove_dialog" });
    await until("the mark", async () => (await stage.conversation()).blocked_since);
    const before = (await stage.calls("messages")).length;
    const refused = await stage.answer({ type: "text", text: "Are you there?" }, 409).catch(String);
    equal(refused.code ?? refused.error?.code, "person_blocked", "reason");
    equal((await stage.calls("messages")).length, before, "calls to MAX");
    await stage.does({ type: "start" });
    await until("the mark to go", async () => !(await stage.conversation()).blocked_since);
    await stage.becomes(await stage.answer({ type: "text", text: "Welcome back" }), "sent");
  },

  async "who stopped it unheard is found blocked when we write"(stage) {
    await stage.begin();
    await stage.sim("POST", "/faults", { kind: "lost_webhook", match: { provider: "max", what: "bot_stopped" } });
    await stage.does({ type: "stop" });
    const failed = await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "failed");
    equal([failed.error.code, failed.error.message], ["person_blocked", "error.dialog.suspended"], "reason");
    equal(Boolean((await stage.conversation()).blocked_since), true, "the mark");
  },

  async "what is too fast or fails for a while goes later, once"(stage) {
    await stage.begin();
    for (const [kind, text] of [["429", "after a pause"], ["500", "after a failure"], ["duplicate_webhook", "as ever"]]) {
      await stage.sim("POST", "/faults", { kind });
      await stage.becomes(await stage.answer({ type: "text", text }), "sent");
    }
    const texts = (await stage.seenByMaria()).filter((one) => one.direction === "from_business").map((one) => one.text);
    equal(texts, ["after a pause", "after a failure", "as ever"], "texts on the screen");
  },

  async "without an answer nobody knows, and nothing is sent twice"(stage) {
    await stage.begin();
    await stage.sim("POST", "/faults", { kind: "timeout_after_accept" });
    await stage.becomes(await stage.answer({ type: "text", text: "once" }), "unknown");
    await stage.becomes(await stage.answer({ type: "text", text: "and on" }), "sent");
    const texts = (await stage.seenByMaria()).filter((one) => one.direction === "from_business").map((one) => one.text);
    equal(texts, ["once", "and on"], "texts on the screen");
  },

  async "a dead token breaks the channel, and nothing is lost until it works again"(stage) {
    await stage.begin();
    await stage.sim("POST", "/faults", { kind: "expired_token" });
    const failed = await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "failed");
    equal(failed.error.code, "token_broken", "reason");
    await until("the channel's state", async () => (await channelNow(stage)).state === "broken");
    const waiting = await stage.answer({ type: "text", text: "later" });
    await stage.api("POST", `/api/v1/channels/${stage.channel.id}/check`);
    await stage.becomes(waiting, "sent");
  },

  async "edits, removals and webhooks that come twice change what is there and add nothing"(stage) {
    const said = await stage.begin();
    await stage.sim("POST", "/faults", { kind: "duplicate_webhook", count: 0 });
    await stage.does({ type: "edit", message: said.id, text: "Hello!" });
    await stage.messages("the edit", (all) => all.some((one) => one.text === "Hello!" && one.is_edited));
    const both = await stage.does({ text: "both", attachments: ["image", "image"] });
    await stage.messages("the pictures", (all) => all.length === 4);
    await stage.does({ type: "delete", message: both.id });
    await stage.messages("the removal", (all) => all.filter((one) => one.type === "image" && one.is_deleted).length === 2);
    await stage.does({ type: "stop" });
    await stage.does({ type: "start" });
    const all = await stage.messages("the second start", (items) => items.filter((one) => one.type === "started").length === 2);
    equal(all.length, 5, "messages, none twice");
    equal((await stage.max("GET", "/settled")).settled || (await until("rest", async () => (await stage.max("GET", "/settled")).settled)), true, "rest");
    equal((await stage.messages("them", () => true)).length, 5, "messages in the end");
  },

  async "what has left is edited, its file kept, and deleted; after a day MAX refuses"(stage) {
    await stage.begin();
    const answer = await stage.becomes(await stage.answer("Helo"), "sent");
    await stage.change(answer, "Hello you");
    const edited = await stage.changed(answer);
    equal([edited.text, edited.is_edited], ["Hello you", true], "edited");
    await newest(stage, (one) => one.text === "Hello you" && one.edited);
    const picture = await stage.becomes(await stage.answer({ type: "image", text: "the plam", upload_id: await upload(stage, "plan.png", "image/png", png) }), "sent");
    await stage.change(picture, "the plan");
    equal((await stage.changed(picture)).text, "the plan", "the words beside a file");
    equal((await newest(stage, (one) => one.text === "the plan")).type, "image", "the file");
    await stage.change(answer);
    equal((await stage.changed(answer)).is_deleted, true, "deleted");
    await newest(stage, (one) => one.deleted);
    await stage.sim("POST", "/clock", { advance_ms: 25 * 3_600_000 });
    await stage.change(picture, "too late");
    const refused = await stage.changed(picture);
    equal([refused.text, refused.change.error.message], ["the plan", "Message is too old"], "an edit after a day");
  },

  async "a long text leaves in parts, in order and no faster than MAX takes them"(stage) {
    await stage.begin();
    const words = Array.from({ length: 2500 }, (_, i) => `w${i}`).join(" ");
    await stage.becomes(await stage.answer({ type: "text", text: words }), "sent");
    const parts = (await stage.seenByMaria()).filter((one) => one.direction === "from_business").map((one) => one.text);
    equal(parts.join(" "), words, "what is read");
    equal(parts.every((one) => one.length <= 4000) && parts.length === Math.ceil(words.length / 4000), true, "parts");
    equal((await stage.calls("messages")).every((one) => one.status === 200), true, "MAX refused nothing");
  },

  async "somebody without our secret is refused and nothing of it stays"(stage) {
    await stage.begin();
    const update = { update_type: "message_created", timestamp: Date.now(), message: { timestamp: Date.now(), sender: { user_id: maria, first_name: "M" },
      recipient: { chat_id: 1, chat_type: "dialog" }, body: { mid: "mid.forged", text: "forged", attachments: [] } } };
    const post = async (headers) => (await fetch(stage.channel.webhook_url, { method: "POST", headers, body: JSON.stringify(update) })).status;
    equal(await post({}), 401, "without a secret");
    equal(await post({ "X-Max-Bot-Api-Secret": "guess" }), 401, "with another");
    await stage.does({ text: "after it" });
    const all = await stage.messages("what came after it", (items) => items.some((one) => one.text === "after it"));
    equal(all.some((one) => one.text === "forged"), false, "the forged one");
  },

  async "typing and reading are shown in MAX"(stage) {
    await stage.begin();
    const { id } = await stage.conversation();
    await stage.api("POST", `/api/v1/conversations/${id}/typing`, {});
    await until("typing", async () => (await stage.max("GET", `/people/${maria}/messages`)).typing);
    await stage.api("POST", `/api/v1/conversations/${id}/read`, {});
    await until("the read mark", async () => (await stage.seenByMaria())[0].status === "read");
  },

  async "the phone page starts the bot, writes, presses and shows what the business said"(stage) {
    const page = await (await (await stage.browserFor()).newContext({ locale: "en-GB" })).newPage();
    await page.goto(`${stage.simulator}/?messenger=max&lang=en`);
    await page.getByTestId("phone-start").click();
    await page.getByTestId("phone-text").fill("Is it there?");
    await page.getByTestId("phone-send").click();
    await stage.messages("the question", (all) => all.some((one) => one.text === "Is it there?"));
    await stage.answer({ type: "interactive", interactive: { body: "It is. Keep it?", buttons: [{ id: "1", title: "Keep" }] } });
    await page.getByTestId("phone-button").getByText("Keep").click();
    await page.getByTestId("phone-answer").getByText("✓ Keep").waitFor();
    await page.getByTestId("phone-more").click();
    await page.getByTestId("phone-add-ownNumber").click();
    await stage.messages("the number", (all) => all.some((one) => one.type === "contacts"));
    await page.getByTestId("phone-block").click();
    await page.getByTestId("phone-unblock").waitFor();
    await until("the mark", async () => (await stage.conversation()).blocked_since);
  },
}, MaxStage);
