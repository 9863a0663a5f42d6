// How evenly messages leave: by the simulator's own log, which is not ours.
import { randomUUID } from "node:crypto";
import { number, until } from "../tests/journeys/stage.mjs";

const people = 200;  // one message of each is on its way at a time, so that order holds
const template = (words) => ({ name: "answer_ready", language: "en", values: { 1: "you", 2: words } });

// A token has a limit of requests a second: many stand for many operators.
const tokensOf = (stage, name) => Array.from({ length: 20 }, (_, i) =>
  stage.admin("token", "create", "--email", "maria@okno.test", "--name", `${name} ${i}`).trim());

async function channelsFor(stage, count, rate) {
  const channels = [stage.channel];
  await stage.sim("POST", "/world", { phones: Array.from({ length: people }, (_, i) => ({ wa_id: `7917${1000000 + i}`, name: `Person ${i}` })) });
  for (let i = 1; i < count; i += 1) {
    const id = String(1000 + i);
    await stage.sim("POST", "/world", { numbers: [{ id, waba_id: "200", display_phone_number: `+7 495 000-1${id}`, verified_name: "Yasno" }] });
    channels.push(await stage.api("POST", "/api/v1/channels", {
      messenger: "whatsapp", name: `Channel ${id}`, settings: { phone_number_id: id, waba_id: "200", base_url: stage.simulator },
      credentials: { access_token: "token-1", app_secret: "s3cret" } }));
  }
  for (const { id, settings } of channels) {
    await stage.sim("PATCH", `/numbers/${settings.phone_number_id ?? number}`, { messages_per_second: rate * 2, pair_limit: false });
    await stage.api("PATCH", `/api/v1/channels/${id}`, { settings: { messages_per_second: rate }, credentials: { access_token: "token-1" } });
    await stage.api("PATCH", `/api/v1/channels/${id}`, { state: "paused" });
  }
  return channels;
}

// Queues `seconds` of work at `rate` in each of `count` channels, lets them go at once, and says how it went.
export async function outbound(stage, { count, rate, seconds }) {
  await stage.sim("POST", "/reset", { keep: "world" });
  const channels = await channelsFor(stage, count, rate);
  const tokens = tokensOf(stage, `bench ${count} ${rate}`);
  const wanted = Array.from({ length: rate * seconds * count }, (_, i) => ({ channel: channels[i % count], n: Math.floor(i / count) }));
  for (let i = 0; i < wanted.length; i += 50)
    await Promise.all(wanted.slice(i, i + 50).map(({ channel, n }, k) =>
      stage.json("POST", `${stage.okno}/api/v1/conversations`,
        { client_id: randomUUID(), channel_id: channel.id, phone: `+7917${1000000 + (n % people)}`, template: template(`${rate} ${n}`) },
        { authorization: `Bearer ${tokens[k % tokens.length]}` })));
  for (const { id } of channels) await stage.api("PATCH", `/api/v1/channels/${id}`, { state: "connected" });
  const found = new Map();  // times of each number
  let after = 0;
  await until("all of them at the provider", async () => {
    for (;;) {
      const page = await stage.sim("GET", `/log?kind=api&after=${after}&limit=5000`);
      if (page.entries.length === 0) break;
      after = page.entries.at(-1).n;
      for (const entry of page.entries.filter((one) => one.type === "template")) {
        if (!found.has(entry.number)) found.set(entry.number, []);
        found.get(entry.number).push(entry.at_ms);
      }
    }
    return [...found.values()].reduce((sum, times) => sum + times.length, 0) >= wanted.length;
  }, seconds * 4000 + 60_000);
  const rates = [...found.values()].map((times) => (times.length - 1) / ((times.at(-1) - times[0]) / 1000));
  const sent = [...found.values()].reduce((sum, times) => sum + times.length, 0);
  return { slowest: Math.min(...rates), fastest: Math.max(...rates), sent, wanted: wanted.length };
}
