// Returns a new element with properties and children.
export const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

export const group = (className, ...children) => element("div", { className }, ...children);

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

// Returns a field for a whole number.
export const whole = (min, max, value) =>
  element("input", { type: "number", min, max, step: 1, value, required: true });

const LAST_SEED = 4294967295;

export const seedField = () => whole(0, LAST_SEED, 0);

export const SEEDS = `a seed is a whole number from 0 to ${LAST_SEED}`;
