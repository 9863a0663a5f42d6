// A community of VK from connecting it to what it and a person write each other.
import { equal, play, until } from "./stage.mjs";
import { anna, group, VkStage } from "./vk_stage.mjs";

const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

async function upload(stage, name, type, body) {
  const reply = await fetch(`${stage.okno}/api/v1/uploads?name=${encodeURIComponent(name)}`,
    { method: "POST", headers: { authorization: `Bearer ${stage.token}`, "content-type": type }, body });
  if (!reply.ok) throw new Error(await reply.text());
  return (await reply.json()).id;
}

const newest = async (stage, wanted) => await until("it on the person's screen", async () => (await stage.seenByAnna()).find(wanted));

await play({
  async "connecting places the Callback server by itself, once"(stage) {
    equal(stage.channel.state, "connected", `state (${stage.channel.state_reason})`);
    equal(stage.channel.settings.handle, "vk.com/yasno", "handle");
    const servers = async () => (await stage.vk("GET", `/groups/${group}`)).servers;
    const [server] = await until("the confirmation", async () => (await servers()).some((one) => one.status === "ok") && servers());
    equal(server.url, stage.channel.webhook_url, "address");
    equal(server.events.includes("message_event"), true, "events");
    const again = await stage.api("POST", `/api/v1/channels/${stage.channel.id}/check`);
    equal(again.state, "connected", "state after another check");
    equal((await servers()).length, 1, "servers after another check");
  },

  async "every kind that a person writes arrives, with its file"(stage) {
    await stage.does({ text: "Здравствуйте", ref: "TOKEN-1", ref_source: "widget" });
    await stage.messages("the first message", (all) => all.length === 1);
    for (const type of ["photo", "doc", "voice", "sticker", "graffiti", "video", "link", "location"]) await stage.does({ text: "", type });
    await stage.does({ text: "two at once", attachments: ["photo", "doc"] });
    const all = await stage.messages("all of them, fetched", (items) =>
      items.length === 11 && items.every((one) => one.media.every((file) => file.state === "ready")));
    const kinds = all.map((one) => `${one.type}${one.media.length > 0 ? "+" : ""}`).sort();
    equal(kinds, ["audio+", "document+", "document+", "image+", "image+", "image+", "location", "sticker+", "text", "text", "text"], "kinds");
    equal(all.find((one) => one.text === "two at once").type, "image", "the first of two");
    equal((await stage.conversation()).contact.referral, "TOKEN-1", "whence the person came");
  },

  async "a text, a picture, a file and a place reach the person; what they read is read"(stage) {
    const asked = await stage.does({ text: "Where is my order?" });
    const [question] = await stage.messages("the question", (all) => all.length === 1);
    const text = await stage.answer({ type: "text", text: "It leaves today.", reply_to: question.id });
    await stage.becomes(text, "sent");
    const shown = await newest(stage, (one) => one.text === "It leaves today.");
    equal(shown.reply_message.conversation_message_id, asked.conversation_message_id, "the quoted message");
    await stage.answer({ type: "image", text: "the plan", upload_id: await upload(stage, "plan.png", "image/png", png) });
    const picture = await newest(stage, (one) => one.text === "the plan");
    equal(picture.attachments[0].type, "photo", "kind of the picture");
    const bytes = Buffer.from(await (await fetch(picture.attachments[0].photo.sizes[1].url)).arrayBuffer());
    equal(bytes.equals(png), true, "the picture's bytes");
    await stage.answer({ type: "document", upload_id: await upload(stage, "prices.txt", "text/plain", Buffer.from("all prices")) });
    equal((await newest(stage, (one) => one.attachments[0]?.type === "doc")).attachments[0].doc.title, "prices.txt", "name of the file");
    await stage.answer({ type: "location", location: { latitude: 55.75, longitude: 37.61 } });
    equal((await newest(stage, (one) => one.geo)).geo.coordinates.latitude, 55.75, "the place");
    await stage.messages("everything to be sent", (all) => all.every((one) => one.direction === "inbound" || one.status === "sent"));
    await stage.vk("POST", `/people/${anna}/read`, {});
    const items = await stage.messages("the reading", (all) => all.some((one) => one.status === "read"));
    equal(items.filter((one) => one.direction === "outbound").length, 4, "answers, none of them twice");
    const read = items.find((one) => one.status === "read");
    equal(Date.now() - Date.parse(read.status_times.read) < 60_000, true, "when it was read");
  },

  async "buttons are pressed, of our kind and of the other"(stage) {
    await stage.does({ text: "Hello" });
    await stage.answer({ type: "interactive", interactive: { kind: "buttons", body: "Deliver?", buttons: [
      { id: "9f3:1", title: "Yes" }, { id: "9f3:2", title: "No" }] } });
    const shown = await newest(stage, (one) => one.text === "Deliver?");
    equal(shown.keyboard.inline, true, "a keyboard under the message");
    await stage.does({ type: "press", message: shown.conversation_message_id, button: "No" });
    const [press] = (await stage.messages("the press", (all) => all.some((one) => one.type === "button"))).filter((one) => one.type === "button");
    equal([press.text, press.content.payload], ["No", "9f3:2"], "what was pressed");
    await stage.vk("POST", "/world", {});
    const { event_id: event } = await stage.vk("POST", `/people/${anna}/answers`, {
      text: "", keyboard: { inline: true, buttons: [[{ action: { type: "callback", label: "Now", payload: '{"b":"9f3:3"}' } }]] } })
      .then(async (made) => await stage.does({ type: "press", message: made.conversation_message_id, index: 0 }));
    await stage.messages("the other press", (all) => all.some((one) => one.content.payload === "9f3:3"));
    await until("the answer to the press", async () => (await stage.vk("GET", `/presses/${event}`)).is_answered);
  },

  async "a person is called by the name that VK tells, asked for once"(stage) {
    await stage.does({ text: "Hello" });
    await until("the name", async () => (await stage.conversation()).contact.name === "Anna Li");
    await stage.does({ text: "Is anybody there?" });
    await stage.messages("both", (all) => all.length === 2);
    const calls = async () => (await stage.sim("GET", "/log?limit=10000&kind=api")).entries.filter((one) => one.method === "users.get").length;
    equal(await calls(), 1, "questions for names");
  },

  async "who forbids messages gets none until they write again"(stage) {
    await stage.does({ text: "Hello" });
    await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "sent");
    await stage.vk("POST", `/people/${anna}/deny`, {});
    await until("the mark", async () => (await stage.conversation()).blocked_since);
    const before = (await stage.sim("GET", "/log?limit=10000&kind=api")).entries.filter((one) => one.method === "messages.send").length;
    const refused = await stage.api("POST", `/api/v1/conversations/${(await stage.conversation()).id}/messages`,
      { client_id: crypto.randomUUID(), type: "text", text: "Are you there?" }).catch((error) => error);
    if (!(refused instanceof Error)) equal((await stage.becomes(refused, "failed")).error.code, "person_blocked", "reason");
    const after = (await stage.sim("GET", "/log?limit=10000&kind=api")).entries.filter((one) => one.method === "messages.send").length;
    equal(after, before, "calls to VK");
    await stage.does({ text: "I am back" });
    await until("the mark to go", async () => !(await stage.conversation()).blocked_since);
    await stage.becomes(await stage.answer({ type: "text", text: "Welcome back" }), "sent");
  },

  async "who was never allowed is found blocked when we write"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.vk("POST", `/people/${anna}/blacklist`, { on: true });
    const failed = await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "failed");
    equal(failed.error.code, "person_blacklisted", "reason");
    equal(Boolean((await stage.conversation()).blocked_since), true, "the mark");
  },

  async "a lost answer shows the message once, and it counts as sent"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.sim("POST", "/faults", { kind: "timeout_after_accept" });
    await stage.becomes(await stage.answer({ type: "text", text: "once" }), "sent");
    await stage.sim("POST", "/faults", { kind: "429" });
    await stage.becomes(await stage.answer({ type: "text", text: "after a pause" }), "sent");
    const texts = (await stage.seenByAnna()).filter((one) => one.direction === "from_group").map((one) => one.text);
    equal(texts, ["once", "after a pause"], "texts on the screen");
    equal((await stage.messages("them", () => true)).filter((one) => one.direction === "outbound").length, 2, "messages here");
  },

  async "what has left is edited, its file kept, and deleted for everybody; after a day VK refuses"(stage) {
    await stage.does({ text: "Hello" });
    const [question] = await stage.messages("the message", (all) => all.length === 1);
    const answer = await stage.becomes(await stage.answer({ type: "text", text: "Helo", reply_to: question.id }), "sent");
    await stage.change(answer, "Hello & welcome");
    const edited = await stage.changed(answer);
    equal([edited.text, edited.is_edited], ["Hello & welcome", true], "edited");
    equal((await newest(stage, (one) => one.text === "Hello & welcome")).reply_message.conversation_message_id, 1, "its quote");
    const picture = await stage.becomes(await stage.answer({ type: "image", text: "the plam", upload_id: await upload(stage, "plan.png", "image/png", png) }), "sent");
    await stage.change(picture, "the plan");
    equal((await stage.changed(picture)).text, "the plan", "the words beside a file");
    equal((await newest(stage, (one) => one.text === "the plan")).attachments[0].type, "photo", "the file");
    await stage.change(answer);
    equal((await stage.changed(answer)).is_deleted, true, "deleted");
    await until("it to be gone", async () => !(await stage.seenByAnna()).some((one) => one.text.startsWith("Hello &")));
    await stage.sim("POST", "/clock", { advance_ms: 25 * 3_600_000 });
    await stage.change(picture, "too late");
    const refused = await stage.changed(picture);
    equal([refused.text, refused.change.error.code], ["the plan", "too_late"], "an edit after a day");
    await stage.change(picture);
    equal((await stage.changed(picture)).change.error.code, "not_changeable", "a deletion after a day");
    equal((await stage.messages("them", () => true)).length, 3, "messages, none twice");
  },

  async "what a colleague writes in VK stands in the conversation, an edit too"(stage) {
    const asked = await stage.does({ text: "Helo" });
    await stage.does({ type: "edit", message: asked.conversation_message_id, text: "Hello" });
    await stage.messages("the edit", (all) => all[0]?.text === "Hello");
    await stage.vk("POST", `/people/${anna}/answers`, { text: "Answered in VK" });
    const items = await stage.messages("the answer by hand", (all) => all.length === 2);
    equal(items.find((one) => one.text === "Answered in VK").author.kind, "phone", "author");
  },
}, VkStage);
