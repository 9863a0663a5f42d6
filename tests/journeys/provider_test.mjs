// What passes between Okno and the provider beyond plain texts: every kind of message, names of people, the account.
import { equal, number, play, until } from "./stage.mjs";

const kate = "79161234567";

async function conversation(stage) {
  await stage.write(kate, { to: number, type: "text", text: "hello" });
  return await stage.conversationWith("Kate");
}

async function send(stage, to, body, status) {
  return await stage.api("POST", `/api/v1/conversations/${to.id}/messages`, { client_id: crypto.randomUUID(), ...body }, status);
}

async function messages(stage, of) {
  return (await stage.api("GET", `/api/v1/conversations/${of.id}/messages?limit=200`)).items.reverse();
}

async function delivered(stage, of, sent) {
  return await until(`${sent.type} ${sent.id} at the phone`, async () => {
    const now = (await messages(stage, of)).find((one) => one.id === sent.id);
    if (now.status === "failed") throw new Error(`${now.error.code}: ${now.error.message}`);
    return ["delivered", "read"].includes(now.status) && now;
  });
}

const answerTo = (stage, of, sent) => until(`the answer to ${sent.text}`, async () =>
  (await messages(stage, of)).find((one) => one.direction === "inbound" && one.reply_to === sent.id));

const channel = (stage, id = stage.channel.id) => stage.api("GET", `/api/v1/channels/${id}`);

const tellAccount = (stage, value) => stage.sim("POST", "/webhooks", { waba_id: "200", field: "account_update", value });

await play({
  async "a list, buttons, a link, a request and a contact card reach the phone, and what is pressed comes back"(stage) {
    const talk = await conversation(stage);
    const list = await delivered(stage, talk, await send(stage, talk, { type: "interactive", interactive: { kind: "list", header: "Delivery",
      body: "Where to?", footer: "Yasno", button: "Choose", sections: [{ title: "Cities", rows: [{ id: "m", title: "Moscow", description: "today" }, { id: "k", title: "Kazan" }] }] } }));
    await stage.write(kate, { type: "press", message: list.provider_id, button: "k" });
    equal((await answerTo(stage, talk, list)).text, "Kazan", "the row");
    const buttons = await delivered(stage, talk, await send(stage, talk, { type: "interactive", interactive: { body: "Today?",
      buttons: [{ id: "y", title: "Да, конечно, сегодня" }, { id: "n", title: "No" }] } }));
    await stage.write(kate, { type: "press", message: buttons.provider_id, index: 0 });
    equal((await answerTo(stage, talk, buttons)).text, "Да, конечно, сегодня", "the button");
    const asked = await delivered(stage, talk, await send(stage, talk, { type: "interactive", interactive: { kind: "contact_request", body: "Your number?" } }));
    await stage.write(kate, { type: "press", message: asked.provider_id, index: 0 });
    equal((await answerTo(stage, talk, asked)).type, "contacts", "the number");
    await delivered(stage, talk, await send(stage, talk, { type: "interactive", interactive: { kind: "location_request", body: "Where are you?" } }));
    await delivered(stage, talk, await send(stage, talk, { type: "interactive", interactive: { kind: "link", body: "See", title: "Open", url: "https://e.example/x" } }));
    await delivered(stage, talk, await send(stage, talk, { type: "contacts", contacts: [{ name: { formatted_name: "Oleg Gromov" }, phones: [{ phone: "+7 916 555-01-02" }] }] }));
    const shown = (await stage.phone(kate)).filter((one) => one.direction === "from_business");
    equal(shown.map((one) => one.interactive ?? one.type), ["list", "button", "contact_request", "location_request_message", "cta_url", "contacts"], "the phone");
    equal(shown[0].header_text + shown[0].footer, "DeliveryYasno", "header and footer");
  },

  async "what the provider would refuse is refused at once, with the field, and never leaves"(stage) {
    const talk = await conversation(stage);
    const refused = [
      ["interactive.buttons[0].title", { type: "interactive", interactive: { body: "x", buttons: [{ id: "1", title: "x".repeat(21) }] } }],
      ["interactive.buttons[1].title", { type: "interactive", interactive: { body: "x", buttons: [{ id: "1", title: "A" }, { id: "2", title: "A" }] } }],
      ["interactive.buttons", { type: "interactive", interactive: { body: "x" } }],
      ["interactive.footer", { type: "interactive", interactive: { body: "x", footer: "y".repeat(61), buttons: [{ id: "1", title: "A" }] } }],
      ["interactive.sections", { type: "interactive", interactive: { kind: "list", body: "x", button: "y", sections: [] } }],
      ["interactive.url", { type: "interactive", interactive: { kind: "link", body: "x", title: "y", url: "e.example" } }],
      ["interactive.kind", { type: "interactive", interactive: { kind: "poll", body: "x" } }],
      ["contacts", { type: "contacts", contacts: [] }],
      ["contacts[0].name.formatted_name", { type: "contacts", contacts: [{ name: {} }] }],
      ["location.latitude", { type: "location", location: { latitude: 91, longitude: 0 } }],
      ["template.values.3", { type: "template", template: { name: "answer_ready", language: "en", values: { 1: "a", 2: "b", 3: "c" } } }],
      ["template.values.2", { type: "template", template: { name: "answer_ready", language: "en", values: { 1: "a" } } }],
    ];
    for (const [field, body] of refused) equal((await send(stage, talk, body, 422)).field, field, JSON.stringify(body));
    equal((await messages(stage, talk)).length, 1, "messages");
    const { entries } = await stage.sim("GET", "/log?kind=api");
    equal(entries.filter((one) => one.path.endsWith("/messages") && one.type !== "read").length, 0, "calls");
  },

  async "prices are kept, and the person's other name is learned from the report"(stage) {
    const talk = await conversation(stage);
    const sent = await delivered(stage, talk, await send(stage, talk, { type: "text", text: "hi" }));
    equal([sent.price.category, sent.price.type], ["service", sent.price.type], "price");
    const { bsuid } = await stage.sim("GET", `/phones/${kate}`);
    await stage.sim("PATCH", `/phones/${kate}`, { hides_number: true });
    await stage.write(kate, "without my number");
    await until("both in one conversation", async () => (await messages(stage, talk)).some((one) => one.text === "without my number"));
    equal((await stage.conversationWith("Kate")).identity.external_id, bsuid, "external id");
  },

  async "a new number keeps the conversation and stands in it as an event"(stage) {
    const talk = await conversation(stage);
    await stage.sim("POST", `/phones/${kate}/change_number`, { to: number, new_wa_id: "79990000000" });
    await until("the event", async () => (await messages(stage, talk)).some((one) => one.direction === "event"));
    await stage.write("79990000000", "it is me");
    await until("the same conversation", async () => (await messages(stage, talk)).some((one) => one.text === "it is me"));
    const sent = await delivered(stage, talk, await send(stage, talk, { type: "text", text: "welcome back" }));
    equal((await stage.phone("79990000000")).at(-1).id, sent.provider_id, "where it went");
  },

  async "a test number of another country's spelling is reached in the form that works, which is remembered"(stage) {
    await stage.sim("PATCH", `/numbers/${number}`, { test_recipients: ["541123456789"] });
    await stage.sim("POST", "/phones", { wa_id: "5491123456789", name: "Luz", aliases: ["541123456789"] });
    await stage.write("5491123456789", "hola");
    const talk = await stage.conversationWith("Luz");
    for (const text of ["one", "two"]) await delivered(stage, talk, await send(stage, talk, { type: "text", text }));
    const { entries } = await stage.sim("GET", "/log?kind=api");
    const sent = entries.filter((one) => one.type === "text").map((one) => one.status);
    equal(sent, [400, 200, 200], "calls");
  },

  async "what Meta says of the account concerns all its numbers, and reinstating lets what waited leave"(stage) {
    await stage.sim("POST", "/numbers", { id: "101", waba_id: "200", display_phone_number: "+7 495 000-00-02" });
    const second = await stage.api("POST", "/api/v1/channels", { messenger: "whatsapp", name: "Sales",
      settings: { phone_number_id: "101", waba_id: "200", base_url: stage.simulator },
      credentials: { access_token: "token-1", app_secret: "s3cret" } });
    const talk = await conversation(stage);
    const states = async () => (await Promise.all([channel(stage), channel(stage, second.id)])).map((one) => one.state);
    await until("both connected", async () => (await states()).every((one) => one === "connected"));
    await tellAccount(stage, { event: "DISABLED_UPDATE", ban_info: { waba_ban_state: "DISABLE" } });
    await until("both broken", async () => (await states()).every((one) => one === "broken"));
    const waits = await send(stage, talk, { type: "text", text: "later" });
    await tellAccount(stage, { event: "DISABLED_UPDATE", ban_info: { waba_ban_state: "REINSTATE" } });
    await until("both connected again", async () => (await states()).every((one) => one === "connected"));
    await delivered(stage, talk, waits);
  },

  async "a payment problem told by a status breaks the channel with Meta's words"(stage) {
    const talk = await conversation(stage);
    await stage.sim("PATCH", `/phones/${kate}`, { fails_with: 131042 });
    await send(stage, talk, { type: "text", text: "hi" });
    const broken = await until("the channel's state", async () => {
      const now = await channel(stage);
      return now.state === "broken" && now;
    });
    equal(broken.state_reason !== null, true, "reason");
  },

  async "an app that was not subscribed to the account is subscribed by the check"(stage) {
    await stage.sim("PATCH", "/wabas/200", { subscribed: false });
    await stage.api("POST", `/api/v1/channels/${stage.channel.id}/check`);
    equal((await stage.sim("GET", "/wabas/200")).subscribed, true, "subscribed");
    await conversation(stage);
  },
});
