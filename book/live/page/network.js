// The module of the networks in workers.

import { compiled, once } from "./files.js";

const module = once(() => compiled("networks_bg.wasm"));

// Starts a worker of a script, which gets the module and more first. `hear` gets its
// messages, `failed` a sentence when it has died.
export const startWorker = async (script, more, hear, failed) => {
  const given = { module: await module(), ...more };
  const worker = new Worker(new URL(script, import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => (data.error === undefined ? hear(data) : failed(data));
  worker.onerror = (event) => {
    event.preventDefault();
    failed({ error: "the worker came to an unexpected end", isBroken: true });
  };
  worker.postMessage(given);
  return worker;
};
