// Draws digits on the page with a trained network, and removes noise from a reader's
// own drawing.

import { button, element, labelled } from "./element.js";
import { bytes, once } from "./files.js";
import { startWorker } from "./network.js";
import { Pen } from "./pen.js";
import { show } from "./pixels.js";

const SIDE = 28;
const COUNT = 16;
const COLUMNS = 4;

const weights = once(() => bytes("digits.safetensors"));

const number = (min, max, value) => element("input", { type: "number", min, max, step: 1, value });

export class Painting {
  #root;
  #worker;
  #parts;
  #pen;

  constructor(root) {
    this.#root = root;
    this.#build();
  }

  #build() {
    const sampler = element(
      "select",
      {},
      element("option", { value: "ddpm", textContent: "Algorithm 2" }),
      element("option", { value: "ddim", textContent: "DDIM" }),
    );
    const picture = () => element("canvas", { role: "img" });
    const parts = {
      sampler,
      steps: number(1, 1000, 30),
      seed: number(0, 4294967295, 0),
      clip: element("input", { type: "checkbox", checked: true }),
      noisy: picture(),
      clean: picture(),
      said: element("p", { className: "said", role: "status" }),
      stop: button("Stop", () => this.#stop("stopped")),
      amount: element("input", { type: "range", min: 1, max: 1000, value: 600 }),
      shown: element("output", { textContent: "600" }),
    };
    this.#parts = parts;
    const group = (className, ...children) => element("div", { className }, ...children);
    const captioned = (canvas, words) =>
      element("figure", {}, canvas, element("figcaption", { textContent: words }));
    parts.amount.addEventListener("input", () => (parts.shown.textContent = parts.amount.value));
    const amount = labelled("noise of timestep", parts.amount);
    amount.append(parts.shown);
    this.#pen = new Pen(SIDE);
    this.#root.replaceChildren(
      group(
        "buttons",
        labelled("sampler", sampler),
        labelled("steps", parts.steps),
        labelled("seed", parts.seed),
        labelled("clip", parts.clip),
        button("Draw", () => this.draw()),
        parts.stop,
      ),
      parts.said,
      group("pictures", captioned(parts.noisy, "noisy pictures"), captioned(parts.clean, "predicted clean pictures")),
      group(
        "own",
        this.#pen.root,
        group(
          "buttons",
          amount,
          button("Add noise and remove it", () => this.vary()),
          button("Clear", () => this.#pen.clear()),
        ),
      ),
    );
  }

  draw = () => this.#ask();

  // Draws what the reader's own picture becomes.
  vary = () => this.#ask({ picture: this.#pen.values(), t: Number(this.#parts.amount.value) });

  async #ask(from) {
    const { sampler, steps, seed, clip } = this.#parts;
    const t = from?.t ?? 1000;
    if (!seed.checkValidity()) return this.#say("a seed is a whole number from 0 to 4294967295");
    if (!steps.checkValidity()) return this.#say("the number of steps is a whole number from 1 to 1000");
    const wanted = {
      count: COUNT,
      sampler: sampler.value,
      // No more steps than there are timesteps.
      steps: Math.min(Number(steps.value), t),
      clip: clip.checked,
      seed: Number(seed.value),
      from,
    };
    this.#stop("loading …");
    const asked = (this.#parts.asked = {});
    let worker;
    try {
      const more = { weights: await weights() };
      const hear = (data) => this.#hear(data, wanted);
      worker = await startWorker("painter.js", more, hear, (data) => this.#failed(data));
    } catch (error) {
      return this.#say(`The network did not load: ${error.message}`);
    }
    // The reader may have asked for another drawing meanwhile.
    if (this.#parts.asked !== asked) return worker.terminate();
    this.#worker = worker;
    worker.postMessage(wanted);
  }

  #hear(data, { steps, from }) {
    const { noisy, clean } = this.#parts;
    if (data.kind === "drawn") {
      const what = from ? "your drawing, with noise that was removed again" : "sixteen digits";
      this.#say(`${what}: ${steps} steps in ${data.seconds.toFixed(1)} seconds`);
      return;
    }
    show(noisy, data.noisy, SIDE, COLUMNS);
    noisy.ariaLabel = `Sixteen pictures at timestep ${data.t}`;
    if (data.clean.length > 0) {
      show(clean, data.clean, SIDE, COLUMNS);
      clean.ariaLabel = `Sixteen clean pictures, as predicted before timestep ${data.t}`;
    }
    this.#parts.said.textContent = `timestep ${data.t}`;
  }

  #stop(words) {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#parts.asked = undefined;
    this.#say(words);
  }

  #failed({ error }) {
    this.#stop(`The drawing has ended: ${error}`);
  }

  #say(words) {
    this.#parts.said.textContent = words;
  }
}

export const open = (place) => {
  place.painting ??= new Painting(place);
  return place.painting.draw();
};
