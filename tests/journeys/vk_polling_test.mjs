// A community of VK on a machine that VK cannot call.
import { equal, play, until } from "./stage.mjs";
import { group, VkStageWithoutAddress } from "./vk_stage.mjs";

await play({
  async "where VK cannot call, what comes is asked for"(stage) {
    equal(stage.channel.state, "connected", `state (${stage.channel.state_reason})`);
    equal((await stage.vk("GET", `/groups/${group}`)).servers, [], "Callback servers");
    // Long Poll begins with the first question: what is written before it is lost.
    await until("the first question", async () =>
      (await stage.sim("GET", "/log?limit=1000&kind=api")).entries.some((one) => one.method === "groups.getLongPollServer"));
    await stage.does({ text: "Hello" });
    await stage.messages("the message", (all) => all.length === 1);
    await stage.becomes(await stage.answer({ type: "text", text: "Good day" }), "sent");
    await stage.vk("POST", `/groups/${group}/renew_key`, {});
    await stage.does({ text: "Still there?" });
    await stage.messages("the message after the key was renewed", (all) => all.some((one) => one.text === "Still there?"));
  },
}, VkStageWithoutAddress);
