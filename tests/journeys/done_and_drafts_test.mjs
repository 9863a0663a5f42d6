// What an operator sets aside and takes up again: Done with its undo, and what they typed and did not send.
import { equal, play, until } from "./stage.mjs";

const kate = "79161234567";

const asked = async (stage, conversation) => await stage.api("GET", `/api/v1/conversations/${conversation.id}`);

await play({
  async "Done leaves the waiting list, undo returns to it, and an answer meanwhile keeps it out"(stage) {
    await stage.write(kate, "Thank you!");
    const conversation = await stage.conversationWith("Kate");
    const done = `/api/v1/conversations/${conversation.id}/done`;
    await stage.api("POST", done, undefined, 204);
    equal((await asked(stage, conversation)).waiting, false, "after Done");
    equal((await stage.api("GET", "/api/v1/conversations?view=waiting")).items, [], "who waits");
    await stage.api("DELETE", done, undefined, 204);
    equal((await asked(stage, conversation)).waiting, true, "after undo");
    await stage.api("POST", done, undefined, 204);
    await stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`,
      { client_id: crypto.randomUUID(), type: "text", text: "You are welcome" });
    await stage.api("DELETE", done, undefined, 204);
    equal((await asked(stage, conversation)).waiting, false, "answered meanwhile");
    await stage.write(kate, "One more thing");
    await until("the customer's next words", async () => (await asked(stage, conversation)).waiting);
  },

  async "a draft waits for its author on every device, and nobody else sees it"(stage) {
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    equal(conversation.draft, null, "before");
    const address = `/api/v1/conversations/${conversation.id}/draft`;
    await stage.api("PUT", address, { text: "Dear Kate,\n", note: "a regular" }, 204);
    equal((await asked(stage, conversation)).draft, { text: "Dear Kate,\n", note: "a regular" }, "mine");
    const token = stage.admin("token", "create", "--email", "anna@okno.test", "--name", "hers").trim();
    const hers = await stage.json("GET", `${stage.okno}/api/v1/conversations/${conversation.id}`, undefined,
      { authorization: `Bearer ${token}` });
    equal(hers.draft, null, "a colleague's view of it");
    await stage.killOkno();
    await stage.restartOkno();
    equal((await asked(stage, conversation)).draft.text, "Dear Kate,\n", "after a restart");
    await stage.api("PUT", address, { text: "", note: "" }, 204);
    equal((await asked(stage, conversation)).draft, null, "emptied");
    equal((await stage.api("PUT", address, { text: 7, note: "" }, 422)).field, "text", "not a text");
  },
});
