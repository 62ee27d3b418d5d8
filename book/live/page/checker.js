// The checker of the book in a worker, which is stopped when it takes too long.

import { fetched, once } from "./files.js";
import { load } from "./module.js";

// The longest time for one check, in milliseconds.
const LIMIT = 20000;

// Returns what a worker starts with: the module, and the formulas of the book.
const texts = once(async () => {
  const text = (name) => fetched(name).then((response) => response.text());
  const [module, formulas, notation] = await Promise.all([
    load(),
    text("formulas.md"),
    text("notation.toml"),
  ]);
  return { module, formulas, notation };
});

// The worker, and the question that it has.
let worker;
let asked;

// Answers the question, if there is one.
const respond = (answer) => {
  clearTimeout(asked?.timer);
  asked?.resolve(answer);
  asked = undefined;
};

const stop = (answer) => {
  worker.terminate();
  worker = undefined;
  respond(answer);
};

const broken = {
  error: "the check came to an unexpected end; please report this formula",
};

const start = (all) => {
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => (data.isBroken ? stop(broken) : respond(data));
  worker.onerror = (event) => {
    event.preventDefault();
    stop(broken);
  };
  worker.postMessage(all);
};

const ask = async (question) => {
  const all = await texts();
  // A worker that is busy has a question that no one asks any more.
  if (asked) stop({ isOld: true });
  if (!worker) start(all);
  worker.postMessage(question);
  return new Promise((resolve) => {
    const error = `the check was stopped after ${LIMIT / 1000} seconds`;
    asked = { resolve, timer: setTimeout(() => stop({ error }), LIMIT) };
  });
};

// Returns the LaTeX of a display.
export const latexOf = async (id) => {
  const answer = await ask({ id });
  if (answer.error) throw new Error(answer.error);
  return answer.latex;
};

const checked = async (question) => {
  const answer = await ask(question);
  if (!answer.error) return answer;
  // It is of no place in the LaTeX.
  const problem = { message: answer.error };
  return { marks: "", relations: "", statuses: [], problems: [problem], isGood: false };
};

// Checks a display as if it had other LaTeX. Returns the marks, the relations, their
// statuses, and the problems with their places.
export const check = (id, latex) => checked({ id, latex });

// Checks a display by itself, with a notation of its own.
export const checkAlone = (latex, notation) => checked({ latex, notation });

// Returns a display as HTML.
export { typeset } from "./live.js";
