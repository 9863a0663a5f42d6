// A process that ends at its n-th commit or network write while people of every messenger write: nothing is lost,
// nothing comes twice.
//
// The judge are the phones of the simulator. Where a messenger tells nothing of a message after it was taken, one whose
// answer was lost by the crash stays `unknown`, which is the truth; it must not be called sent when it never left.
// `messengers_test.mjs --full` takes every 7th place, else every 131st; `--from n` begins there.
import { EveryStage } from "../journeys/every_stage.mjs";
import { equal } from "../journeys/stage.mjs";
import { persist, settledMessages, watch } from "./judge.mjs";
import { optionOf } from "./under_load.mjs";

const step = process.argv.includes("--full") ? 7 : 131;

async function talk(party, ledger) {
  const { stage, name } = party;
  const ask = async (text) => {
    await party.asks(0, text);
    ledger.questions.push(text);
  };
  await party.opens(0);
  await ask(`first of ${name}`);
  ledger.conversation = await persist(async () =>
    (await stage.api("GET", "/api/v1/conversations?view=all")).items.find((item) => item.channel_id === stage.channel.id) ?? false);
  for (const count of [1, 2, 3]) {
    const text = `answer ${count} to ${name}`;
    const body = { client_id: crypto.randomUUID(), type: "text", text };
    const { id } = await persist(() => stage.api("POST", `/api/v1/conversations/${ledger.conversation.id}/messages`, body));
    ledger.answers.push({ id, text });
    await ask(`question ${count} of ${name}`);
  }
}

async function judge(party, { questions, answers, conversation }) {
  const items = await settledMessages(party.stage, conversation, questions.length, { reports: false });
  const theirs = items.filter((item) => item.direction === "inbound").map((item) => item.text);
  equal([...theirs].sort(), [...questions].sort(), `what was written in ${party.name}, once each`);
  const arrived = await party.received(0);
  equal(arrived, [...new Set(arrived)], `what arrived in ${party.name}, once each`);
  equal(arrived, answers.map((one) => one.text).filter((text) => arrived.includes(text)), `its order in ${party.name}`);
  const ours = items.filter((item) => item.direction === "outbound");
  equal(ours.map((item) => item.id), answers.map((one) => one.id), `our messages in ${party.name}, once each`);
  for (const [i, { text }] of answers.entries()) {
    const isTrue = arrived.includes(text) ? ["sent", "delivered", "read", "unknown"] : ["unknown", "failed"];
    equal(isTrue.includes(ours[i].status), true, `${text} is ${ours[i].status}, arrived: ${arrived.includes(text)}`);
  }
  return ours.filter((item) => item.status === "unknown").length;
}

// How often the server ended, and how many messages are of unknown fate.
async function round(stage, n) {
  await stage.sim("PATCH", "/settings", { webhook_timeout_ms: 1000 });
  await stage.killOkno();
  await stage.restartOkno({ OKNO_CRASH_AT: String(n) }).catch(() => {});  // it may end before it listens
  const watching = watch(stage);
  let unknown = 0;
  try {
    const ledgers = stage.parties.map(() => ({ questions: [], answers: [] }));
    await Promise.all(stage.parties.map((party, i) => talk(party, ledgers[i])));
    for (const [i, party] of stage.parties.entries()) unknown += await judge(party, ledgers[i]);
  } finally {
    watching.isWatching = false;
    await watching.done;
  }
  return { crashes: watching.crashes, unknown };
}

let passed = 0;
let failed = 0;
let unknown = 0;
for (let n = optionOf("--from", 1); ; n += step) {
  const stage = await EveryStage.open();
  let crashes = 0;
  try {
    const done = await round(stage, n);
    crashes = done.crashes;
    unknown += done.unknown;
    passed += 1;
  } catch (error) {
    failed += 1;
    crashes = 1;
    console.log(`FAILED  at place ${n}\n${error.stack}`);
  } finally {
    await stage.close();
  }
  if (crashes === 0 || failed > 3) break;  // the script has fewer places than n
}
console.log(`${unknown} messages of unknown fate`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
