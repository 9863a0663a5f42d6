// At moments nobody chose, under load in both directions: kill -9, a server that hangs (SIGSTOP), a clock that jumps.
//
// Five times, with `--full` in a hundred rounds, or in `--rounds N`. `kill_test.mjs --seed N` plays the moments of an
// earlier run again. Clocks jump in builds that the tests make, which read the jump from a file.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stage, until } from "../journeys/stage.mjs";
import { watch } from "./judge.mjs";
import { optionOf, randomFrom, underLoad } from "./under_load.mjs";

const events = 5;
const rounds = optionOf("--rounds", process.argv.includes("--full") ? 100 : 1);
const first = optionOf("--seed", Math.floor(Math.random() * 1e9));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const clock = join(tmpdir(), `okno-clock-${process.pid}`);
const environment = { OKNO_CLOCK_JUMP: clock };

// By so many milliseconds the server's clock is wrong from now on.
function setClock(ms) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(ms));
  writeFileSync(clock, bytes, { flag: existsSync(clock) ? "r+" : "w" });
}

// Less than the reply window, which a jump may close too early.
function moveClock(random) {
  setClock(Math.round((random() - 0.5) * 4 * 3600_000));
}

const happen = {
  async kill(stage, watching) {
    const crashes = watching.crashes;
    if (stage.isOknoRunning()) await stage.killOkno();
    await until("another start", () => watching.crashes > crashes && stage.isOknoRunning());
  },
  async hang(stage, watching, random) {
    const { child } = stage.program;
    child.kill("SIGSTOP");
    await pause(200 + random() * 2000);
    child.kill("SIGCONT");
  },
  async clock(stage, watching, random) {
    moveClock(random);
  },
};
const kinds = ["kill", "kill", "kill", "hang", "clock"];

async function play(stage, random) {
  const watching = watch(stage);
  try {
    return await underLoad(stage, async () => {
      for (let i = 0; i < events; i += 1) {
        await pause(100 + random() * 900);  // the moment itself, not a wait for something
        const kind = kinds[(i + Math.floor(random() * 2)) % kinds.length];
        await happen[kind](stage, watching, random);
        counts[kind] += 1;
      }
    });
  } finally {  // nobody starts the server again while the stage is put away
    watching.isWatching = false;
    await watching.done;
  }
}

const counts = { kill: 0, hang: 0, clock: 0 };
let passed = 0;
let failed = 0;
const all = { questions: 0, answers: 0, taken: 0, unknown: 0 };
for (let round = 0; round < rounds; round += 1) {
  setClock(0);
  const stage = await Stage.open(environment);
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
rmSync(clock);
console.log(`${counts.kill} kills, ${counts.hang} times it hung, ${counts.clock} jumps of the clock: ${all.questions} questions and ${all.answers} answers, ` +
  `${all.taken} taken, ${all.unknown} unknown`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
