// A bot of Telegram on a machine that Telegram cannot call.
import { equal, play, until } from "./stage.mjs";
import { ivan, TelegramStageWithoutAddress } from "./telegram_stage.mjs";

const reasonOf = async (stage) => (await stage.stored()).state_reason ?? "";

await play({
  async "where Telegram cannot call, what comes is asked for"(stage) {
    equal(stage.channel.state, "connected", `state (${stage.channel.state_reason})`);
    equal(stage.channel.settings.is_polled, "1", "polled");
    equal((await stage.asAnotherProgram("getWebhookInfo")).url, "", "webhook");
    await stage.does({ type: "start", payload: "TOKEN-1" });
    await stage.does({ text: "Hello" });
    await stage.does({ text: "Hello" }, ivan);
    await stage.messages("the message", (all) => all.some((one) => one.text === "Hello"));
    await stage.messages("the other message", (all) => all.length === 1, "Ivan");
    equal((await stage.conversation()).contact.referral, "TOKEN-1", "whence the person came");
    await stage.answer({ type: "interactive", interactive: { body: "Deliver?", buttons: [{ id: "1", title: "Yes" }] } });
    const shown = await stage.seen((one) => one.text === "Deliver?");
    await stage.does({ type: "press", message: shown.id, index: 0 });
    await stage.messages("the press", (all) => all.some((one) => one.type === "button"));
    await until("the answer to it", async () => (await stage.calls("answerCallbackQuery")).some((one) => one.status === 200));
    await stage.does({ type: "photo" });
    await stage.messages("the picture", (all) => all.some((one) => one.media[0]?.state === "ready"));
  },

  async "nothing is lost or doubled while the server is away"(stage) {
    await stage.does({ text: "before" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.killOkno();
    for (const text of ["one", "two"]) await stage.does({ text });
    await stage.restartOkno();
    const all = await stage.messages("both", (items) => items.length === 3);
    equal(all.map((one) => one.text), ["before", "one", "two"], "in order");
    await stage.does({ text: "after" });
    equal((await stage.messages("the next", (items) => items.some((one) => one.text === "after"))).length, 4, "messages");
  },

  async "another program that asks with the same token is told of"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await until("a question under way", async () => {
      await stage.asAnotherProgram("getUpdates");
      return (await reasonOf(stage)).startsWith("Another program asks");
    });
    equal((await stage.stored()).state, "connected", "state");
  },

  async "while another program has a webhook nothing is asked for, until a check takes it away"(stage) {
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    const isOurs = async () => (await reasonOf(stage)).startsWith("Another program set a webhook");
    await until("the end of a question", async () => {
      await stage.asAnotherProgram("setWebhook", { url: "https://other.example/hook" });
      return (await stage.calls("getUpdates")).some((one) => one.description?.includes("terminated by setWebhook"));
    });
    await until("the words about it", isOurs);
    await stage.does({ text: "Are you there?" });
    equal((await stage.check()).state_reason, null, "what the check says");
    await stage.messages("the message after that", (all) => all.some((one) => one.text === "Are you there?"));
  },
}, TelegramStageWithoutAddress);
