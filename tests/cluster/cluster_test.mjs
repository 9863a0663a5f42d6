// Three nodes on one database, whose nodes, database and bus are killed and paused at moments nobody chose: nothing is
// lost, nothing is sent twice, order holds, and a page on any node sees every change.
//
// `--full` plays a hundred rounds of random events, `--rounds N` so many; `--seed N` those of an earlier run.
import { feedOf } from "../journeys/feed.mjs";
import { equal, until } from "../journeys/stage.mjs";
import { persist } from "../crash/judge.mjs";
import { optionOf, randomFrom, underLoad } from "../crash/under_load.mjs";
import { ClusterStage } from "./ground.mjs";

const rounds = optionOf("--rounds", process.argv.includes("--full") ? 100 : 0);
const first = optionOf("--seed", Math.floor(Math.random() * 1e9));
const moment = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Longer than a lease: whoever wakes up after it is no longer the owner of what it was sending.
const pastLease = 11_500;

const events = {
  async "a node is killed"(stage, random) {
    await stage.nodes[Math.floor(random() * stage.nodes.length)].kill();
  },
  async "a node sleeps past its lease"(stage, random) {
    const node = stage.nodes[Math.floor(random() * stage.nodes.length)];
    node.pause();
    await moment(pastLease);
    node.go();
  },
  async "the database is killed and comes back"(stage, random) {
    await stage.postgres.order("kill");
    await moment(random() * 3000);
    await stage.postgres.order("start");
  },
  async "the database hangs for a while"(stage, random) {
    await stage.postgres.order("pause");
    await moment(500 + random() * 4000);
    await stage.postgres.order("go");
  },
  async "the bus is killed and comes back"(stage, random) {
    await stage.bus.program.kill();
    await moment(random() * 2000);
    await stage.bus.program.run();
  },
};

async function disturbed(names, random) {
  const stage = await ClusterStage.open();
  let isOver = false;
  const keeping = stage.keepNodes(() => isOver);
  try {
    const ledger = await underLoad(stage, async () => {
      for (const name of names) {
        await moment(500 + random() * 1500);
        await events[name](stage, random);
        await until("a node that serves", () => stage.nodes.some((node) => node.isWell), 60_000);
      }
      await moment(1000);
    });
    equal(ledger.questions > 2 && ledger.answers > 0, true, "there was a load");
    return ledger;
  } finally {
    isOver = true;
    await keeping;
    await stage.close();
  }
}

async function everyNodeSeesEveryChange(hasBus) {
  const stage = await ClusterStage.open({ hasBus });
  try {
    const feeds = [];
    for (const node of stage.nodes) feeds.push(await feedOf(`http://127.0.0.1:${node.port}`, stage.token));
    const texts = Array.from({ length: 20 }, (_, i) => `change ${i}`);
    for (const text of texts) await stage.write("79161234567", text);
    for (const { seen } of feeds)
      await until("all changes on every node", () => {
        const got = new Set(seen.filter((event) => event.type === "message").map((event) => event.data.text));
        return texts.every((text) => got.has(text));
      }, 60_000);
    for (const feed of feeds) feed.close();
  } finally {
    await stage.close();
  }
}

async function aNodeStopsWithoutLosingTime() {
  const stage = await ClusterStage.open();
  try {
    await stage.write("79161234567", "hello");
    const conversation = await persist(async () => (await stage.api("GET", "/api/v1/conversations?view=all")).items[0] ?? false);
    for (const node of stage.nodes.slice(0, 2)) {
      node.isHeld = true;
      await node.kill("SIGTERM");
    }
    const body = { client_id: crypto.randomUUID(), type: "text", text: "from the one that is left" };
    await persist(() => stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`, body));
    await until("the answer on the phone", async () => (await stage.phone("79161234567")).some((one) => one.text === body.text), 9000);
  } finally {
    await stage.close();
  }
}

const journeys = {
  "a page on any node sees every change, with the bus": () => everyNodeSeesEveryChange(true),
  "a page on any node sees every change, a little later, without the bus": () => everyNodeSeesEveryChange(false),
  "nodes that are stopped hand on their work at once": aNodeStopsWithoutLosingTime,
};
const names = Object.keys(events);
if (rounds > 0) {
  for (let round = 0; round < rounds; round += 1) {
    const random = randomFrom(first + round);
    const chosen = Array.from({ length: 4 }, () => names[Math.floor(random() * names.length)]);
    journeys[`round ${first + round}: ${chosen.join(", ")}`] = () => disturbed(chosen, random);
  }
} else {
  for (const name of names) journeys[`${name}: nothing is lost or doubled`] = () => disturbed([name], randomFrom(first));
}

const only = process.argv.slice(2).find((one, i, all) => !one.startsWith("--") && !["--seed", "--rounds"].includes(all[i - 1]));
let passed = 0;
let failed = 0;
for (const [name, journey] of Object.entries(journeys)) {
  if (only && !name.includes(only)) continue;
  try {
    const ledger = await journey();
    passed += 1;
    console.log(`ok      ${name}${ledger ? ` (${JSON.stringify(ledger)})` : ""}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name} (--seed ${first})\n${error.stack}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
