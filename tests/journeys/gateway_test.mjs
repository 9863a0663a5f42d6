// A number behind WAHA.
import { newest, scenes } from "./gateway_scenes.mjs";
import { GatewayStage } from "./gateway_stage.mjs";
import { equal, play } from "./stage.mjs";

await play({
  ...scenes,

  async "what has left is edited and deleted for both, for as long as WhatsApp allows"(stage) {
    await stage.does({ text: "Hello" });
    const answer = await stage.becomes(await stage.answer("Helo"), "delivered");
    await stage.change(answer, "Hello you");
    const edited = await stage.changed(answer);
    equal([edited.text, edited.is_edited], ["Hello you", true], "edited");
    await newest(stage, (one) => one.text === "Hello you" && one.edited);
    await stage.change(answer);
    equal((await stage.changed(answer)).is_deleted, true, "deleted");
    await newest(stage, (one) => one.deleted);
    const late = await stage.becomes(await stage.answer("Until tomorow"), "delivered");
    await stage.sim("POST", "/clock", { advance_ms: 20 * 60_000 });
    await stage.change(late, "Until tomorrow");
    const refused = await stage.changed(late);
    equal([refused.text, refused.change.error.message], ["Until tomorow", "The message is too old to be edited"], "an edit after 15 minutes");
    await stage.change(late);
    equal((await stage.changed(late)).is_deleted, true, "a deletion is still allowed");
  },
}, GatewayStage);
