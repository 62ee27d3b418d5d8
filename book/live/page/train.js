// Trains a network on the page: buttons, the curve of the losses, and samples.

import { SEEDS, button, element, group, labelled, seedField } from "./element.js";
import { startWorker } from "./network.js";
import { show } from "./pixels.js";

// The lessons, and after how many steps they stop; then a reader may go on.
const LESSONS = {
  spiral: { goal: 3000, what: "the spiral" },
  paper: { goal: 2000, what: "digits by the recipe paper" },
  fast: { goal: 2000, what: "digits by the recipe fast" },
};
const SIDE = 8;
const COLUMNS = 8;

export class Lab {
  #root;
  // A promise of the worker.
  #worker;
  #lessons;
  // The run: its lesson, its seed, its last step, and the step where it stops.
  #lesson;
  #seed;
  #steps = 0;
  #goal;
  #isRunning = false;
  #parts;

  constructor(root) {
    this.#root = root;
    this.#lessons = root.dataset.train.split(" ");
    this.#build();
  }

  #build() {
    const recipe = element("select", {});
    recipe.append(...this.#lessons.map((value) => element("option", { value, textContent: value })));
    const seed = seedField();
    const file = element("input", { type: "file", accept: ".safetensors", hidden: true });
    const soon = () => this.#say(this.#seedIsGood() ? "“Start over” begins a run with these settings" : "");
    for (const field of [recipe, seed]) field.addEventListener("change", soon);
    file.addEventListener("change", () => this.#load(file));
    this.#parts = {
      recipe,
      seed,
      go: button("Pause", () => (this.#isRunning ? this.#pause() : this.#train())),
      save: button("Download a checkpoint", () => this.#tell({ kind: "checkpoint" })),
      progress: element("progress", { max: 1, value: 0, ariaLabel: "Training steps" }),
      numbers: element("output", {}),
      said: element("p", { className: "said", role: "status" }),
      curve: element("figure", { className: "curve" }),
      samples: element("figure", { className: "samples" }),
    };
    this.#enable(false);
    const { go, save, progress, numbers, said, curve, samples } = this.#parts;
    const choice = this.#lessons.length > 1 ? [labelled("recipe", recipe)] : [];
    const load = button("Load a checkpoint", () => file.click());
    this.#root.replaceChildren(
      group("buttons", ...choice, labelled("seed", seed), button("Start over", () => this.start())),
      group("progress", go, progress),
      numbers,
      said,
      group("pictures", samples, curve),
      group("buttons", save, load, file),
    );
  }

  // Without a network there is nothing to pause or to save.
  #enable(is) {
    for (const button of [this.#parts.go, this.#parts.save]) button.disabled = !is;
  }

  #seedIsGood() {
    const isGood = this.#parts.seed.checkValidity();
    if (!isGood) this.#say(SEEDS);
    return isGood;
  }

  // Starts a new network with the settings.
  start = async () => {
    if (!this.#seedIsGood()) return;
    const { recipe, seed } = this.#parts;
    await this.#tell({ kind: "start", lesson: recipe.value, seed: Number(seed.value) });
  };

  async #tell(message) {
    if (!this.#worker) {
      this.#say("loading …");
      const hear = (data) => this.#hear(data);
      this.#worker = startWorker("learner.js", {}, hear, (data) => this.#failed(data));
    }
    try {
      (await this.#worker).postMessage(message);
    } catch (error) {
      this.#worker = undefined;
      this.#say(`The networks did not load: ${error.message}`);
    }
  }

  #train() {
    if (this.#steps >= this.#goal) this.#goal += LESSONS[this.#lesson].goal;
    this.#running(true);
    this.#say("training");
    this.#tell({ kind: "train", until: this.#goal });
  }

  #pause() {
    this.#running(false);
    this.#tell({ kind: "pause" });
  }

  #running(is) {
    this.#isRunning = is;
    this.#parts.go.textContent = is ? "Pause" : "Go on";
  }

  #hear(data) {
    const does = {
      begun: () => this.#begun(data),
      progress: () => this.#progress(data),
      pictures: () => this.#show(data),
      paused: () => this.#say(`paused after ${data.steps} steps`),
      reached: () => {
        this.#running(false);
        this.#say(`${data.steps} steps are done; “Go on” takes ${LESSONS[this.#lesson].goal} more`);
      },
      checkpoint: () => this.#save(data),
      refused: () => this.#refused(data),
    };
    does[data.kind]();
  }

  #begun({ lesson, seed, steps, isLoaded }) {
    this.#running(false);
    this.#enable(true);
    [this.#lesson, this.#seed] = [lesson, seed];
    const { goal } = LESSONS[lesson];
    this.#goal = Math.max(goal, goal * Math.ceil(steps / goal));
    this.#progress({ steps });
    if (!isLoaded) return this.#train();
    Object.assign(this.#parts.seed, { value: seed });
    Object.assign(this.#parts.recipe, { value: lesson });
    this.#say(`loaded: ${LESSONS[lesson].what} after ${steps} steps; “Go on” trains more`);
  }

  #progress({ steps, loss, rate }) {
    const { numbers, progress } = this.#parts;
    this.#steps = steps;
    progress.value = steps / this.#goal;
    const run = this.#lessons.length > 1 ? `${this.#lesson}, seed ${this.#seed}` : `seed ${this.#seed}`;
    const parts = [run, `step ${steps} of ${this.#goal}`];
    if (loss) parts.push(`mean loss of 100 steps ${loss.toFixed(3)}`, `${rate.toFixed(0)} steps a second`);
    numbers.textContent = parts.join(" · ");
  }

  #show({ steps, curve, samples }) {
    const parts = this.#parts;
    parts.curve.innerHTML = curve;
    if (samples === undefined) return parts.samples.replaceChildren();
    if (typeof samples === "string") {
      parts.samples.innerHTML = samples;
      return;
    }
    let canvas = parts.samples.querySelector("canvas");
    if (!canvas) {
      canvas = element("canvas", { role: "img" });
      parts.samples.replaceChildren(canvas, element("figcaption", {}));
    }
    canvas.ariaLabel = `Sixteen samples after ${steps} steps`;
    parts.samples.querySelector("figcaption").textContent = `step ${steps}`;
    show(canvas, samples, SIDE, COLUMNS);
  }

  #save({ lesson, steps, bytes }) {
    const name = `${lesson}-${steps}.safetensors`;
    const url = URL.createObjectURL(new Blob([bytes]));
    element("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    this.#say(`saved: ${name}; ${this.#state()}`);
  }

  #state() {
    return this.#isRunning ? "training goes on" : "training is paused";
  }

  async #load(file) {
    const [chosen] = file.files;
    if (!chosen) return;
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    file.value = "";
    await this.#tell({ kind: "load", bytes, lessons: this.#lessons, name: chosen.name });
  }

  #refused({ name, reason, lesson }) {
    const ours = this.#lessons.map((known) => LESSONS[known].what).join(" or ");
    const why = lesson ? `it is of ${LESSONS[lesson].what}, and here ${ours} is trained` : reason;
    this.#say(`${name} was not loaded: ${why}. ${this.#lesson ? `Now ${this.#state()}.` : ""}`);
  }

  #failed({ error, isBroken }) {
    this.#running(false);
    if (isBroken) {
      this.#worker?.then((worker) => worker.terminate());
      this.#worker = undefined;
      this.#enable(false);
    }
    this.#say(`Training has ended: ${error}. “Start over” begins anew.`);
  }

  #say(words) {
    if (words) this.#parts.said.textContent = words;
  }
}

export const open = (place) => {
  place.lab ??= new Lab(place);
  return place.lab.start();
};
