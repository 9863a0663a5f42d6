// A bot of MAX on a machine that MAX cannot call.
import { equal, play, until } from "./stage.mjs";
import { bot, MaxStageWithoutAddress } from "./max_stage.mjs";

await play({
  async "where MAX cannot call, what comes is asked for, goes on at its marker and is never doubled"(stage) {
    equal(stage.channel.state, "connected", `state (${stage.channel.state_reason})`);
    equal((await stage.max("GET", `/bots/${bot}`)).subscriptions, [], "subscriptions");
    await until("the first question", async () => (await stage.calls("updates")).length > 0);
    await stage.does({ type: "start", payload: "TOKEN-1" });
    await stage.does({ text: "Hello" });
    await stage.messages("the start and the message", (all) => all.length === 2);
    await stage.becomes(await stage.answer({ type: "interactive", interactive: { body: "Good day?", buttons: [{ id: "1", title: "Yes" }] } }), "sent");
    const shown = (await stage.seenByMaria()).at(-1);
    await stage.does({ type: "press", message: shown.id, index: 0 });
    await stage.messages("the press", (all) => all.some((one) => one.type === "button"));
    await until("the answer to it", async () => (await stage.seenByMaria()).at(-1).answer === "✓ Yes");

    await stage.killOkno();
    await stage.does({ text: "While you slept" });
    await stage.does({ text: "Twice" });
    await stage.restartOkno();
    const all = await stage.messages("what came meanwhile", (items) => items.some((one) => one.text === "Twice"));
    equal(all.filter((one) => one.direction === "inbound").map((one) => one.text).sort(), ["Hello", "Twice", "While you slept", "Yes"], "messages");
  },

  async "a subscription that somebody made meanwhile goes, and the questions go on"(stage) {
    await stage.does({ type: "start" });
    await stage.messages("the start", (all) => all.length === 1);
    await fetch(`${stage.simulator}/max/subscriptions`, { method: "POST", headers: { authorization: "f9LHodD0cOL-token-of-the-bot" },
      body: JSON.stringify({ url: "https://crm.example/max" }) });
    await stage.does({ text: "to the other program" });
    await until("the other to go", async () => (await stage.max("GET", `/bots/${bot}`)).subscriptions.length === 0);
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (items) => items.some((one) => one.text === "Hello"));
  },
}, MaxStageWithoutAddress);
