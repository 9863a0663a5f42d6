// Each messenger connected in the window: chosen, filled in, checked, ticked off as it comes, changed and disconnected.
import { equal, number, play, until } from "./stage.mjs";
import { anna, group, VkStage } from "./vk_stage.mjs";

const bot = 555000111;
const botToken = `${bot}:AAbbccddeeffgghhiijjkkllmmnnooppqqr`;
const communityToken = "vk1.a.token-of-the-community";
const maria = 900100200300;
const kate = "79161234567";

// Nothing is connected, and every provider is there.
class WizardStage extends VkStage {
  async connect() {
    await this.sim("POST", "/world", {
      settings: { telegram_http_webhooks: 1 },
      apps: [{ id: "900", app_secret: "s3cret", access_token: "token-1" }],
      wabas: [{ id: "200", app_id: "900", name: "Yasno" }],
      numbers: [{ id: number, waba_id: "200", display_phone_number: "+7 495 000-00-01", verified_name: "Yasno" }],
      phones: [{ wa_id: kate, name: "Kate" }],
      telegram: {
        bots: [{ token: botToken, username: "yasno_bot", name: "Yasno" }],
        people: [{ id: maria, first_name: "Maria" }],
      },
    });
    await this.vk("POST", "/world", {
      groups: [{ id: group, name: "Yasno", screen_name: "yasno", access_token: communityToken }],
      people: [{ id: anna, first_name: "Anna", last_name: "Li" }],
    });
    this.secrets.add(botToken).add(communityToken);
  }

  async telegram(method, path, body) {
    return await this.sim(method, `/telegram${path}`, body);
  }

  async wizard() {
    const page = await this.page();
    await page.goto(`${this.okno}/channels`);
    return page;
  }

  async channels() {
    return (await this.api("GET", "/api/v1/channels")).items;
  }
}

const card = (page, state) => page.locator(`[data-testid=channel-card]${state ? `[data-state=${state}]` : ""}`);
const steps = (page) => page.getByTestId("next-steps");
const done = (page, words) => steps(page).locator(".step[data-state=done]").filter({ hasText: words }).waitFor();

async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) await page.getByTestId(`connect-${name}`).fill(value);
}

async function connect(stage, page, messenger, fields) {
  await page.getByTestId("connect-open").click();
  await page.getByTestId(`messenger-${messenger}`).click();
  await fill(page, { name: "Support", ...fields });
  await page.getByText("More settings").click();
  await fill(page, { "base-url": stage.simulator });
  await page.getByTestId("connect-submit").click();
}

const vk = { "group-id": String(group), "access-token": communityToken };

await play({
  async "every messenger is offered, and each of its fields has a name for people, in both languages"(stage) {
    const { items } = await stage.api("GET", "/api/v1/messengers");
    equal(items.length > 2, true, "messengers");
    for (const locale of ["en-GB", "ru-RU"]) {
      const page = await stage.page("maria", { locale });
      await page.goto(`${stage.okno}/channels`);
      for (const { name, title, fields } of items) {
        await page.getByTestId("connect-open").click();
        await page.getByTestId(`messenger-${name}`).filter({ hasText: title }).click();
        const first = fields.find((field) => field.required);
        await page.getByTestId(`connect-${first.key.replaceAll("_", "-")}`).waitFor();
        await page.locator("form .bullets li").first().waitFor();
        for (const { key } of fields) {
          const label = await page.locator("form label", { has: page.locator("xpath=self::*") })
            .filter({ hasText: new RegExp(`^${key}$`) }).count();
          equal(label, 0, `${key} of ${name} without a name in ${locale}`);
        }
        await page.keyboard.press("Escape");
      }
      equal(page.errors, [], "errors of the page");
    }
  },

  async "WhatsApp: the admin gives Meta the address, and the steps tick themselves off"(stage) {
    const page = await stage.wizard();
    await connect(stage, page, "whatsapp", { "phone-number-id": number, "waba-id": "200", "access-token": "token-1", "app-secret": "s3cret" });
    await done(page, "Access accepted");
    await steps(page).filter({ hasText: "WhatsApp has not called yet" }).filter({ hasText: "Configuration → Webhook" }).waitFor();
    const [channel] = await stage.channels();
    await steps(page).filter({ hasText: channel.webhook_url }).filter({ hasText: channel.verify_token }).waitFor();
    await stage.sim("PATCH", "/apps/900", { callback_url: channel.webhook_url, verify_token: channel.verify_token });
    await done(page, "WhatsApp has called");
    await stage.write(kate, "Good day");
    await done(page, "First message came");
    await page.getByTestId("send-test").click();
    await done(page, "The answer left");
    await until("the answer on the phone", async () => (await stage.phone(kate)).some((one) => one.text === "Test"));
    equal(page.errors, [], "errors of the page");
  },

  async "Telegram: a token is all that it takes, and disconnecting takes the address away there"(stage) {
    const page = await stage.wizard();
    await connect(stage, page, "telegram", { "bot-token": botToken });
    await done(page, "Access accepted");
    await done(page, "Okno told Telegram its address");
    await stage.telegram("POST", `/people/${maria}/messages`, { bot, type: "start" });
    await done(page, "Telegram has called");
    await stage.telegram("POST", `/people/${maria}/messages`, { bot, text: "Hello" });
    await done(page, "First message came");
    await page.getByTestId("send-test").click();
    await done(page, "The answer left");
    await steps(page).getByRole("button", { name: "Close" }).click();
    await card(page, "connected").filter({ hasText: "@yasno_bot" }).filter({ hasText: "official" }).waitFor();
    const address = async () => (await stage.telegram("GET", `/bots/${bot}`)).webhook_url;
    equal((await address()).startsWith(`${stage.okno}/hooks/`), true, "the address there");
    await card(page).getByTestId("channel-delete").click();
    await page.getByTestId("channel-delete-yes").click();
    await card(page).waitFor({ state: "detached" });
    equal(await address(), "", "the address there afterwards");
    const { items } = await stage.api("GET", "/api/v1/conversations?view=all");
    equal(items.map((one) => one.contact.name), ["Maria"], "conversations that stay");
    await page.goto(`${stage.okno}/inbox/all/${items[0].id}`);
    await page.getByTestId("message").filter({ hasText: "Test" }).waitFor();
    await page.getByText("The channel was disconnected").first().waitFor();
    equal(page.errors, [], "errors of the page");
  },

  async "VK: a refused key is replaced, the Callback server comes and goes by itself"(stage) {
    const page = await stage.wizard();
    await connect(stage, page, "vk", { ...vk, "access-token": "vk1.a.another" });
    await steps(page).locator(".step[data-state=failed]").filter({ hasText: "Access was refused" }).waitFor();
    await page.getByTestId("next-edit").click();
    await fill(page, { "access-token": communityToken });
    await page.getByTestId("connect-submit").click();
    await card(page, "connected").waitFor({ state: "attached" });
    const servers = async () => (await stage.vk("GET", `/groups/${group}`)).servers;
    equal((await servers()).length, 1, "servers there");
    await stage.does({ text: "Hello" });
    await page.goto(`${stage.okno}/inbox/all`);
    await page.getByTestId("conversation-row").filter({ hasText: "Hello" }).waitFor();
    await page.goto(`${stage.okno}/channels`);
    await card(page).getByTestId("channel-delete").click();
    await page.getByTestId("channel-delete-yes").click();
    await card(page).waitFor({ state: "detached" });
    equal(await servers(), [], "servers there afterwards");
    await connect(stage, page, "vk", vk);
    await done(page, "Access accepted");
    equal((await servers()).length, 1, "servers there after it was connected anew");
    equal(page.errors, [], "errors of the page");
  },

  async "what is missing or wrong is said at its field; a proxy is not changed without the key"(stage) {
    const page = await stage.wizard();
    await connect(stage, page, "vk", { ...vk, "group-id": "club190000001" });
    await page.locator(".field.wrong").filter({ has: page.getByTestId("connect-group-id") }).waitFor();
    await fill(page, { "group-id": String(group), proxy: "proxy.example:3128" });
    await page.getByTestId("connect-submit").click();
    await page.locator(".field.wrong").filter({ has: page.getByTestId("connect-proxy") }).waitFor();
    await fill(page, { proxy: "" });
    await page.getByTestId("connect-submit").click();
    await done(page, "Access accepted");
    const [channel] = await stage.channels();
    await stage.api("PATCH", `/api/v1/channels/${channel.id}`, { settings: { proxy: "http://127.0.0.1:9" } }, 422);
    const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    await stage.api("PATCH", `/api/v1/channels/${channel.id}`, { settings: { ca_certificate: certificate } }, 422);
    equal(page.errors, [], "errors of the page");
  },

  async "sending is paused and goes on; what waited leaves"(stage) {
    const page = await stage.wizard();
    await connect(stage, page, "vk", vk);
    await done(page, "Access accepted");
    await stage.does({ text: "Hello" });
    await done(page, "First message came");
    await steps(page).getByRole("button", { name: "Close" }).click();
    await card(page).getByTestId("channel-pause").click();
    await card(page, "paused").waitFor();
    const waits = await stage.answer({ type: "text", text: "Good day" });
    equal(waits.status, "queued", "status while it is paused");
    await card(page).getByTestId("channel-pause").click();
    await card(page, "connected").waitFor();
    await stage.becomes(waits, "sent");
    equal(page.errors, [], "errors of the page");
  },

  async "how a channel does is counted, and its webhooks are shown without what was written"(stage) {
    const page = await stage.wizard();
    await connect(stage, page, "vk", vk);
    await done(page, "Access accepted");
    await stage.does({ text: "A very private question" });
    await done(page, "First message came");
    await steps(page).getByRole("button", { name: "Close" }).click();
    await stage.vk("POST", `/people/${anna}/blacklist`, { on: true });
    await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "failed");
    await card(page).getByTestId("channel-figures").click();
    const figures = page.getByTestId("figures");
    await figures.filter({ hasText: "person_blacklisted" }).filter({ hasText: "black list" }).waitFor();
    const [channel] = await stage.channels();
    const told = await stage.api("GET", `/api/v1/channels/${channel.id}/figures`);
    equal([told.came, told.left, told.failed, told.waiting], [1, 0, 1, 0], "came, left, failed, waiting");
    await page.getByTestId("webhooks").locator("summary").click();
    await page.getByTestId("webhook").filter({ hasText: "message_new" }).first().waitFor();
    const shown = await page.getByTestId("webhooks").innerText();
    for (const secret of ["private", channel.verify_token.slice(0, 50), String(anna)])
      equal(shown.includes(secret), false, `${secret} in the webhooks`);
    await page.goto(`${stage.okno}/inbox/all`);
    await page.getByTestId("blocked-chip").first().waitFor();
    await page.getByTestId("conversation-row").first().click();
    await page.getByTestId("blocked-strip").waitFor();
    await page.locator("[data-testid=window-bar][data-verdict=blocked]").waitFor();
    equal(page.errors, [], "errors of the page");
  },

  async "a channel that breaks is told to administrators on every page, and to nobody who cannot mend it"(stage) {
    const page = await stage.wizard();
    await connect(stage, page, "vk", vk);
    await done(page, "Access accepted");
    await stage.does({ text: "Hello" });
    await done(page, "First message came");
    const operator = await stage.page("anna");
    await page.goto(`${stage.okno}/inbox/all`);
    await page.getByTestId("conversation-row").waitFor();
    await stage.vk("PATCH", `/groups/${group}`, { tokens: [{ token: "vk1.a.another" }] });
    await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "failed");
    await page.getByTestId("channel-alarm").filter({ hasText: "Support" }).waitFor();
    await operator.goto(`${stage.okno}/channels`);
    await card(operator, "broken").waitFor();
    equal(await operator.getByTestId("channel-alarm").count(), 0, "alarms of an operator");
    equal([...page.errors, ...operator.errors], [], "errors of the pages");
  },
}, WizardStage);
