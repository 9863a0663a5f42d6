// A process that ends at its n-th commit or network write, for every n: nothing is lost, nothing comes twice.
//
// The same script each time: ten messages of a customer, ten answers. The server is started again after the crash, the
// provider repeats its webhooks, the client repeats what was not answered, with the same client_id. Afterwards the
// simulator's own log is the judge. `crash_test.mjs --full` takes every n, else every 23rd.
import { equal, Stage, until } from "../journeys/stage.mjs";

const kate = "79161234567";
const isFull = process.argv.includes("--full");
const step = isFull ? 1 : 23;

// Repeats a call until the server, which may just have ended, answers.
async function persist(stage, ask) {
  return await until("the server's answer", async () => {
    try {
      return (await ask()) ?? true;
    } catch (error) {
      if (!/fetch failed|other side closed|ECONN/.test(`${error} ${error.cause}`)) throw error;
      return false;
    }
  });
}

// Starts the server again whenever it has ended; says whether it ever did.
function watch(stage) {
  const state = { isWatching: true, crashes: 0 };
  state.done = (async () => {
    while (state.isWatching) {
      if (!stage.isOknoRunning()) {
        state.crashes += 1;
        await stage.restartOkno();
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return state;
}

async function playScript(stage, n) {
  await stage.killOkno();
  await stage.sim("PATCH", "/settings", { webhooks_in_flight: 1, webhook_timeout_ms: 1000 });
  const conversation0 = `first ${n}`;
  await stage.restartOkno({ OKNO_CRASH_AT: String(n) }).catch(() => {});  // it may end before it listens
  const watching = watch(stage);
  await stage.write(kate, conversation0);
  const conversation = await persist(stage, async () => {
    const { items } = await stage.api("GET", "/api/v1/conversations?view=all");
    return items[0] ?? false;
  });
  const answers = [];
  for (let i = 0; i < 10; i += 1) {
    if (i > 0) await stage.write(kate, `question ${i}`);
    const body = { client_id: crypto.randomUUID(), type: "text", text: `answer ${i}` };
    answers.push((await persist(stage, () => stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`, body))).id);
  }
  const questions = [conversation0, ...Array.from({ length: 9 }, (_, i) => `question ${i + 1}`)];
  const items = await persist(stage, async () => {
    const page = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages?limit=200`);
    const inbound = page.items.filter((item) => item.direction === "inbound").length;
    const open = page.items.some((item) => ["queued", "sending"].includes(item.status));
    return inbound >= questions.length && !open && (await stage.sim("GET", "/settled")).settled && page.items.reverse();
  });
  watching.isWatching = false;
  await watching.done;
  return { questions, answers, items, crashes: watching.crashes };
}

async function judge(stage, { questions, answers, items }) {
  // Their times have whole seconds, so a repeated webhook's message may stand behind others of the same second.
  const inbound = items.filter((item) => item.direction === "inbound").map((item) => item.text);
  equal([...inbound].sort(), [...questions].sort(), "the customer's messages, once each");
  const ours = items.filter((item) => item.direction === "outbound");
  equal(ours.map((item) => item.id).sort(), [...answers].sort(), "our messages");
  const { entries } = await stage.sim("GET", "/log?kind=api&limit=10000");
  const sent = entries.filter((entry) => entry.type === "text" && entry.wamid).map((entry) => JSON.parse(entry.body).text.body);
  equal(sent, [...new Set(sent)], "texts the provider took, once each");
  equal(sent, ours.map((item) => item.text).filter((text) => sent.includes(text)), "their order");
  for (const item of ours) {
    const isTaken = sent.includes(item.text);
    const isTrue = isTaken ? ["sent", "delivered", "read", "unknown"] : ["unknown", "failed"];
    equal(isTrue.includes(item.status), true, `${item.text} is ${item.status}, taken: ${isTaken}`);
  }
}

let passed = 0;
let failed = 0;
for (let n = 1; ; n += step) {
  const stage = await Stage.open();
  let crashes = 0;
  try {
    const played = await playScript(stage, n);
    crashes = played.crashes;
    await judge(stage, played);
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAILED  at place ${n}\n${error.stack}`);
  } finally {
    await stage.close();
  }
  if (crashes === 0 || failed > 3) break;  // the script has fewer places than n
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
