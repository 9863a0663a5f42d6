// A bot of Viber from connecting it to what it and a person write each other.
import { equal, play, until } from "./stage.mjs";
import { bot, ViberStage } from "./viber_stage.mjs";

const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const outbound = (items) => items.filter((one) => one.direction === "outbound");

await play({
  async "connecting has Viber call us, once, and answers the call with which it tries that"(stage) {
    equal(stage.channel.state, "connected", `state (${stage.channel.state_reason})`);
    equal(stage.channel.settings.handle, "viber://pa?chatURI=yasno", "handle");
    const { webhook, event_types: events } = await stage.viber("GET", `/bots/${bot}`);
    equal(webhook, stage.channel.webhook_url, "address");
    equal(events.length, 6, "events");
    await stage.api("POST", `/api/v1/channels/${stage.channel.id}/check`);
    equal((await stage.calls("set_webhook")).length, 1, "times that Viber was told");
  },

  async "every kind that a person writes arrives, with its file"(stage) {
    await stage.does("Здравствуйте");
    await stage.messages("the first message", (all) => all.length === 1);
    equal((await stage.conversation()).contact.name, "Maria", "who writes");
    for (const type of ["picture", "video", "voice", "file", "sticker", "contact", "location", "url"]) await stage.does({ type });
    await stage.does({ type: "other", message: { type: "rich_media", rich_media: { Type: "rich_media" } } });
    const all = await stage.messages("all of them, fetched", (items) =>
      items.length === 10 && items.every((one) => one.media.every((file) => file.state === "ready")));
    const kinds = all.map((one) => `${one.type}${one.media.length > 0 ? "+" : ""}`).sort();
    equal(kinds, ["audio+", "contacts", "document+", "image+", "location", "sticker+", "text", "text", "unsupported", "video+"], "kinds");
  },

  async "a text, a picture, a file and a place reach the person; what they read is read"(stage) {
    await stage.does("Where is my order?");
    await stage.messages("the question", (all) => all.length === 1);
    const text = await stage.becomes(await stage.answer("It leaves today."), "delivered");
    equal(text.price, { billable: false, category: "session", type: "billing_status_1" }, "price");
    await stage.answer({ type: "image", text: "the plan", upload_id: await stage.upload("plan.png", "image/png", png) });
    const picture = await stage.shown("the picture", (one) => one.text === "the plan");
    equal(picture.type, "picture", "kind of the picture");
    const bytes = Buffer.from(await (await fetch(stage.simulator + picture.media.url)).arrayBuffer());
    equal(bytes.equals(png), true, "the picture's bytes");
    await stage.answer({ type: "document", text: "All of them.", upload_id: await stage.upload("prices.txt", "text/plain", Buffer.from("all prices")) });
    equal((await stage.shown("the file", (one) => one.type === "file")).media.file_name, "prices.txt", "name of the file");
    await stage.shown("the words after the file", (one) => one.text === "All of them.");
    await stage.answer({ type: "location", location: { latitude: 55.75, longitude: 37.61 } });
    equal((await stage.shown("the place", (one) => one.type === "location")).location.lat, 55.75, "the place");
    await stage.answer({ type: "contacts", contacts: [{ name: { formatted_name: "Oleg" }, phones: [{ phone: "+79165550102" }] }] });
    equal((await stage.shown("the card", (one) => one.type === "contact")).contact.name, "Oleg", "the card");
    await stage.messages("all to be delivered", (all) => outbound(all).every((one) => one.status === "delivered"));
    await stage.viber("POST", "/people/maria/seen", {});
    const items = await stage.messages("all to be read", (all) => outbound(all).every((one) => one.status === "read"));
    equal(outbound(items).length, 5, "answers, none of them twice");
    equal((await stage.phone()).messages.filter((one) => one.direction === "from_business").length, 6, "messages on the phone");
  },

  async "what two devices tell of one message is one status"(stage) {
    await stage.person({ devices: 2 });
    await stage.does("Hello");
    const answer = await stage.becomes(await stage.answer("Good day"), "delivered");
    await stage.viber("POST", "/people/maria/seen", {});
    await stage.becomes(answer, "read");
    equal((await stage.messages("them", () => true)).length, 2, "messages");
  },

  async "buttons are pressed without a trace in the chat, and their words are known here"(stage) {
    await stage.does("Hello");
    await stage.answer({ type: "interactive", interactive: { kind: "buttons", body: "Deliver?", buttons: [
      { id: "9f3:1", title: "Yes" }, { id: "9f3:2", title: "No" }] } });
    await stage.shown("the question", (one) => one.text === "Deliver?");
    await stage.does({ type: "press", button: "No" });
    const press = (await stage.messages("the press", (all) => all.some((one) => one.type === "button"))).find((one) => one.type === "button");
    equal([press.text, press.content.payload], ["No", "9f3:2"], "what was pressed");
    await stage.answer({ type: "interactive", interactive: { kind: "contact_request", body: "May we call?", title: "Share my number" } });
    await stage.shown("the question", (one) => one.text === "May we call?");
    await stage.does({ type: "press", button: "Share my number" });
    const card = (await stage.messages("the card", (all) => all.some((one) => one.type === "contacts"))).find((one) => one.type === "contacts");
    equal([card.content.contacts[0].phones[0].phone, card.content.is_own], ["79161234567", true], "the number");
  },

  async "an old program gets the choices as numbered lines"(stage) {
    await stage.does("Hello");
    await stage.messages("the message", (all) => all.length === 1);
    await stage.person({ api_version: 2 });
    await stage.answer({ type: "interactive", interactive: { kind: "contact_request", body: "May we call?", title: "Share" } });
    const shown = await stage.shown("the question", (one) => one.text.startsWith("May we call?"));
    equal(shown.keyboard === undefined, true, "no keyboard");
    equal(outbound(await stage.messages("it", (all) => outbound(all).some((one) => one.status === "delivered"))).length, 1, "messages here");
  },

  async "who opens the chat by a link is greeted, is not written to, and comes with the link's token"(stage) {
    await stage.does({ type: "open", context: "TOKEN-1" });
    const welcome = await stage.shown("the welcome", (one) => one.welcome);
    equal(welcome.text, "Hello! Press the button to begin.", "the welcome");
    const [started] = await stage.messages("the event", (all) => all.length === 1);
    equal([started.direction, started.type], ["event", "started"], "what is shown of it");
    equal((await stage.conversation()).contact.referral, "TOKEN-1", "whence the person came");
    await until("the mark", async () => (await stage.conversation()).blocked_since);
    const refused = await stage.answer("Are you there?", 409);
    equal(refused.code, "person_blocked", "why nothing may be written");
    await stage.does({ type: "press", button: "Begin" });
    const items = await stage.messages("the press", (all) => all.length === 2);
    equal([items[1].type, items[1].text], ["button", "Begin"], "what was pressed");
    await until("the mark to go", async () => !(await stage.conversation()).blocked_since);
    await stage.becomes(await stage.answer("Good day"), "delivered");
    await stage.does({ type: "open", context: "TOKEN-2" });
    await until("the other token", async () => (await stage.conversation()).contact.referral === "TOKEN-2");
    equal((await stage.phone()).messages.filter((one) => one.welcome).length, 1, "a subscriber is not greeted again");
  },

  async "who unsubscribes gets nothing until they subscribe or write again"(stage) {
    await stage.does("Hello");
    await stage.becomes(await stage.answer("Good day"), "delivered");
    await stage.does({ type: "unsubscribe" });
    await until("the mark", async () => (await stage.conversation()).blocked_since);
    const before = (await stage.calls("send_message")).length;
    equal((await stage.answer("Are you there?", 409)).code, "person_blocked", "reason");
    equal((await stage.calls("send_message")).length, before, "calls to Viber");
    await stage.does({ type: "subscribe" });
    await until("the mark to go", async () => !(await stage.conversation()).blocked_since);
    await stage.does({ type: "unsubscribe" });
    await until("the mark again", async () => (await stage.conversation()).blocked_since);
    await stage.does("I am back");
    await until("the mark to go again", async () => !(await stage.conversation()).blocked_since);
    await stage.becomes(await stage.answer("Welcome back"), "delivered");
  },

  async "a farewell that comes after a later message blocks nobody"(stage) {
    await stage.does("Hello");
    await stage.messages("the message", (all) => all.length === 1);
    const old = { event: "unsubscribed", user_id: "01234567890A=", timestamp: Date.now() - 60_000 };
    await stage.viber("POST", "/callbacks", { callback: old });
    await stage.does("Still here");
    await stage.messages("the next message", (all) => all.length === 2);
    await stage.becomes(await stage.answer("Good day"), "delivered");
    equal((await stage.conversation()).blocked_since, null, "the mark");
  },

  async "who left while nobody was told is found out when we write"(stage) {
    await stage.does("Hello");
    await stage.messages("the message", (all) => all.length === 1);
    await stage.sim("POST", "/faults", { kind: "lost_webhook" });
    await stage.does({ type: "unsubscribe" });
    const failed = await stage.becomes(await stage.answer("Good day"), "failed");
    equal(failed.error.code, "person_blocked", "reason");
    equal(Boolean((await stage.conversation()).blocked_since), true, "the mark");
  },

  async "after a day without a word it is charged and still leaves"(stage) {
    await stage.does("Hello");
    await stage.messages("the message", (all) => all.length === 1);
    await stage.viber("PATCH", `/bots/${bot}`, { free_messages: 0 });
    await stage.sim("POST", "/clock", { advance_ms: 25 * 3_600_000 });
    const charged = await stage.becomes(await stage.answer("Still interested?"), "delivered");
    equal([charged.price.billable, charged.price.type], [true, "billing_status_3"], "price");
    await stage.viber("PATCH", `/bots/${bot}`, { balance: false });
    const failed = await stage.becomes(await stage.answer("And now?"), "failed");
    equal(failed.error.code, "payment_problem", "reason");
    const channel = await stage.api("GET", `/api/v1/channels/${stage.channel.id}`);
    equal([channel.state, channel.state_reason], ["connected", "noBalance"], "the channel");
    await stage.does("I am here");
    equal((await stage.becomes(await stage.answer("Good day"), "delivered")).price.billable, false, "price in the session");
  },

  async "a lost answer stays unknown and is not sent again; the person's answer proves that it arrived"(stage) {
    await stage.does("Hello");
    await stage.messages("the message", (all) => all.length === 1);
    await stage.sim("POST", "/faults", { kind: "500", plain: true, http_status: 502 });
    await stage.becomes(await stage.answer("lost on the way"), "unknown");
    await stage.sim("POST", "/faults", { kind: "500" });
    await stage.becomes(await stage.answer("after a pause"), "delivered");
    const texts = (await stage.phone()).messages.filter((one) => one.direction === "from_business").map((one) => one.text);
    equal(texts, ["after a pause"], "texts on the phone");
  },

  async "a message whose answer never came is delivered once the person answers it"(stage) {
    await stage.does("Hello");
    await stage.messages("the message", (all) => all.length === 1);
    await stage.sim("POST", "/faults", { kind: "timeout_after_accept" });
    const answer = await stage.answer("once");
    await stage.shown("it", (one) => one.text === "once");
    await stage.does("Thanks");
    const arrived = await stage.becomes(answer, "delivered");
    equal(arrived.error, null, "no error");
    equal((await stage.phone()).messages.filter((one) => one.text === "once").length, 1, "times on the phone");
  },

  async "callbacks that are repeated or doubled show once"(stage) {
    await stage.sim("POST", "/faults", { kind: "duplicate_webhook", count: 4, times: 3 });
    await stage.does("Hello");
    await stage.messages("the message", (all) => all.length === 1);
    await stage.becomes(await stage.answer("Good day"), "delivered");
    await stage.viber("POST", "/people/maria/seen", {});
    await stage.messages("the reading", (all) => all.some((one) => one.status === "read"));
    await until("the end of it", async () => (await stage.sim("GET", "/settled")).settled);
    equal((await stage.messages("them", () => true)).length, 2, "messages here");
  },

  async "what the phone refuses is failed, in its words"(stage) {
    await stage.does("Hello");
    await stage.messages("the message", (all) => all.length === 1);
    await stage.person({ fails_with: "The phone is too old" });
    const failed = await stage.becomes(await stage.answer("Good day"), "failed");
    equal([failed.error.code, failed.error.message], ["failed_on_phone", "The phone is too old"], "error");
  },

  async "a webhook that Viber forgot is set again when we write"(stage) {
    await stage.does("Hello");
    await stage.messages("the message", (all) => all.length === 1);
    await stage.viber("PATCH", `/bots/${bot}`, { webhook: "" });
    await stage.becomes(await stage.answer("Good day"), "delivered");
    equal((await stage.viber("GET", `/bots/${bot}`)).webhook, stage.channel.webhook_url, "address");
  },

  async "a stopped bot breaks the channel, and a check mends it"(stage) {
    await stage.does("Hello");
    await stage.messages("the message", (all) => all.length === 1);
    await stage.viber("PATCH", `/bots/${bot}`, { state: "suspended" });
    await stage.becomes(await stage.answer("Good day"), "failed");
    const channel = async () => await stage.api("GET", `/api/v1/channels/${stage.channel.id}`);
    equal([(await channel()).state, (await channel()).state_reason], ["broken", "publicAccountSuspended"], "the channel");
    await stage.viber("PATCH", `/bots/${bot}`, { state: "" });
    equal((await stage.api("POST", `/api/v1/channels/${stage.channel.id}/check`)).state, "connected", "state after a check");
  },

  async "a channel that is disconnected is called no more"(stage) {
    await stage.api("DELETE", `/api/v1/channels/${stage.channel.id}`, undefined, 204);
    await until("the removal", async () => (await stage.viber("GET", `/bots/${bot}`)).webhook === "");
  },
}, ViberStage);
