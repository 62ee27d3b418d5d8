// The module of the book, loaded once.

import init from "./live.js";

let module;

// Returns the compiled module, after it has been started on this page.
export const load = () => {
  module ??= (async () => {
    const response = await fetched("live_bg.wasm");
    const compiled = await WebAssembly.compile(await response.arrayBuffer());
    await init({ module_or_path: compiled });
    return compiled;
  })();
  module.catch(() => (module = undefined));
  return module;
};

// Returns the response for a file beside this one.
export const fetched = async (name) => {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return response;
};
