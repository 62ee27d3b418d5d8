// Returns a new element with properties and children.
export const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// Returns a button that does something.
export const button = (textContent, act) => {
  const made = element("button", { type: "button", textContent });
  made.addEventListener("click", act);
  return made;
};

// Returns a label with a text and a field. The keys of the field turn no pages.
export const labelled = (text, field) => {
  field.addEventListener("keydown", (event) => event.stopPropagation());
  return element("label", {}, `${text} `, field);
};
