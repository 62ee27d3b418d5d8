// Trains a network on the page: buttons, the curve of the losses, and samples.

import { button, element, labelled } from "./element.js";
import { startWorker } from "./network.js";
import { show } from "./pixels.js";

// The lessons, and after how many steps they stop; then a reader may go on.
const LESSONS = {
  spiral: { goal: 3000, what: "points of a spiral" },
  paper: { goal: 2000, what: "digits of 8x8 pixels, with the paper's recipe" },
  fast: { goal: 2000, what: "digits of 8x8 pixels, with the fast recipe" },
};
const SIDE = 8;
const COLUMNS = 8;

export class Lab {
  #root;
  #worker;
  #lessons;
  #lesson;
  #goal;
  #steps = 0;
  #isRunning = false;
  #parts;

  constructor(root) {
    this.#root = root;
    this.#lessons = root.dataset.train.split(" ");
    this.#lesson = this.#lessons[0];
    this.#build();
  }

  #build() {
    const recipe = element("select", {});
    recipe.append(...this.#lessons.map((value) => element("option", { value, textContent: value })));
    recipe.addEventListener("change", () => this.start());
    const seed = element("input", { type: "number", min: 0, max: 4294967295, step: 1, value: 0 });
    const file = element("input", { type: "file", accept: ".safetensors" });
    file.addEventListener("change", () => this.#load(file));
    this.#parts = {
      recipe,
      seed,
      file,
      go: button("Pause", () => (this.#isRunning ? this.#pause() : this.#train())),
      again: button("Start over", () => this.start()),
      save: button("Download the checkpoint", () => this.#worker?.postMessage({ kind: "checkpoint" })),
      progress: element("progress", { max: 1, value: 0, ariaLabel: "Training steps" }),
      numbers: element("output", {}),
      said: element("p", { className: "said", role: "status" }),
      curve: element("div", { className: "curve" }),
      samples: element("div", { className: "samples" }),
    };
    const { go, again, save, progress, numbers, said, curve, samples } = this.#parts;
    const choice = this.#lessons.length > 1 ? [labelled("recipe", recipe)] : [];
    const group = (className, ...children) => element("div", { className }, ...children);
    this.#root.replaceChildren(
      group("buttons", ...choice, labelled("seed", seed), go, again),
      group("progress", progress, numbers),
      said,
      group("pictures", samples, curve),
      group("buttons", save, labelled("Load a checkpoint", file)),
    );
  }

  // Starts a new network with the seed.
  start = async () => {
    this.#lesson = this.#parts.recipe.value || this.#lesson;
    const seed = Number(this.#parts.seed.value);
    if (!this.#parts.seed.checkValidity()) return this.#say("a seed is a whole number from 0 to 4294967295");
    await this.#tell({ kind: "start", lesson: this.#lesson, seed });
  };

  async #tell(message) {
    if (!this.#worker) {
      this.#say("loading …");
      const hear = (data) => this.#hear(data);
      try {
        this.#worker = await startWorker("learner.js", {}, hear, (data) => this.#failed(data));
      } catch (error) {
        return this.#say(`The networks did not load: ${error.message}`);
      }
    }
    this.#worker.postMessage(message);
  }

  #train() {
    if (this.#steps >= this.#goal) this.#goal += LESSONS[this.#lesson].goal;
    this.#running(true);
    this.#say("training");
    this.#tell({ kind: "train", until: this.#goal });
  }

  #pause() {
    this.#running(false);
    this.#say(`paused after ${this.#steps} steps`);
    this.#tell({ kind: "pause" });
  }

  #running(is) {
    this.#isRunning = is;
    this.#parts.go.textContent = is ? "Pause" : "Go on";
  }

  #hear(data) {
    const { numbers, progress, recipe } = this.#parts;
    if (data.kind === "begun") {
      this.#lesson = recipe.value = data.lesson;
      this.#steps = data.steps;
      const goal = LESSONS[this.#lesson].goal;
      this.#goal = goal * (1 + Math.floor(data.steps / goal));
      numbers.textContent = `step ${data.steps} of ${this.#goal} · ${data.parameters.toLocaleString("en")} parameters`;
      this.#train();
    } else if (data.kind === "progress") {
      this.#steps = data.steps;
      progress.value = data.steps / this.#goal;
      const loss = data.loss.toFixed(3);
      numbers.textContent = `step ${data.steps} of ${this.#goal} · loss ${loss} · ${data.rate.toFixed(0)} steps a second`;
    } else if (data.kind === "pictures") this.#show(data);
    else if (data.kind === "reached") {
      this.#running(false);
      this.#say(`${data.steps} steps are done; more make it better`);
    } else if (data.kind === "checkpoint") this.#save(data);
  }

  #show({ steps, curve, samples }) {
    const parts = this.#parts;
    parts.curve.innerHTML = curve;
    if (typeof samples === "string") {
      parts.samples.innerHTML = samples;
      return;
    }
    let canvas = parts.samples.querySelector("canvas");
    if (!canvas) {
      canvas = element("canvas", { role: "img" });
      parts.samples.replaceChildren(canvas);
    }
    canvas.ariaLabel = `Sixteen samples after ${steps} steps`;
    show(canvas, samples, SIDE, COLUMNS);
  }

  #save({ lesson, steps, bytes }) {
    const url = URL.createObjectURL(new Blob([bytes]));
    const link = element("a", { href: url, download: "checkpoint.safetensors" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    this.#say(`checkpoint.safetensors: ${LESSONS[lesson].what}, ${steps} steps`);
  }

  async #load(file) {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    if (this.#isRunning) this.#pause();
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    await this.#tell({ kind: "load", bytes, lessons: this.#lessons });
  }

  #failed({ error, isBroken }) {
    this.#running(false);
    if (isBroken) {
      this.#worker?.terminate();
      this.#worker = undefined;
    }
    this.#say(isBroken ? `Training has ended: ${error}. “Start over” begins anew.` : error);
  }

  #say(words) {
    this.#parts.said.textContent = words;
  }
}

export const open = (place) => {
  place.lab ??= new Lab(place);
  return place.lab.start();
};
