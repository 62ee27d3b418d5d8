// The worker of the checker. The first message is the module and the formulas of the
// book; each further message is a question.

import init, { Editor, check_alone } from "./live.js";

let editor;

const plain = ({ marks, relations, statuses, problems, is_good: isGood }) => {
  const places = problems.map(({ start, end, message }) => ({ start, end, message }));
  return { marks, relations, statuses, problems: places, isGood };
};

const answer = ({ id, latex, notation }) => {
  if (notation !== undefined) return plain(check_alone(latex, notation));
  if (latex === undefined) return { latex: editor.latex(id) };
  return plain(editor.check(id, latex));
};

const start = async ({ module, formulas, notation }) => {
  await init({ module_or_path: module });
  editor = new Editor(formulas, notation);
};

let started;
onmessage = ({ data }) => {
  started = start(data);
  onmessage = respond;
};

const respond = async ({ data }) => {
  try {
    await started;
    postMessage(answer(data));
  } catch (error) {
    // After a trap the module cannot be used.
    const isBroken = error instanceof WebAssembly.RuntimeError;
    postMessage({ error: error.message, isBroken });
  }
};
