// The worker that draws with a trained network. The first message is the module and
// the weights; each further message asks for a drawing, whose steps are answered one
// by one.

import init, { Options, Painter } from "./networks.js";

const draw = (painter, { count, sampler, steps, clip, seed, from }) => {
  const start = performance.now();
  const options = new Options(sampler, steps, clip, seed);
  const show = (t, noisy, clean) => postMessage({ kind: "step", t, noisy, clean });
  if (from) painter.vary(from.picture, from.t, count, options, show);
  else painter.draw(count, options, show);
  postMessage({ kind: "drawn", seconds: (performance.now() - start) / 1000 });
};

const start = async ({ module, weights }) => {
  await init({ module_or_path: module });
  return new Painter(new Uint8Array(weights));
};

let started;
onmessage = ({ data }) => {
  started = start(data);
  onmessage = async ({ data }) => {
    try {
      draw(await started, data);
    } catch (error) {
      postMessage({ error: error.message });
    }
  };
};
