// Connecting a number from the window: what goes wrong is said in words, what comes is ticked off by itself.
import { equal, number, play, until } from "./stage.mjs";

const kate = "79161234567";

const card = (page, state) => page.locator(`[data-testid=channel-card]${state ? `[data-state=${state}]` : ""}`);

async function connect(stage, page, token) {
  await page.getByTestId("connect-open").click();
  await page.getByTestId("messenger-whatsapp").click();
  const fields = { name: "Main number", "phone-number-id": number, "waba-id": "200", "access-token": token, "app-secret": "s3cret" };
  for (const [name, value] of Object.entries(fields)) await page.getByTestId(`connect-${name}`).fill(value);
  await page.getByText("More settings").click();
  await page.getByTestId("connect-base-url").fill(stage.simulator);
  await page.getByTestId("connect-submit").click();
}

await play({
  async "a wrong token is told in words, and the channel works with the right one"(stage) {
    await stage.api("DELETE", `/api/v1/channels/${stage.channel.id}`);
    const page = await stage.page();
    await page.goto(`${stage.okno}/channels`);
    await connect(stage, page, "not-the-token");
    const steps = page.getByTestId("next-steps");
    await steps.filter({ hasText: "Access was refused" }).waitFor();
    await card(page, "broken").waitFor();
    await steps.getByRole("button", { name: "Close" }).click();
    await card(page).getByTestId("channel-edit").click();
    await page.getByTestId("connect-access-token").fill("token-1");
    await page.getByTestId("connect-submit").click();
    await card(page).getByTestId("channel-check").click();
    await card(page, "connected").waitFor();
    const { items } = await stage.api("GET", "/api/v1/channels");
    await stage.sim("PATCH", "/apps/900", { callback_url: items[0].webhook_url, verify_token: items[0].verify_token });
    await stage.write(kate, "The first words");
    await page.goto(`${stage.okno}/inbox/all`);
    await page.getByTestId("conversation-row").filter({ hasText: "The first words" }).waitFor();
    equal(page.errors, [], "errors of the page");
  },

  async "the step after connecting ticks off the first message by itself"(stage) {
    await stage.api("DELETE", `/api/v1/channels/${stage.channel.id}`);
    const page = await stage.page();
    await page.goto(`${stage.okno}/channels`);
    await connect(stage, page, "token-1");
    const steps = page.getByTestId("next-steps");
    await steps.filter({ hasText: "Access accepted" }).waitFor();
    await steps.filter({ hasText: "Waiting for the first message" }).waitFor();
    const { items } = await stage.api("GET", "/api/v1/channels");
    await steps.filter({ hasText: items[0].webhook_url }).filter({ hasText: items[0].verify_token }).waitFor();
    await stage.sim("PATCH", "/apps/900", { callback_url: items[0].webhook_url, verify_token: items[0].verify_token });
    await stage.write(kate, "Any word");
    await steps.filter({ hasText: "First message came" }).waitFor();
    equal(page.errors, [], "errors of the page");
  },

  async "a channel whose access ends says why on its card and over its conversations"(stage) {
    await stage.write(kate, "hello");
    const page = await stage.page();
    await page.getByTestId("conversation-row").filter({ hasText: "hello" }).click();
    await stage.sim("POST", "/faults", { kind: "expired_token", count: 0 });
    await page.getByTestId("composer-text").fill("Anybody?");
    await page.getByTestId("composer-text").press("Enter");
    await page.getByText("Not sent: the channel lost its access").waitFor();
    await page.getByText("does not work.").first().waitFor();
    await page.getByRole("link", { name: "Open the channel" }).click();
    await card(page, "broken").waitFor();
    equal((await card(page).locator(".say").innerText()).length > 10, true, "the reason");
    await stage.sim("DELETE", "/faults");
    await card(page).getByTestId("channel-check").click();
    await card(page, "connected").waitFor();
    equal(page.errors, [], "errors of the page");
  },

  async "disconnecting asks first, and an operator may look but not change"(stage) {
    const anna = await stage.page("anna");
    await anna.goto(`${stage.okno}/channels`);
    await card(anna).waitFor();
    equal(await anna.getByTestId("channel-delete").count(), 0, "buttons of an operator");
    const page = await stage.page();
    await page.goto(`${stage.okno}/channels`);
    await card(page).getByTestId("channel-delete").click();
    await page.keyboard.press("Escape");
    equal(await card(page).count(), 1, "channels after Esc");
    await card(page).getByTestId("channel-delete").click();
    await page.getByTestId("channel-delete-yes").click();
    await card(page).waitFor({ state: "detached" });
    await until("it to go for the other too", async () => (await card(anna).count()) === 0);
    equal([...page.errors, ...anna.errors], [], "errors of the pages");
  },
});
