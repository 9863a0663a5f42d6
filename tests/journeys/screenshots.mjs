// Takes the pictures of the documentation from a fresh demo:
// node tests/journeys/screenshots.mjs [http://127.0.0.1:8080 [http://127.0.0.1:8099]]
import { chromium } from "playwright-core";
import { tone } from "./stage.mjs";

const okno = process.argv[2] ?? "http://127.0.0.1:8080";
const simulator = process.argv[3] ?? "http://127.0.0.1:8099";
const katerina = "79215550148";
const folder = new URL("../../docs/images/", import.meta.url).pathname;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

async function signedIn(options) {
  const page = await (await browser.newContext({ locale: "en-GB", ...options })).newPage();
  await page.goto(okno);
  await page.getByTestId("sign-in-email").fill("maria@demo.okno");
  await page.getByTestId("sign-in-password").fill("okno-demo-2026");
  await page.getByTestId("sign-in-submit").click();
  await page.getByTestId("conversation-row").first().waitFor();
  await page.goto(`${okno}/inbox/all`);
  return page;
}

// Only rows in sight are in the page.
async function open(page, name) {
  const row = page.getByTestId("conversation-row").filter({ hasText: name }).first();
  await page.getByTestId("conversation-row").first().hover();
  while (!(await row.isVisible())) await page.mouse.wheel(0, 200);
  await row.click();
  await page.getByTestId("message").first().waitFor();
}

async function write(message) {
  const reply = await fetch(`${simulator}/sim/phones/${katerina}/messages`, { method: "POST", body: JSON.stringify(message) });
  if (!reply.ok) throw new Error(await reply.text());
}

await write({ type: "image", caption: "Вот что я вижу" });
const desk = await signedIn({ viewport: { width: 1440, height: 900 } });
await open(desk, "Катерина");
await desk.locator("[data-testid=message] img").first().waitFor();
await desk.getByTestId("note-tab").click();
await desk.getByTestId("composer-text").fill("Ключ тестового контура не меняется, проверила");
await desk.getByTestId("composer-send").click();
await desk.getByTestId("reply-tab").click();
await write({ type: "audio", data: tone(42), mime_type: "audio/wav" });
await desk.locator("[data-testid=message] .player").waitFor();
await desk.getByTestId("composer-text").fill("Да, в тестовом контуре то же самое. Ключ менять не нужно.");
await desk.getByTestId("composer-text").press("Enter");
await desk.locator("[data-testid=message][data-status=delivered]", { hasText: "то же самое" }).waitFor();
await desk.getByTestId("composer-text").fill("Если появится ещё что-то");
await desk.screenshot({ path: `${folder}inbox.png` });
await open(desk, "Олег");
await desk.screenshot({ path: `${folder}window-closed.png` });
await desk.getByTestId("template-open").first().click();
await desk.getByTestId("template-item").nth(1).click();
await desk.getByTestId("template-value").first().fill("Олег");
await desk.screenshot({ path: `${folder}template.png` });
const night = await signedIn({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" });
await open(night, "Катерина");
await night.screenshot({ path: `${folder}inbox-dark.png` });
await desk.goto(`${okno}/channels`);
await desk.locator("[data-testid=channel-card]").nth(7).waitFor();
await desk.screenshot({ path: `${folder}channels.png` });
const wall = await (await browser.newContext({ locale: "en-GB", viewport: { width: 1640, height: 1400 } })).newPage();
await wall.goto(`${simulator}/phones`);
await wall.locator("section iframe").nth(7).waitFor();
await wall.frameLocator("[data-messenger=gateway] iframe").getByTestId("phone-text").waitFor();
await wall.waitForTimeout(3000); // the phones fill by themselves
await wall.screenshot({ path: `${folder}phones.png` });
const phone = await signedIn({ viewport: { width: 390, height: 844 } });
await open(phone, "Катерина");
await phone.screenshot({ path: `${folder}phone.png` });
await browser.close();
