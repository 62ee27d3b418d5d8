// The editor of a display: its LaTeX is typeset on every change, and checked on every
// pause.

import { check, latexOf, typeset } from "./checker.js";
import { button, element } from "./element.js";

// How long a pause is, in milliseconds.
const PAUSE = 250;

let count = 0;

// The formulas of the book.
const book = (id) => ({
  latex: () => latexOf(id),
  check: (latex) => check(id, latex),
  unchanged: "unchanged",
});

export class Editor {
  #equation;
  #button;
  // Where the LaTeX comes from, and what checks it.
  #source;
  #parts;
  // What the page shows before any change, and the LaTeX of it.
  #printed;
  #latex;
  #root;
  #field;
  #behind;
  #found;
  #timer;

  // Without a button, the editor is not closed.
  constructor(equation, button, source = book(equation.id)) {
    this.#equation = equation;
    this.#button = button;
    this.#source = source;
    this.#parts = [".formula", ".marks", ".evidence ol"].map((s) => equation.querySelector(s));
    this.#printed = this.#parts.map((part) => part.innerHTML);
  }

  // Opens the editor, or closes it if it is open and `change` is false. With `change`,
  // the suggested change is made.
  async open(change) {
    if (this.#root?.isConnected && !change) return this.close();
    this.#latex ??= await this.#source.latex();
    if (!this.#root) this.#build();
    if (!this.#root.isConnected) {
      this.#equation.querySelector(".evidence").before(this.#root);
      this.#button?.setAttribute("aria-expanded", "true");
      this.set(this.#latex);
    }
    if (change) this.#suggested();
    this.#field.focus();
  }

  close() {
    this.#reset();
    this.#root.remove();
    this.#button.setAttribute("aria-expanded", "false");
    this.#button.focus();
  }

  #build() {
    const id = `latex-${++count}`;
    const number = this.#equation.querySelector(".number").textContent;
    this.#behind = element("pre", { ariaHidden: "true" });
    this.#field = element("textarea", { id, spellcheck: false, autocapitalize: "off" });
    this.#found = element("p", { className: "found", role: "status" });
    this.#found.id = `${id}-found`;
    this.#field.setAttribute("aria-describedby", this.#found.id);
    const name = number ? `LaTeX of equation ${number}` : "LaTeX";
    const about = /^%/m.test(this.#latex) ? " (a line after % is for the checker alone)" : "";
    const label = element("label", { htmlFor: id, textContent: name + about });
    this.#root = element(
      "div",
      { className: "editor" },
      label,
      element("div", { className: "field" }, this.#behind, this.#field),
      this.#found,
      element(
        "div",
        { className: "buttons" },
        button("Reset", () => (this.set(this.#latex), this.#field.focus())),
        ...(this.#button ? [button("Close", () => this.close())] : []),
      ),
    );
    this.#field.addEventListener("input", () => this.changed());
    this.#root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#button) this.close();
      // The keys of the editor turn no pages.
      event.stopPropagation();
    });
  }

  #suggested() {
    const { replace, with: made } = this.#equation.dataset;
    this.set(this.#latex.replace(replace, () => made));
  }

  set(latex) {
    this.#field.value = latex.trimEnd();
    this.changed();
  }

  #reset() {
    clearTimeout(this.#timer);
    this.#parts.forEach((part, i) => (part.innerHTML = this.#printed[i]));
    this.#equation.classList.remove("changed", "wrong");
  }

  // Typesets and checks what the field or the notation says now.
  changed() {
    const latex = this.#field.value;
    clearTimeout(this.#timer);
    this.#underline([]);
    this.#field.rows = latex.split("\n").length;
    if (latex === this.#latex.trimEnd()) {
      this.#reset();
      this.#say(this.#source.unchanged);
      return;
    }
    this.#equation.classList.add("changed");
    try {
      this.#parts[0].innerHTML = typeset(latex);
    } catch {
      // The last formula that could be typeset stays; the checker says what is wrong.
    }
    this.#say("checking …");
    this.#timer = setTimeout(() => this.#check(latex), PAUSE);
  }

  async #check(latex) {
    const answer = await this.#source.check(latex);
    const isOld = latex !== this.#field.value || !this.#root.isConnected;
    if (isOld || answer.isOld) return;
    this.#equation.classList.toggle("wrong", !answer.isGood);
    this.#parts[1].innerHTML = answer.marks;
    this.#parts[2].innerHTML = answer.relations;
    this.#underline(answer.problems);
    const messages = answer.problems.map((problem) => problem.message);
    if (answer.isGood) this.#say(`it holds: ${answer.statuses.join(", ")}`);
    else if (messages.length > 0) this.#say(messages.join("; "));
    else {
      this.#say(`${answer.statuses.join(", ")}; the numbers are below`);
      this.#equation.querySelector(".evidence").open = true;
    }
  }

  #say(words) {
    this.#found.textContent = words;
  }

  // Underlines the places of problems, behind the text of the field.
  #underline(problems) {
    const latex = this.#field.value;
    const places = problems.filter(({ start }) => start !== undefined).sort((a, b) => a.start - b.start);
    this.#behind.replaceChildren();
    let at = 0;
    for (const { start, end } of places) {
      if (start < at) continue;
      const shown = latex.slice(start, end).trim() === "" ? " " : latex.slice(start, end);
      this.#behind.append(latex.slice(at, start), element("mark", { textContent: shown }));
      at = end;
    }
    this.#behind.append(latex.slice(at), "\n");
  }
}
