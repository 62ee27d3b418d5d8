// The worker that trains a network. The first message is the module; each further
// message says what to do.

import init, { Training, points } from "./networks.js";

// How long the worker trains before it reads messages again, in milliseconds.
const TURN = 100;

// Pictures are made at most twice a second, and take a tenth of the time.
const PAUSE = 500;
const SHARE = 10;

// How many steps a shown loss is a mean of.
const RECENT = 100;

// The samples of a picture.
const COUNTS = { spiral: 600, paper: 16, fast: 16 };

let training, lesson, goal, timer;
let recent = [];
let next = 0;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const showPictures = () => {
  const start = performance.now();
  const steps = training.steps();
  const values = training.samples(COUNTS[lesson], 0);
  const samples = lesson === "spiral" ? points(values, `step ${steps}`) : values;
  const curve = steps > 0 ? training.loss_figure() : "";
  postMessage({ kind: "pictures", steps, curve, samples });
  const now = performance.now();
  next = now + Math.max(PAUSE, SHARE * (now - start));
};

const turn = () => {
  const start = performance.now();
  let taken = 0;
  while (training.steps() < goal && performance.now() - start < TURN) {
    const step = training.step();
    recent.push(step.loss);
    step.free();
    taken += 1;
  }
  recent = recent.slice(-RECENT);
  const rate = taken / ((performance.now() - start) / 1000);
  postMessage({ kind: "progress", steps: training.steps(), loss: mean(recent), rate });
  if (training.steps() >= goal) {
    timer = undefined;
    showPictures();
    return postMessage({ kind: "reached", steps: goal });
  }
  if (performance.now() >= next) showPictures();
  timer = setTimeout(guarded, 0, turn);
};

const begin = (made, name) => {
  training?.free();
  [training, lesson, recent] = [made, name, []];
  postMessage({ kind: "begun", lesson, steps: training.steps(), parameters: training.parameters() });
  showPictures();
};

const DEEDS = {
  start: ({ lesson, seed }) => begin(new Training(lesson, seed), lesson),
  load: ({ bytes, lessons }) => {
    const made = Training.from_checkpoint(bytes);
    const name = made.lesson();
    if (!lessons.includes(name)) throw new Error(`it is a checkpoint of another task: ${name}`);
    begin(made, name);
  },
  train: ({ until }) => {
    goal = until;
    timer ??= setTimeout(guarded, 0, turn);
  },
  pause: () => {
    clearTimeout(timer);
    timer = undefined;
    showPictures();
  },
  checkpoint: () => postMessage({ kind: "checkpoint", lesson, steps: training.steps(), bytes: training.checkpoint() }),
};

// Does something, and reports an error.
const guarded = (work, argument) => {
  try {
    work(argument);
  } catch (error) {
    clearTimeout(timer);
    timer = undefined;
    // After a trap the module cannot be used.
    postMessage({ error: error.message, isBroken: error instanceof WebAssembly.RuntimeError });
  }
};

let started;
onmessage = ({ data }) => {
  started = init({ module_or_path: data.module });
  onmessage = async ({ data }) => {
    await started;
    guarded(DEEDS[data.kind], data);
  };
};
