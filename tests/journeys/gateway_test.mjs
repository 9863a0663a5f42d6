// A number behind WAHA.
import { scenes } from "./gateway_scenes.mjs";
import { GatewayStage } from "./gateway_stage.mjs";
import { play } from "./stage.mjs";

await play(scenes, GatewayStage);
