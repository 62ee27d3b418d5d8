// The worker that trains a network. The first message is the module; each further
// message says what to do.

import init, { Training, points } from "./networks.js";

// How long the worker trains before it reads messages again, in milliseconds.
const TURN = 100;

// Pictures are made at most four times a second, and take a fifth of the time.
const PAUSE = 250;
const SHARE = 4;

// How many steps a shown loss is a mean of.
const RECENT = 100;

// The samples of a picture.
const COUNTS = { spiral: 600, paper: 16, fast: 16 };

let training, goal, timer;
let recent = [];
let next = 0;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// An untrained network draws nothing that fits a picture.
const showPictures = () => {
  const start = performance.now();
  const steps = training.steps();
  if (steps === 0) return postMessage({ kind: "pictures", steps, curve: "" });
  const lesson = training.lesson();
  const values = training.samples(COUNTS[lesson], 0);
  const samples = lesson === "spiral" ? points(values, `step ${steps}`) : values;
  postMessage({ kind: "pictures", steps, curve: training.loss_figure(), samples });
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
  const steps = training.steps();
  postMessage({ kind: "progress", steps, loss: mean(recent), rate });
  if (steps >= goal) {
    timer = undefined;
    showPictures();
    return postMessage({ kind: "reached", steps });
  }
  if (performance.now() >= next) showPictures();
  timer = setTimeout(guarded, 0, turn);
};

const stop = () => {
  clearTimeout(timer);
  timer = undefined;
};

const begin = (made, isLoaded) => {
  stop();
  training?.free();
  [training, recent, next] = [made, [], 0];
  postMessage({ kind: "begun", lesson: made.lesson(), seed: made.seed(), steps: made.steps(), isLoaded });
  showPictures();
};

const read = (bytes) => {
  try {
    return { made: Training.from_checkpoint(bytes) };
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return { reason: error.message };
  }
};

const DEEDS = {
  start: ({ lesson, seed }) => begin(new Training(lesson, seed), false),
  load: ({ bytes, lessons, name }) => {
    const { made, reason } = read(bytes);
    if (!made) return postMessage({ kind: "refused", name, reason });
    if (lessons.includes(made.lesson())) return begin(made, true);
    postMessage({ kind: "refused", name, lesson: made.lesson() });
    made.free();
  },
  train: ({ until }) => {
    goal = until;
    timer ??= setTimeout(guarded, 0, turn);
  },
  pause: () => {
    stop();
    showPictures();
    postMessage({ kind: "paused", steps: training.steps() });
  },
  checkpoint: () => {
    const [steps, bytes] = [training.steps(), training.checkpoint()];
    postMessage({ kind: "checkpoint", lesson: training.lesson(), steps, bytes });
  },
};

// Does something, and reports an error.
const guarded = (work, argument) => {
  try {
    work(argument);
  } catch (error) {
    stop();
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
