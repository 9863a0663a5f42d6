// People of every messenger write at once and are answered at once: nothing may be lost, doubled or out of order, by the
// phones of the simulator. The simulator, which shares the machine, makes the people's messages one request each, so the
// rates are those of the whole machine and no goal; each messenger's own pace bounds the answers.
import { randomUUID } from "node:crypto";
import { EveryStage } from "../../tests/journeys/every_stage.mjs";
import { until } from "../programs.mjs";

export const title = "Mixed: every messenger at once, in and out, by the phones of the simulator";

// So many at once, of a list of things to do.
async function inTurns(list, width, act) {
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    while (next < list.length) await act(list[next++]);
  }));
}

async function conversationsOf(stage) {
  const out = [];
  for (let cursor = ""; ;) {
    const page = await stage.api("GET", `/api/v1/conversations?view=all&limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    out.push(...page.items);
    if (!page.next_cursor) return out;
    cursor = page.next_cursor;
  }
}

const inOkno = async (stage, id) => (await stage.api("GET", `/api/v1/conversations/${id}/messages?limit=200`)).items.reverse();

// What is wrong with `got`, which should be `wanted`: {lost, twice, disordered}.
function compare(got, wanted) {
  const once = [...new Set(got)];
  const missing = wanted.filter((words) => !once.includes(words));
  const kept = wanted.filter((words) => once.includes(words));
  return { lost: missing.length, twice: got.length - once.length, disordered: once.filter((words, i) => words !== kept[i]).length };
}

const sum = (list) => list.reduce((all, one) => ({ lost: all.lost + one.lost, twice: all.twice + one.twice, disordered: all.disordered + one.disordered }),
  { lost: 0, twice: 0, disordered: 0 });

async function play(stage, each) {
  const writers = stage.parties.flatMap((party) => party.people.map((_, i) => ({ party, i, words: [] })));
  await inTurns(writers, 32, ({ party, i }) => party.opens(i));
  const begun = performance.now();
  for (let k = 0; k < each; k += 1)
    await inTurns(writers, 32, async ({ party, i, words }) => {
      words.push(`question ${k} of ${party.name} ${i}`);
      await party.asks(i, words.at(-1));
    });
  const all = await until("every question in a conversation", async () => {
    const items = await conversationsOf(stage);
    return items.length === writers.length && (await stage.sim("GET", "/settled")).settled && items;
  }, 120);
  const seconds = (performance.now() - begun) / 1000;
  const asked = [];
  for (const conversation of all) {
    const items = (await inOkno(stage, conversation.id)).filter((item) => item.direction === "inbound" && item.text?.startsWith("question"));
    const writer = writers.find(({ words }) => words.includes(items[0]?.text));
    if (!writer) throw new Error(`nobody wrote what is in ${conversation.contact.name}'s conversation`);
    writer.conversation = conversation;
    asked.push(compare(items.map((item) => item.text), writer.words));
  }
  return { writers, asked: sum(asked), seconds, count: writers.length * each };
}

async function answer(stage, writers, each) {
  const begun = performance.now();
  const wanted = Array.from({ length: each }, (_, k) => writers.map((writer) => ({ writer, words: `answer ${k} to ${writer.party.name} ${writer.i}` })));
  for (const turn of wanted)
    await inTurns(turn, 16, ({ writer, words }) => stage.api("POST", `/api/v1/conversations/${writer.conversation.id}/messages`,
      { client_id: randomUUID(), type: "text", text: words }));
  const open = new Set(writers);
  await until("every answer to leave", async () => {
    for (const writer of open) {
      const ours = (await inOkno(stage, writer.conversation.id)).filter((item) => item.direction === "outbound");
      if (ours.some((item) => ["queued", "sending"].includes(item.status))) return false;
      open.delete(writer);
    }
    return true;
  }, 600);
  const seconds = (performance.now() - begun) / 1000;
  const got = [];
  for (const { party, i } of writers)
    got.push(compare((await party.received(i)).filter((words) => words.startsWith("answer")), wanted.map((turn) => turn.find(({ writer }) => writer.party === party && writer.i === i).words)));
  return { answered: sum(got), seconds, count: writers.length * each };
}

export async function run(bench, results) {
  Object.assign(process.env, { OKNO: bench.okno, OKNO_SIM: bench.simulator });
  class Crowd extends EveryStage {
    crowd = bench.isQuick ? 3 : 12;
  }
  for (const engine of bench.isQuick ? bench.engines.slice(0, 1) : bench.engines) {
    if (engine === "postgres") process.env.OKNO_TEST_POSTGRES = (await bench.postgres()).url;
    else delete process.env.OKNO_TEST_POSTGRES;
    const stage = await Crowd.open({ OKNO_CONNECTIONS_PER_ADDRESS: "20000" });
    try {
      const words = engine === "sqlite" ? "SQLite" : "PostgreSQL";
      const { writers, asked, ...inward } = await play(stage, bench.isQuick ? 5 : 20);
      const { answered, ...outward } = await answer(stage, writers, bench.isQuick ? 2 : 3);
      results.add(`${words}: ${inward.count} questions of 8 messengers, until the last is in its conversation`, "/s", [inward.count / inward.seconds]);
      results.add(`${words}: ${outward.count} answers, until the last has left`, "/s", [outward.count / outward.seconds]);
      for (const [what, found] of [["questions", asked], ["answers", answered]])
        for (const [name, key] of [["lost", "lost"], ["twice", "twice"], ["out of order", "disordered"]])
          results.add(`${words}: ${what} ${name}`, "messages", [found[key]], { goal: { most: 0 } });
    } finally {
      await stage.close();
    }
  }
}
