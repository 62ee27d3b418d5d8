// The module of the formulas and figures, loaded once.

import { compiled, once } from "./files.js";
import init from "./live.js";

// Returns the compiled module, after it has been started on this page.
export const load = once(async () => {
  const module = await compiled("live_bg.wasm");
  await init({ module_or_path: module });
  return module;
});
