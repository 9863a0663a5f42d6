// What the crash tests share: a client that repeats itself, a watchman that starts the server again, and the judge, who
// believes the simulator's own log and nobody else.
import { equal, until } from "../journeys/stage.mjs";

// What a killed node owned is another's only when its leases end, after 10 s: two kills one after the other make 20.
const longest = 60_000;

// Repeats a call until the server, which may just have ended, answers.
export async function persist(ask) {
  return await until("the server's answer", async () => {
    try {
      return (await ask()) ?? true;
    } catch (error) {
      if (!/fetch failed|other side closed|ECONN|terminated|: 50[34] /.test(`${error} ${error.cause}`)) throw error;
      return false;
    }
  }, longest);
}

// Starts the server again whenever it has ended.
export function watch(stage) {
  const state = { isWatching: true, crashes: 0 };
  state.done = (async () => {
    while (state.isWatching) {
      if (!stage.isOknoRunning()) {
        state.crashes += 1;
        await stage.restartOkno().catch(() => {});  // it was ended again before it listened
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return state;
}

// What tells the sent things apart: the words of a request to the provider.
function wordsOf(body) {
  const content = body[body.type];
  switch (body.type) {
    case "text": return content.body.trim();
    case "template": return content.components[0].parameters.map((one) => one.text).join(" ");
    case "interactive": return content.body.text;
    case "location": return content.name;
    case "reaction": return content.emoji;
    default: return content.caption;
  }
}

// What the provider took, in its order.
export async function taken(stage) {
  const { entries } = await stage.sim("GET", "/log?kind=api&limit=10000");
  return entries.filter((entry) => entry.wamid).map((entry) => wordsOf(JSON.parse(entry.body)));
}

// All messages of a conversation, oldest first, once nothing is on its way any more: what was taken is also reported
// where the messenger `reports`. A report is acknowledged before it is applied: what is unknown and of `ours`, each {id,
// words: [of each part]}, is on its way until then if the provider took it.
export async function settledMessages(stage, conversation, inbound, { reports = true, ours = [] } = {}) {
  const onTheWay = ["queued", "sending", ...(reports ? ["sent"] : [])];
  let open = [];
  let theirs = 0;
  try {
    return await persist(async () => {
      const page = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages?limit=200`);
      theirs = page.items.filter((item) => item.direction === "inbound").length;
      const sent = page.items.some((item) => item.status === "unknown") && ours.length > 0 ? await taken(stage) : [];
      const isTaken = (item) => ours.some((one) => one.id === item.id && one.words.every((words) => sent.includes(words)));
      open = page.items.filter((item) => onTheWay.includes(item.status) || (item.status === "unknown" && isTaken(item)) ||
        item.media.some((file) => file.state === "waiting"));
      return theirs >= inbound && open.length === 0 && (await stage.sim("GET", "/settled")).settled && page.items.reverse();
    });
  } catch (error) {
    const left = open.map((item) => `${item.text}: ${item.status}`).join(", ");
    throw new Error(`${error.message}: ${theirs} of ${inbound} questions there; still open: ${left || "nothing of ours"}`);
  }
}

// `ours` are the messages in the order in which they were composed, each {id, words: [of each part]}.
export function judgeSent(sent, ours, items) {
  equal(sent, [...new Set(sent)], "what the provider took, once each");
  const wanted = ours.flatMap((one) => one.words);
  equal(sent, wanted.filter((words) => sent.includes(words)), "its order");
  equal(items.map((item) => item.id), ours.map((one) => one.id), "our messages, once each");
  for (const [i, { words }] of ours.entries()) {
    const count = words.filter((one) => sent.includes(one)).length;
    const { status } = items[i];
    // What was taken is reported, whatever became of the server meanwhile; what was not is never called sent.
    const isTrue = count === words.length ? ["delivered", "read"] : ["unknown", "failed"];
    equal(isTrue.includes(status), true, `${items[i].type} ${words[0].slice(0, 20)} is ${status}, ${count} of ${words.length} taken`);
  }
}
