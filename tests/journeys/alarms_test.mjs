// An address of the company hears of channels that break, and of their end.
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { equal, play, until } from "./stage.mjs";
import { group, VkStage } from "./vk_stage.mjs";

const key = "the-key-of-the-alarms";

// Somebody who listens: `heard` are bodies with whether they were signed; the first `refused` are answered 500.
async function listener(refused = 0) {
  const heard = [];
  let left = refused;
  const server = createServer((request, reply) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const isSigned = request.headers["x-okno-signature"] === `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
      if (left > 0) {
        left -= 1;
        reply.writeHead(500).end();
        return;
      }
      heard.push({ ...JSON.parse(body), isSigned });
      reply.writeHead(204).end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { heard, url: `http://127.0.0.1:${server.address().port}/alarms`, close: () => server.close() };
}

const breakIt = (stage) => stage.vk("PATCH", `/groups/${group}`, { tokens: [{ token: "vk1.a.another" }] });

await play({
  async "a channel that breaks is told to the company's address, signed, and so is that it works again"(stage) {
    const company = await listener(1);
    try {
      await stage.killOkno();
      await stage.restartOkno({ OKNO_ALARM_URL: company.url, OKNO_ALARM_KEY: key });
      stage.secrets.add(key);
      await breakIt(stage);
      await stage.check();
      const broken = await until("the alarm", () => company.heard[0]);
      equal([broken.event, broken.isSigned, broken.channel.name, broken.channel.messenger], ["channel.broken", true, "Community", "vk"], "the alarm");
      equal(broken.reason, (await stage.stored()).state_reason, "the reason");
      await stage.vk("PATCH", `/groups/${group}`, { tokens: [{ token: "vk1.a.token-of-the-community" }] });
      await stage.check();
      const working = await until("its end", () => company.heard[1]);
      equal([working.event, working.isSigned], ["channel.working", true], "its end");
      equal(company.heard.length, 2, "calls that were taken");
    } finally {
      company.close();
    }
  },

  async "what is broken when the server starts is told then"(stage) {
    const company = await listener();
    try {
      await breakIt(stage);
      await stage.check();
      await stage.channelBecomes("broken");
      await stage.killOkno();
      await stage.restartOkno({ OKNO_ALARM_URL: company.url });
      equal((await until("the alarm", () => company.heard[0])).event, "channel.broken", "the alarm");
      equal(company.heard[0].isSigned, false, "a signature without a key");
    } finally {
      company.close();
    }
  },
}, VkStage);
