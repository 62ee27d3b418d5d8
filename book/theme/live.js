// Adds a button to each display that can be edited. All else is loaded when a button
// is pressed.
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

  const yours = document.querySelector("#yours");
  if (yours) {
    const start = button("Open the editor", "Open the editor");
    yours.replaceChildren(start);
    start.addEventListener("click", async () => {
      try {
        const { open } = await import(new URL("yours.js", folder));
        await open(yours);
      } catch (error) {
        yours.append(` The editor did not load: ${error.message}`);
      }
    });
  }
})();
