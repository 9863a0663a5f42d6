// A number behind Green-API: what holds for every gateway, and what only its cabinet and its tariffs bring.
import { scenes } from "./gateway_scenes.mjs";
import { GreenApiStage, maria } from "./gateway_stage.mjs";
import { equal, play } from "./stage.mjs";

await play({
  ...scenes,

  async "an instance that calls another address is not taken away from it"(stage) {
    await stage.gateway("POST", "/world", { sessions: [{ name: "1101000002", number: "79001112244" }] });
    const taken = await fetch(`${stage.simulator}/waInstance1101000002/setSettings/${stage.key}`,
      { method: "POST", body: JSON.stringify({ webhookUrl: "https://crm.example/hook" }) });
    equal(taken.status, 200, "whether the other address was set");
    const other = await stage.connectChannel({ session: "1101000002", phone: "+7 900 111-22-44" });
    equal([other.state, /crm\.example/.test(other.state_reason)], ["broken", true], `state (${other.state_reason})`);
    equal((await stage.connectChannel({ session: "sales" }, 422)).field, "settings.session", "a name in place of the id");
  },

  async "a spent tariff fails the message in words and tells the admin; the channel goes on"(stage) {
    await stage.does({ text: "Hello" });
    await stage.sim("POST", "/faults", { kind: "500", status: 466, match: { edge: "messages" } });
    const failed = await stage.becomes(await stage.answer("Good day"), "failed");
    equal([failed.error.code, /chat limit/.test(failed.error.message)], ["quota_exceeded", true], "reason");
    await stage.becomes(await stage.answer("Good evening"), "delivered");
  },

  async "a yellow card holds what waits until it is over"(stage) {
    await stage.does({ text: "Hello" });
    await stage.gateway("PATCH", `/sessions/${stage.session}`, { status: "LIMITED" });
    await stage.breaksFor(/yellowCard/);
    const held = await stage.answer("waits for the limit to end");
    equal((await stage.messages("it", (all) => all.some((one) => one.id === held.id))).find((one) => one.id === held.id).status, "queued", "what waits");
    await stage.gateway("PATCH", `/sessions/${stage.session}`, { status: "WORKING" });
    await stage.becomes(held, "delivered");
  },

  async "a reaction is refused with the reason, since the gateway has none"(stage) {
    await stage.does({ text: "Hello" });
    const [question] = await stage.messages("the question", (all) => all.length === 1);
    const { id } = await stage.conversation();
    const refused = await stage.api("POST", `/api/v1/conversations/${id}/messages`,
      { client_id: crypto.randomUUID(), type: "reaction", reaction: { message_id: question.id, emoji: "👍" } });
    equal((await stage.becomes({ ...refused, text: "the reaction" }, "failed")).error.code, "type_not_supported", "reason");
    equal((await stage.seenBy(maria)).every((one) => one.emoji_of_business === ""), true, "the phone");
  },
}, GreenApiStage);
