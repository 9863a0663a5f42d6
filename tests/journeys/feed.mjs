// A page's feed, as an outside developer with a token has it.
import { WebSocket } from "ws";
import { until } from "./stage.mjs";

// `seen` grows by each event; `url` is a server's or a node's address.
export async function feedOf(url, token) {
  const seen = [];
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/events`, { headers: { authorization: `Bearer ${token}` } });
  socket.on("message", (text) => seen.push(JSON.parse(text)));
  socket.on("error", () => {});
  await until("hello", () => seen.some((event) => event.type === "hello"));
  return { seen, close: () => socket.close() };
}
