// The simulator's page with a phone of each messenger: a person writes in each, and each shows what we answer.
import { EveryStage } from "./every_stage.mjs";
import { equal, play, until } from "./stage.mjs";

await play({
  async "all phones stand on one page, and a person writes and reads in each"(stage) {
    for (const party of stage.parties) await party.opens(0);
    const context = await (await stage.browserFor()).newContext({ viewport: { width: 1640, height: 1400 }, locale: "en-GB" });
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`${stage.simulator}/phones`);
    await page.locator("section").nth(stage.parties.length - 1).waitFor();
    for (const party of stage.parties) {
      const phone = page.frameLocator(`[data-messenger=${party.name}] iframe`);
      await phone.getByTestId("phone-customer").selectOption(String(party.place.key(party.people[0])));
      // Some chats begin with a press of Start.
      const start = phone.getByTestId("phone-start");
      await until(`the input of ${party.name}`, async () => {
        if (await start.isVisible()) await start.click({ timeout: 1000 }).catch(() => {}); // it was the one before's
        return await phone.getByTestId("phone-text").isVisible();
      });
      await phone.getByTestId("phone-text").fill(`Hello from ${party.name}`);
      await phone.getByTestId("phone-text").press("Enter");
      await phone.getByTestId("phone-log").getByText(`Hello from ${party.name}`).waitFor();
      const conversation = await until(`the message of ${party.name}`, async () =>
        (await stage.api("GET", "/api/v1/conversations?view=all")).items.find((one) => one.channel_id === party.stage.channel.id));
      await stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`,
        { client_id: crypto.randomUUID(), type: "text", text: `Good day in ${party.name}` });
      await phone.getByTestId("phone-log").getByText(`Good day in ${party.name}`).waitFor();
    }
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true });
    equal(errors, [], "errors of the page");
  },
}, EveryStage);
