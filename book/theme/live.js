// Adds a button to each display that can be edited and to each network that learns or
// draws, and sliders to each figure that moves. All else is loaded when one is used.
(() => {
  const folder = new URL("../live/", document.currentScript.src);
  // Browsers load no modules from files.
  if (typeof WebAssembly !== "object" || location.protocol === "file:") return;

  const button = (text, label) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: text });
    made.setAttribute("aria-label", label);
    return made;
  };

  for (const equation of document.querySelectorAll(".equation[data-live]")) {
    const number = equation.querySelector(".number").textContent;
    const tools = document.createElement("div");
    tools.className = "tools";
    const edit = button("Edit", `Edit equation ${number}`);
    edit.setAttribute("aria-expanded", "false");
    const what = equation.dataset.try;
    const suggest = what && button(`Try: ${what}`, `Try in equation ${number}: ${what}`);
    tools.append(...(suggest ? [suggest, edit] : [edit]));
    equation.querySelector(".evidence").before(tools);

    const open = async (change) => {
      const { Editor } = await import(new URL("editor.js", folder));
      equation.editor ??= new Editor(equation, edit);
      await equation.editor.open(change);
    };
    const failed = (error) => {
      const note = tools.querySelector("[role=alert]") ?? document.createElement("span");
      note.setAttribute("role", "alert");
      note.textContent = `The editor did not load: ${error.message}`;
      tools.prepend(note);
    };
    edit.addEventListener("click", () => open(false).catch(failed));
    suggest?.addEventListener("click", () => open(true).catch(failed));
  }

  // The numbers of a figure stand in the address, so that they can be shared.
  for (const figure of document.querySelectorAll("figure[data-moving]")) {
    const { moving, knobs } = figure.dataset;
    const address = () => new URL(location.href);
    const asked = address().searchParams.get(moving)?.split(",").map(Number);
    const box = document.createElement("div");
    box.className = "knobs";
    const sliders = knobs.split(";").map((knob, i) => {
      const [name, min, max, step, start] = knob.split(",");
      const label = document.createElement("label");
      const slider = Object.assign(document.createElement("input"), { type: "range", min, max, step });
      const shown = document.createElement("output");
      slider.value = asked?.[i] ?? start;
      slider.dataset.start = start;
      shown.textContent = slider.value;
      label.append(`${name} = `, shown, slider);
      box.append(label);
      return { slider, shown };
    });
    const note = document.createElement("span");
    note.setAttribute("role", "alert");
    const reset = button("Reset", "Reset the figure");
    box.append(reset, note);
    figure.querySelector(":scope > :is(svg, img)").after(box);

    const move = async () => {
      const values = sliders.map(({ slider, shown }) => (shown.textContent = slider.value));
      const printed = sliders.every(({ slider }) => Number(slider.value) === Number(slider.dataset.start));
      // The caption speaks of the numbers that are printed.
      figure.classList.toggle("moved", !printed);
      const url = address();
      if (printed) url.searchParams.delete(moving);
      else url.searchParams.set(moving, values.join(","));
      history.replaceState(null, "", url);
      try {
        const figures = await import(new URL("figures.js", folder));
        await figures.move(figure, values);
      } catch (error) {
        note.textContent = `The figure cannot be drawn again: ${error.message}`;
      }
    };
    for (const { slider } of sliders) {
      slider.addEventListener("input", move);
      // The arrow keys move the slider, and turn no page.
      slider.addEventListener("keydown", (event) => event.stopPropagation());
    }
    reset.addEventListener("click", () => {
      for (const { slider } of sliders) slider.value = slider.dataset.start;
      move();
    });
    if (asked) move();
  }

  // Places that a script fills when its button is pressed.
  const places = [
    ["#yours", "yours.js", "Open the editor", "The editor"],
    ["[data-train]", "train.js", "Train it here", "The networks"],
    ["[data-draw]", "draw.js", "Draw digits here", "The network"],
  ];
  for (const [selector, script, text, what] of places) {
    for (const place of document.querySelectorAll(selector)) {
      const start = button(text, place.dataset.label ?? text);
      place.replaceChildren(start);
      start.addEventListener("click", async () => {
        try {
          const { open } = await import(new URL(script, folder));
          await open(place);
        } catch (error) {
          place.append(` ${what} did not load: ${error.message}`);
        }
      });
    }
  }
})();
