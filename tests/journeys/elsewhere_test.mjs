// A number is blocked: who waits there is listed, and who also wrote elsewhere can be written to there.
import { EveryStage } from "./every_stage.mjs";
import { equal, play, until } from "./stage.mjs";

const partyOf = (stage, name) => stage.parties.find((one) => one.name === name);

async function conversationOf(stage, party) {
  return await until(`the conversation in ${party.name}`, async () =>
    (await stage.api("GET", "/api/v1/conversations?view=all")).items.find((one) => one.channel_id === party.stage.channel.id));
}

await play({
  async "who waits in a channel that does not work is listed, and can be written to in another one by the same number"(stage) {
    const [official, gateway] = [partyOf(stage, "whatsapp"), partyOf(stage, "gateway")];
    await official.asks(0, "Hello from the official number");
    await gateway.asks(0, "Hello from the old number");
    const there = await conversationOf(stage, official);
    const here = await conversationOf(stage, gateway);
    equal(there.identity.phone, here.identity.phone, "the numbers of both");
    const page = await stage.page();
    await page.goto(`${stage.okno}/inbox/all/${here.id}`);
    await page.locator("[data-testid=message]", { hasText: "Hello from the old number" }).waitFor();
    equal(await page.getByTestId("elsewhere").count(), 0, "choices while the channel works");
    await gateway.stage.gateway("PATCH", "/sessions/sales", { number: "", status: "SCAN_QR_CODE" });
    await gateway.stage.channelBecomes("broken");
    const link = page.getByTestId("elsewhere").getByRole("link");
    await link.waitFor();
    equal([await link.count(), await link.innerText()], [1, "Support"], "choices");
    await link.click();
    await page.locator("[data-testid=message]", { hasText: "Hello from the official number" }).waitFor();
    await page.goto(`${stage.okno}/channels`);
    const waiting = page.locator("[data-testid=channel-card][data-state=broken]").getByTestId("who-waits");
    await waiting.getByText("1 person waits for an answer here").click();
    await waiting.getByRole("link").click();
    await page.locator("[data-testid=message]", { hasText: "Hello from the old number" }).waitFor();
    equal(page.errors, [], "errors of the page");
  },
}, EveryStage);
