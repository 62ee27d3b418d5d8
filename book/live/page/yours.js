// An editor for a reader's own formula and notation.

import { checkAlone } from "./checker.js";
import { Editor } from "./editor.js";
import { element } from "./element.js";
import { load } from "./module.js";

const START = {
  latex: "(a + b)^2 = a^2 + b^2",
  notation: "[symbols]\na = { kind = 'scalar' }\nb = { kind = 'scalar' }\n",
};

export const open = async (place) => {
  await load();
  const equation = element("div", { className: "equation", id: "eq-yours" });
  equation.innerHTML = `
    <div class="formula" tabindex="0" role="group" aria-label="Your formula"></div>
    <ul class="marks" aria-label="What was shown"></ul>
    <span class="number"></span>
    <details class="evidence" open><summary>What was checked</summary><ol></ol></details>`;
  const label = element("label", { htmlFor: "notation", textContent: "Notation" });
  const notation = element("textarea", { id: "notation", rows: 8, spellcheck: false });
  notation.value = START.notation;
  const editor = new Editor(equation, undefined, {
    latex: () => "",
    check: (latex) => checkAlone(latex, notation.value),
    unchanged: "write a relation",
  });
  notation.addEventListener("input", () => editor.changed());
  notation.addEventListener("keydown", (event) => event.stopPropagation());
  place.replaceChildren(equation, element("div", { className: "notation" }, label, notation));
  await editor.open(false);
  editor.set(START.latex);
};
