// Draws digits on the page with a trained network, and removes noise from a reader's
// own drawing.

import { SEEDS, button, element, group, labelled, seedField, whole } from "./element.js";
import { bytes, once } from "./files.js";
import { startWorker } from "./network.js";
import { Pen } from "./pen.js";
import { show } from "./pixels.js";

const SIDE = 28;
const COUNT = 16;
const COLUMNS = 4;

// The timesteps of the network.
const LAST = 1000;

const weights = once(() => bytes("digits.safetensors"));

// A canvas with a caption.
class Sheet {
  root;
  #canvas = element("canvas", { role: "img" });
  #caption = element("figcaption", {});
  #what;

  constructor(what) {
    this.#what = what;
    this.#caption.textContent = what;
    this.root = element("figure", {}, this.#canvas, this.#caption);
  }

  show(pictures, when) {
    show(this.#canvas, pictures, SIDE, COLUMNS);
    this.#canvas.ariaLabel = `${this.#what} ${when}: ${COUNT} pictures`;
    this.#caption.textContent = `${this.#what} ${when}`;
  }
}

export class Painting {
  #root;
  #worker;
  #asked;
  #t = LAST;
  #parts;
  #pen = new Pen(SIDE);

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
    const parts = {
      sampler,
      steps: whole(1, LAST, 30),
      seed: seedField(),
      clip: element("input", { type: "checkbox", checked: true }),
      noisy: new Sheet("xₜ"),
      clean: new Sheet("predicted x₀"),
      said: element("p", { className: "said", role: "status" }),
      stop: button("Stop", () => this.#stop(`stopped at t = ${this.#t}`)),
      amount: element("input", { type: "range", min: 1, max: LAST, value: 600 }),
      shown: element("output", { textContent: "600" }),
    };
    this.#parts = parts;
    parts.amount.addEventListener("input", () => (parts.shown.textContent = parts.amount.value));
    const amount = labelled("add noise up to t =", parts.amount);
    parts.amount.before(parts.shown, " ");
    this.#root.replaceChildren(
      group(
        "buttons",
        labelled("sampler", sampler),
        labelled("steps", parts.steps),
        labelled("seed", parts.seed),
        labelled("clip", parts.clip),
        button("Draw", () => this.draw()),
      ),
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
      group("progress", parts.stop, parts.said),
      group("pictures", parts.noisy.root, parts.clean.root),
    );
    parts.stop.disabled = true;
  }

  draw = () => this.#ask();

  // Draws what the reader's own picture becomes.
  vary = () => {
    const picture = this.#pen.values();
    if (picture.every((ink) => ink === -1)) return this.#say("the box is empty: draw a digit first");
    return this.#ask({ picture, t: Number(this.#parts.amount.value) });
  };

  async #ask(from) {
    const { sampler, steps, seed, clip, stop } = this.#parts;
    const t = from?.t ?? LAST;
    if (!seed.checkValidity()) return this.#say(SEEDS);
    if (!steps.checkValidity()) return this.#say(`the number of steps is a whole number from 1 to ${LAST}`);
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
    stop.disabled = false;
    const asked = (this.#asked = {});
    let worker;
    try {
      const more = { weights: await weights() };
      const hear = (data) => this.#hear(data, wanted);
      worker = await startWorker("painter.js", more, hear, (data) => this.#failed(data));
    } catch (error) {
      return this.#stop(`The network did not load: ${error.message}`);
    }
    // The reader may have asked for another drawing meanwhile.
    if (this.#asked !== asked) return worker.terminate();
    this.#worker = worker;
    worker.postMessage(wanted);
  }

  #hear(data, { steps, from }) {
    if (data.kind === "drawn") {
      const what = from ? "your drawing, with noise that was removed again" : "sixteen digits";
      const plural = steps === 1 ? "" : "s";
      return this.#stop(`${what}: ${steps} step${plural} in ${data.seconds.toFixed(1)} seconds`);
    }
    const { noisy, clean, said } = this.#parts;
    noisy.show(data.noisy, `at t = ${data.t}`);
    if (data.clean.length > 0) clean.show(data.clean, `at t = ${this.#t}`);
    this.#t = data.t;
    said.textContent = `t = ${data.t}`;
  }

  #stop(words) {
    this.#worker?.terminate();
    [this.#worker, this.#asked] = [undefined, undefined];
    this.#parts.stop.disabled = true;
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
