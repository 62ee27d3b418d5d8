// Draws a figure again with other numbers.

import { moved } from "./live.js";
import { load } from "./module.js";

const waiting = new Map();

// Draws a figure with the numbers, before the browser shows the next picture. Of several
// calls for one figure, the last counts.
export const move = async (figure, values) => {
  await load();
  if (!waiting.has(figure)) requestAnimationFrame(() => draw(figure));
  waiting.set(figure, values);
};

const draw = (figure) => {
  const values = waiting.get(figure);
  waiting.delete(figure);
  const holder = document.createElement("div");
  holder.innerHTML = moved(figure.dataset.moving, Float64Array.from(values));
  figure.querySelector(":scope > :is(svg, img)").replaceWith(holder.firstElementChild);
};
