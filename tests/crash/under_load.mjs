// Two customers and an operator write all the time while something is done to the server; afterwards the simulator's own
// log is the judge: nothing is lost, nothing comes twice, order holds.
import { equal } from "../journeys/stage.mjs";
import { judgeSent, persist, settledMessages, taken } from "./judge.mjs";

const people = { 79161234567: "Kate", 79260000000: "Oleg" };

// The number after an option of the command line.
export function optionOf(name, otherwise) {
  const at = process.argv.indexOf(name);
  return at > 0 ? Number(process.argv[at + 1]) : otherwise;
}

// Numbers from 0 to 1 that follow from the seed.
export function randomFrom(seed) {
  let state = seed;
  return () => (state = (state * 48271 + 11) % 2147483647) / 2147483647;
}

// A person gets no more at once, by WhatsApp's own limit: then one in 6 s.
const mostAnswers = 40;

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
    if (ours.length === mostAnswers) {  // all is said: only the events go on
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    await ask();
    const text = `answer ${ours.length} to ${phone}`;
    const body = { client_id: crypto.randomUUID(), type: "text", text };
    const { id } = await persist(() => stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`, body));
    ours.push({ id, words: [text] });
  }
  return { conversation, questions, ours };
}

// Answers how much was written: {questions, answers, taken, unknown}.
export async function underLoad(stage, disturb) {
  await stage.sim("PATCH", "/settings", { webhook_timeout_ms: 1000 });
  await stage.sim("PATCH", "/numbers/100", { pair_limit: false });
  let isOver = false;
  const talks = Object.keys(people).map((phone) => talk(stage, phone, () => isOver));
  for (const one of talks) one.catch(() => {});  // told below, once the disturbing is over
  try {
    await disturb();
  } finally {
    isOver = true;
  }
  const ledger = { questions: 0, answers: 0, taken: 0, unknown: 0 };
  for (const { conversation, questions, ours } of await Promise.all(talks)) {
    const items = (await settledMessages(stage, conversation, questions.length, { ours })).filter((item) => item.direction !== "note");
    const theirs = items.filter((item) => item.direction === "inbound").map((item) => item.text);
    equal([...theirs].sort(), [...questions].sort(), "the customer's messages, once each");
    const words = new Set(ours.flatMap((one) => one.words));
    const sent = (await taken(stage)).filter((one) => words.has(one));
    judgeSent(sent, ours, items.filter((item) => item.direction === "outbound"));
    ledger.questions += questions.length;
    ledger.answers += ours.length;
    ledger.taken += sent.length;
    ledger.unknown += items.filter((item) => item.status === "unknown").length;
  }
  return ledger;
}
