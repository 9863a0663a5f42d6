// An account of Instagram from connecting it to what it and a person write each other.
import { account, aloneAccount, app, InstagramStage, page, png } from "./meta_stage.mjs";
import { equal, play, until } from "./stage.mjs";

const ours = (items) => items.filter((one) => one.direction === "outbound");

await play({
  async "connecting through a Page subscribes it; an account without a Page subscribes itself"(stage) {
    equal(stage.channel.state, "connected", `state (${stage.channel.state_reason})`);
    equal(stage.channel.settings.handle, "@yasno", "handle");
    equal((await stage.meta("GET", `/accounts/${page}`)).fields.includes("messages"), true, "the Page is subscribed");
    const alone = await stage.connectTo({ instagram_id: aloneAccount }, "EAAG-token-of-the-page-alone");
    equal([alone.state, alone.settings.handle], ["connected", "@yasno.alone"], `the other (${alone.state_reason})`);
    equal((await stage.meta("GET", `/accounts/${aloneAccount}`)).fields.includes("messaging_seen"), true, "its own fields");
    await stage.does({ text: "To the other" }, "6609000000000009");
    const [theirs] = await until("it there", async () => {
      const found = await stage.inChannel(alone);
      return found.length > 0 && found;
    });
    const sent = await stage.api("POST", `/api/v1/conversations/${theirs.id}/messages`, { client_id: crypto.randomUUID(), type: "text", text: "Hi Vera" });
    equal(sent.direction, "outbound", "an answer");
    await until("it on the screen", async () => (await stage.meta("GET", "/people/6609000000000009/messages")).messages.some((one) => one.text === "Hi Vera"));
  },

  async "every kind that a person writes arrives, stories too"(stage) {
    await stage.does({ text: "Здравствуйте", ref: "TOKEN-1" });
    await stage.messages("the first message", (all) => all.length === 1);
    for (const type of ["image", "video", "voice", "file", "sticker", "story_mention", "share", "ig_post", "ig_reel", "like_heart"]) await stage.does({ text: "", type });
    await stage.does({ text: "How much?", story: true });
    const all = await stage.messages("all of them, fetched", (items) =>
      items.length === 12 && items.every((one) => one.media.every((file) => file.state === "ready")));
    const kinds = all.map((one) => `${one.type}${one.media.length > 0 ? "+" : ""}`).sort();
    equal(kinds, ["audio+", "document+", "image+", "image+", "sticker+", "text", "text", "text", "text", "text", "text", "video+"], "kinds");
    equal(all.some((one) => one.text === "How much?\nhttps://cdn.example/story.jpg"), true, "the story that is answered");
    equal(all.some((one) => one.text === "❤️"), true, "the heart");
    equal((await stage.conversation()).contact.referral, "TOKEN-1", "whence the person came");
  },

  async "answers reach the person, long ones in parts of a thousand bytes; what is seen is read"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    const long = await stage.answer({ type: "text", text: "слово ".repeat(200) });
    await stage.becomes(long, "sent");
    const parts = (await stage.seenByAnna()).filter((one) => one.direction === "from_business");
    equal(parts.length, 3, "parts");
    equal(parts.every((one) => Buffer.byteLength(one.text) <= 1000), true, "bytes of each");
    await stage.answer({ type: "image", text: "the plan", upload_id: await stage.upload("plan.png", "image/png", png) });
    await stage.shown((one) => one.type === "image");
    await stage.shown((one) => one.text === "the plan");
    await stage.messages("all sent", (all) => ours(all).length === 2 && ours(all).every((one) => one.status === "sent"));
    await stage.meta("POST", `/people/${stage.anna}/read`);
    await stage.messages("all read", (all) => ours(all).every((one) => one.status === "read"));
  },

  async "choices are buttons and quick replies, a question for the number is refused at once"(stage) {
    await stage.does({ text: "Hello" });
    await stage.answer({ type: "interactive", interactive: { kind: "buttons", body: "Deliver?", buttons: [{ id: "9f3:1", title: "Yes" }] } });
    const asked = await stage.shown((one) => one.type === "template");
    await stage.does({ type: "press", message: asked.id, button: "Yes" });
    await stage.messages("the press", (all) => all.some((one) => one.type === "button" && one.content.payload === "9f3:1"));
    const refused = await stage.answer({ type: "interactive", interactive: { kind: "contact_request", body: "Your number?" } }, 422);
    equal(refused.code, "type_not_supported", "reason");
  },

  async "an unsent message is marked as deleted, reactions and edits show"(stage) {
    const { mid } = await stage.does({ text: "Oops" });
    const kept = await stage.does({ text: "Helo" });
    await stage.messages("both", (all) => all.length === 2);
    await stage.does({ type: "delete", message: mid });
    await stage.messages("the mark", (all) => all.some((one) => one.is_deleted));
    await stage.does({ type: "edit", message: kept.mid, text: "Hello" });
    await stage.messages("the edit", (all) => all.some((one) => one.text === "Hello"));
    const answer = await stage.becomes(await stage.answer({ type: "text", text: "Hi" }), "sent");
    await stage.does({ type: "reaction", message: (await stage.shown((one) => one.text === "Hi")).id, emoji: "❤️" });
    await stage.messages("the reaction", (all) => all.find((one) => one.id === answer.id).content.reaction === "❤️");
  },

  async "a link in an open conversation is told"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.does({ type: "open_link", ref: "TOKEN-2" });
    await until("the referral", async () => (await stage.conversation()).contact.referral === "TOKEN-2");
  },

  async "the window closes after a day for all but persons"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.sim("POST", "/clock", { advance_ms: 25 * 3600_000 });
    const refused = await stage.becomes(await stage.answer({ type: "text", text: "too late" }), "failed");
    equal(refused.error.code, "window_closed", "reason");
    await stage.becomes(await stage.answer({ type: "text", text: "as a person" }), "sent");
    equal((await stage.shown((one) => one.text === "as a person")).tag, "HUMAN_AGENT", "tag");
  },

  async "who blocked the account counts as blocked until they write again"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.does({ type: "block" });
    await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "failed");
    await until("the mark", async () => (await stage.conversation()).blocked_since);
    await stage.does({ text: "I am back" });
    await until("the mark to go", async () => !(await stage.conversation()).blocked_since);
    await stage.becomes(await stage.answer({ type: "text", text: "Welcome back" }), "sent");
  },

  async "what a colleague writes in the app stands in the conversation; repeated webhooks double nothing"(stage) {
    await stage.sim("POST", "/faults", { kind: "duplicate_webhook", times: 3, count: 10 });
    await stage.does({ text: "Hello" });
    await stage.meta("POST", `/people/${stage.anna}/answers`, { text: "By hand", app_id: "" });
    await stage.becomes(await stage.answer({ type: "text", text: "From here" }), "sent");
    await stage.settled();
    const items = await stage.messages("all", (all) => all.length >= 3);
    equal(items.map((one) => one.text).sort(), ["By hand", "From here", "Hello"], "messages");
    equal(items.find((one) => one.text === "By hand").author.kind, "phone", "author");
  },

  async "webhooks of Pages at this address are set aside and not lost"(stage) {
    await stage.meta("POST", `/apps/${app}/callbacks`, { object: "page", callback_url: stage.channel.webhook_url, verify_token: stage.channel.verify_token });
    await stage.does({ text: "To the Page" }, "5501000000000001");
    await stage.settled();
    const kept = await until("it among what was set aside", async () => {
      const { items } = await stage.api("GET", `/api/v1/channels/${stage.channel.id}/set-aside`);
      return items.length > 0 && items;
    });
    equal(/object `page`/.test(kept[0].reason), true, `what the admin is told: ${kept[0].reason}`);
    equal((await stage.inChannel(stage.channel)).length, 0, `conversations of ${account}`);
  },
}, InstagramStage);
