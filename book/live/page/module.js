// The module of the formulas and figures, loaded once.

import { bytes, once } from "./files.js";
import init from "./live.js";

// Returns the compiled module, after it has been started on this page.
export const load = once(async () => {
  const compiled = await WebAssembly.compile(await bytes("live_bg.wasm"));
  await init({ module_or_path: compiled });
  return compiled;
});
