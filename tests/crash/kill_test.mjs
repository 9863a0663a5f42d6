// kill -9 at moments nobody chose, under load in both directions: nothing is lost, nothing comes twice, order holds.
//
// Two customers and two operators write all the time; the server is killed five times meanwhile.
// `kill_test.mjs SEED` plays the moments of an earlier run again.
import { equal, Stage, until } from "../journeys/stage.mjs";
import { judgeSent, persist, settledMessages, taken, watch } from "./judge.mjs";

const people = { 79161234567: "Kate", 79260000000: "Oleg" };
const kills = 5;
const seed = Number(process.argv[2] ?? Math.floor(Math.random() * 1e9));

// Numbers from 0 to 1 that follow from the seed.
let state = seed;
const random = () => (state = (state * 48271 + 11) % 2147483647) / 2147483647;

async function talk(stage, phone, isOver) {
  const questions = [];
  const ours = [];
  const ask = async () => {
    questions.push(`question ${questions.length} of ${phone}`);
    await stage.write(phone, questions.at(-1));
  };
  await ask();
  const conversation = await persist(async () =>
    (await stage.api("GET", "/api/v1/conversations?view=all")).items.find((item) => item.contact.name === people[phone]) ?? false);
  while (!isOver()) {
    await ask();
    const text = `answer ${ours.length} to ${phone}`;
    const body = { client_id: crypto.randomUUID(), type: "text", text };
    const { id } = await persist(() => stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`, body));
    ours.push({ id, words: [text] });
  }
  return { conversation, questions, ours };
}

async function play(stage) {
  await stage.sim("PATCH", "/settings", { webhook_timeout_ms: 1000 });
  await stage.sim("PATCH", "/numbers/100", { pair_limit: false });
  const watching = watch(stage);
  let isOver = false;
  const talks = Object.keys(people).map((phone) => talk(stage, phone, () => isOver));
  for (let i = 1; i <= kills; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100 + random() * 900));  // the moment itself, not a wait for something
    if (stage.isOknoRunning()) await stage.killOkno();
    await until("another start", () => watching.crashes >= i && stage.isOknoRunning());
  }
  isOver = true;
  for (const { conversation, questions, ours } of await Promise.all(talks)) {
    const items = (await settledMessages(stage, conversation, questions.length)).filter((item) => item.direction !== "note");
    const theirs = items.filter((item) => item.direction === "inbound").map((item) => item.text);
    equal([...theirs].sort(), [...questions].sort(), "the customer's messages, once each");
    const words = new Set(ours.flatMap((one) => one.words));
    judgeSent((await taken(stage)).filter((one) => words.has(one)), ours, items.filter((item) => item.direction === "outbound"));
  }
  watching.isWatching = false;
  await watching.done;
}

const stage = await Stage.open();
let failed = 0;
try {
  await play(stage);
} catch (error) {
  failed = 1;
  console.log(`FAILED  kill_test.mjs ${seed}\n${error.stack}`);
} finally {
  await stage.close();
}
console.log(`${1 - failed} passed, ${failed} failed`);
process.exit(failed);
