// Takes the pictures of the documentation from a running demo: node tests/journeys/screenshots.mjs [http://127.0.0.1:8080]
import { chromium } from "playwright-core";

const okno = process.argv[2] ?? "http://127.0.0.1:8080";
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

async function open(page, name) {
  await page.getByTestId("conversation-row").filter({ hasText: name }).first().click();
  await page.getByTestId("message").first().waitFor();
}

const desk = await signedIn({ viewport: { width: 1280, height: 760 } });
await open(desk, "Катерина");
await desk.screenshot({ path: `${folder}inbox.png` });
await open(desk, "Олег");
await desk.screenshot({ path: `${folder}window-closed.png` });
await desk.getByTestId("template-open").first().click();
await desk.getByTestId("template-item").nth(1).click();
await desk.getByTestId("template-value").first().fill("Олег");
await desk.screenshot({ path: `${folder}template.png` });
const night = await signedIn({ viewport: { width: 1280, height: 760 }, colorScheme: "dark" });
await open(night, "Studio");
await night.screenshot({ path: `${folder}inbox-dark.png` });
const phone = await signedIn({ viewport: { width: 390, height: 844 } });
await open(phone, "Катерина");
await phone.screenshot({ path: `${folder}phone.png` });
await browser.close();
