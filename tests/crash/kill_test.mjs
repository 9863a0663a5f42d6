// kill -9 at moments nobody chose, under load in both directions.
//
// The server is killed five times, with `--full` in a hundred rounds, or in `--rounds N`. `kill_test.mjs --seed N` plays the moments of an
// earlier run again.
import { Stage, until } from "../journeys/stage.mjs";
import { watch } from "./judge.mjs";
import { optionOf, randomFrom, underLoad } from "./under_load.mjs";

const kills = 5;
const rounds = optionOf("--rounds", process.argv.includes("--full") ? 100 : 1);
const first = optionOf("--seed", Math.floor(Math.random() * 1e9));

async function play(stage, random) {
  const watching = watch(stage);
  const ledger = await underLoad(stage, async () => {
    for (let i = 1; i <= kills; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100 + random() * 900));  // the moment itself, not a wait for something
      if (stage.isOknoRunning()) await stage.killOkno();
      await until("another start", () => watching.crashes >= i && stage.isOknoRunning());
    }
  });
  watching.isWatching = false;
  await watching.done;
  return ledger;
}

let passed = 0;
let failed = 0;
const all = { questions: 0, answers: 0, taken: 0, unknown: 0 };
for (let round = 0; round < rounds; round += 1) {
  const stage = await Stage.open();
  try {
    const ledger = await play(stage, randomFrom(first + round));
    for (const [name, count] of Object.entries(ledger)) all[name] += count;
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAILED  kill_test.mjs --seed ${first + round}\n${error.stack}`);
  } finally {
    await stage.close();
  }
}
console.log(`${rounds * kills} kills: ${all.questions} questions and ${all.answers} answers, ${all.taken} taken, ${all.unknown} unknown`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
