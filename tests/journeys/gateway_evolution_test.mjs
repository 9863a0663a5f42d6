// A number behind Evolution API: what holds for every gateway, and what only its instances do.
import { scenes } from "./gateway_scenes.mjs";
import { EvolutionStage, maria } from "./gateway_stage.mjs";
import { equal, play, until } from "./stage.mjs";

await play({
  ...scenes,

  async "an instance that is not there is made, shows its code, and works once it is scanned"(stage) {
    const made = await stage.connectChannel({ session: "fresh", phone: "+7 900 222-33-44" });
    equal(made.state === "connected", false, "whether it works at once");
    const pairing = await stage.api("GET", `/api/v1/channels/${made.id}/pairing`);
    equal([pairing.linked, pairing.qr.startsWith("2@")], [false, true], "the code");
    await stage.gateway("POST", "/sessions/fresh/scan", { number: "79002223344" });
    await until("the new channel to work", async () => (await stage.api("GET", `/api/v1/channels/${made.id}`)).state === "connected");
  },

  async "what WhatsApp ended is told at once, with its code"(stage) {
    await stage.gateway("PATCH", `/sessions/${stage.session}`, { status: "LIMITED" });
    await stage.breaksFor(/402/);
    await stage.gateway("PATCH", `/sessions/${stage.session}`, { status: "WORKING" });
    await stage.channelBecomes("connected");
  },

  async "a reaction of ours stands at the person's message"(stage) {
    const asked = await stage.does({ text: "Hello" });
    const [question] = await stage.messages("the question", (all) => all.length === 1);
    const { id } = await stage.conversation();
    await stage.api("POST", `/api/v1/conversations/${id}/messages`,
      { client_id: crypto.randomUUID(), type: "reaction", reaction: { message_id: question.id, emoji: "👍" } });
    await until("the reaction on the phone", async () =>
      (await stage.seenBy(maria)).find((one) => one.id === asked.id)?.emoji_of_business === "👍");
  },
}, EvolutionStage);
