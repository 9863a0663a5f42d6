// What holds for a number behind an unofficial gateway whatever its shape, from connecting it over outages to the day on
// which it is blocked. What the shapes do differently is what their stages say.
import { maria, number } from "./gateway_stage.mjs";
import { equal, until } from "./stage.mjs";

const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

export const newest = async (stage, wanted) => await until("it on the person's screen", async () => (await stage.seenBy()).find(wanted));

export const scenes = {
  async "connecting places the webhook by itself, and says that the way is unofficial"(stage) {
    equal(stage.channel.state, "connected", `state (${stage.channel.state_reason})`);
    equal([stage.channel.unofficial, stage.channel.settings.handle], [true, `+${number}`], "unofficial, handle");
    equal(stage.channel.policy.fixed, ["reply_only", "broadcasts"], "what no admin can loosen");
    equal([stage.channel.policy.reply_only, stage.channel.policy.broadcasts], [true, false], "rules");
    equal(await stage.webhooks(), [stage.channel.webhook_url], "webhooks");
    await stage.api("POST", `/api/v1/channels/${stage.channel.id}/check`);
    equal((await stage.webhooks()).length, 1, "webhooks after another check");
    const loose = await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { policy: { reply_only: false } }, 409);
    equal([loose.code, loose.field], ["policy_fixed", "policy.reply_only"], "loosening");
    equal((await stage.connectChannel({ phone: "" }, 422)).field, "settings.phone", "without a number");
    equal((await stage.connectChannel({ messages_per_second: 10 }, 422)).field, "settings.messages_per_second", "a faster pace");
  },

  async "every kind that a person writes arrives, with its file"(stage) {
    for (const type of ["text", "image", "voice", "video", "document", "sticker", "location", "contact"])
      await stage.does({ type, text: type === "text" ? "Good day" : "" });
    await stage.does({ type: "call" });
    const all = await stage.messages("all of them, fetched", (items) =>
      items.length === 9 && items.every((one) => one.media.every((file) => file.state === "ready")));
    equal(all.map((one) => `${one.type}${one.media.length > 0 ? "+" : ""}`).sort(),
      ["audio+", "call", "contacts", "document+", "image+", "location", "sticker+", "text", "video+"], "kinds");
    equal(all.find((one) => one.type === "call").direction, "event", "the call");
    equal((await stage.conversation()).identity.phone, `+${maria}`, "phone");
  },

  async "answers reach the person at a human pace, with their statuses, and none twice"(stage) {
    const asked = await stage.does({ text: "Where is my order?" });
    const [question] = await stage.messages("the question", (all) => all.length === 1);
    const text = await stage.answer({ type: "text", text: "It leaves today.", reply_to: question.id });
    await stage.becomes(text, "delivered");
    equal((await newest(stage, (one) => one.text === "It leaves today.")).reply_to.text, "Where is my order?", "the quoted message");
    await stage.answer({ type: "image", text: "the plan", upload_id: await stage.upload("plan.png", "image/png", png) });
    const picture = await newest(stage, (one) => one.text === "the plan");
    const bytes = Buffer.from(await (await fetch(`${stage.simulator}/sim/gateway/people/${maria}/files/${picture.id}`)).arrayBuffer());
    equal(bytes.equals(png), true, "the picture's bytes");
    await stage.answer({ type: "interactive", interactive: { kind: "buttons", body: "Deliver?", buttons: [
      { id: "1", title: "Yes" }, { id: "2", title: "No" }] } });
    await newest(stage, (one) => one.text === "Deliver?\n\n1. Yes\n2. No");
    await stage.gateway("POST", `/people/${maria}/read`, {});
    const items = await stage.messages("the reading", (all) => all.filter((one) => one.status === "read").length === 3);
    equal(items.filter((one) => one.direction === "outbound").length, 3, "answers, none of them twice");
    const times = (await stage.sendings()).map((one) => one.at_ms);
    equal(times.length, 3, "calls");
    for (let i = 1; i < times.length; i += 1) equal(times[i] - times[i - 1] > 2500, true, `pause ${times[i] - times[i - 1]} ms`);
    await stage.does({ type: "reaction", message: picture.id, emoji: "👍" });
    await stage.does({ type: "edit", message: asked.id, text: "Where is my parcel?" });
    await stage.messages("the edit and the reaction", (all) =>
      all[0].text === "Where is my parcel?" && all.some((one) => one.content.reaction === "👍"));
    await stage.does({ type: "delete", message: asked.id });
    await stage.messages("the removal", (all) => all[0].is_deleted);
  },

  async "a lost answer shows the message once, a doubled webhook too, and what is typed on the phone stands here"(stage) {
    await stage.sim("POST", "/faults", { kind: "duplicate_webhook", times: 3 });
    await stage.does({ text: "Hello" });
    await stage.sim("POST", "/faults", { kind: "timeout_after_accept", match: { edge: "messages" } });
    // Where nothing tells a repetition from a new message it is not sent again, and a person decides.
    await stage.becomes(await stage.answer({ type: "text", text: "once" }), stage.knowsRepetitions ? "delivered" : "unknown");
    await stage.nextSecond();
    await stage.gateway("POST", `/people/${maria}/answers`, { text: "Answered on the phone" });
    const items = await stage.messages("the answer by hand", (all) => all.length === 3);
    equal(items.map((one) => one.author.kind), ["customer", "operator", "phone"], "authors");
    equal((await stage.seenBy()).filter((one) => one.text === "once").length, 1, "on the screen");
  },

  async "nobody is written to first, nothing goes to an audience, and a retry changes nothing of it"(stage) {
    const first = await stage.api("POST", "/api/v1/conversations", { client_id: crypto.randomUUID(), channel_id: stage.channel.id,
      phone: `+${maria}`, template: { name: "hello", language: "en", values: {} } }, 409);
    equal(first.code, "reply_only", "writing first");
    equal((await stage.api("GET", "/api/v1/conversations?view=all")).items.length, 0, "conversations");
    await stage.does({ text: "Hello" });
    const refused = await stage.answer({ type: "text", text: "Sale!", broadcast: true }, 409);
    equal([refused.code, /another messenger/.test(refused.detail)], ["broadcast_not_allowed", true], "a broadcast");
    await stage.gateway("PATCH", `/people/${maria}`, { has_whatsapp: false });
    const failed = await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "failed");
    equal(failed.error.code, stage.refusesNobody, "reason");
    await stage.gateway("PATCH", `/people/${maria}`, { has_whatsapp: true });
    await stage.does({ text: "Here again" });
    await stage.messages("the person again", (all) => all.some((one) => one.text === "Here again"));
    await stage.api("POST", `/api/v1/messages/${failed.id}/retry`, { attempt: 1 });
    await stage.becomes(failed, "delivered");
  },

  async "what was missed in an outage comes afterwards, late, in its true order and once"(stage) {
    await stage.does({ text: "before" });
    await stage.messages("the first", (all) => all.length === 1);
    await stage.gateway("PATCH", `/sessions/${stage.session}`, { status: "FAILED" });
    await stage.breaksFor(stage.lost);
    await stage.isLookedAt(); // an outage between two looks is none
    await stage.does({ text: "Are you there?" });
    await stage.does({ type: "image", text: "look" });
    const held = await stage.answer({ type: "text", text: "waits for the session" });
    await stage.does({ text: "Hello?" });
    await stage.gateway("PATCH", `/sessions/${stage.session}`, { status: "WORKING" });
    await stage.channelBecomes("connected");
    await stage.nextSecond();
    await stage.does({ text: "after" });
    const all = await stage.messages("everything", (items) => items.filter((one) => one.direction === "inbound").length === 5);
    const inbound = all.filter((one) => one.direction === "inbound");
    equal(inbound.map((one) => one.text), ["before", "Are you there?", "look", "Hello?", "after"], "order");
    equal(inbound.map((one) => Boolean(one.content.late)), [false, true, true, true, false], "marks");
    equal((await stage.conversation()).waiting, true, "it waits for us");
    await stage.becomes(held, "delivered");
    await stage.messages("the late picture", (items) => items.every((one) => one.media.every((file) => file.state === "ready")));
  },

  async "a phone that was unlinked is linked again by the code that the channel shows"(stage) {
    await stage.does({ text: "Hello" });
    await stage.gateway("PATCH", `/sessions/${stage.session}`, { number: "", status: "SCAN_QR_CODE" });
    await stage.breaksFor(/scan the QR code/);
    const pairing = await stage.api("GET", `/api/v1/channels/${stage.channel.id}/pairing`);
    equal([pairing.linked, stage.isCode(pairing)], [false, true], "the code");
    await stage.gateway("POST", `/sessions/${stage.session}/scan`, { number: "79990000000" });
    await stage.breaksFor(/another number/i);
    await stage.gateway("PATCH", `/sessions/${stage.session}`, { number, status: "WORKING" });
    await stage.channelBecomes("connected");
    equal((await stage.api("GET", `/api/v1/channels/${stage.channel.id}/pairing`)).linked, true, "linked");
  },

  async "a blocked number keeps what waits: it is shown, can be taken back, and nothing more leaves"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.gateway("PATCH", `/sessions/${stage.session}`, { banned: true, status: "FAILED" });
    await stage.channelBecomes("broken");
    const held = await stage.answer({ type: "text", text: "held" });
    for (let i = 0; i < 3; i += 1) {
      await stage.settled();
      await stage.gateway("PATCH", `/sessions/${stage.session}`, { status: "FAILED" });
    }
    const blocked = await stage.breaksFor(/^Blocked/);
    equal(/taken back/.test(blocked.state_reason), true, "what can be done");
    equal((await stage.messages("it", () => true)).find((one) => one.id === held.id).status, "queued", "what waits");
    await stage.api("DELETE", `/api/v1/messages/${held.id}`, undefined, 204);
    equal((await stage.becomes(held, "failed")).error.code, "taken_back", "taken back");
    equal((await stage.sendings()).length, 0, "calls");
    await stage.does({ text: "still heard in history" });
  },

  async "who hides their number is answered, and is one person once the number is known"(stage) {
    await stage.does({ text: "Hello" }, "79160000000");
    const before = await stage.conversation("Oleg");
    equal(before.identity.phone, stage.tellsHidden === "at once" ? "+79160000000" : null, "phone before");
    const sent = await stage.answer({ type: "text", text: "Good day" }, 201, "Oleg");
    await stage.messages("it to arrive", (all) => all.some((one) => one.id === sent.id && one.status === "delivered"), "Oleg");
    equal((await stage.conversation("Oleg")).identity.phone, stage.tellsHidden === "never" ? null : "+79160000000", "phone afterwards");
  },
};
