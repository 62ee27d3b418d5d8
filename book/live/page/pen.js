// A pen for a small picture: by mouse or finger, or by keys. The arrow keys move the
// pen, and the space bar puts it down or lifts it.

import { element } from "./element.js";
import { show } from "./pixels.js";

// The pen covers a pixel within this distance whole.
const RADIUS = 0.9;

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Pen {
  root;
  #canvas;
  #side;
  #values;
  #at;
  #isDown = false;

  constructor(side) {
    this.#side = side;
    this.#at = [side / 2, side / 4];
    const canvas = element("canvas", { tabIndex: 0, role: "img" });
    canvas.ariaLabel = "Your drawing";
    this.#canvas = canvas;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#at = this.#place(event);
      this.#line(this.#at);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) this.#line(this.#place(event));
    });
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("focus", () => this.#mark());
    canvas.addEventListener("blur", () => show(canvas, this.#values, side, 1));
    this.root = element(
      "figure",
      { className: "pen" },
      canvas,
      element("figcaption", {
        textContent:
          "Draw a digit: with mouse or finger, or with the arrow keys. The space bar puts the pen down (orange) and lifts it (blue).",
      }),
    );
    this.clear();
  }

  // Returns the pixels, from -1 to 1.
  values() {
    return this.#values.slice();
  }

  clear() {
    this.#values = new Float32Array(this.#side ** 2).fill(-1);
    this.#isDown = false;
    show(this.#canvas, this.#values, this.#side, 1);
    this.#at = [this.#side / 2, this.#side / 4];
  }

  #place({ clientX, clientY }) {
    const box = this.#canvas.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * this.#side, ((clientY - box.top) / box.height) * this.#side];
  }

  #key(event) {
    const move = MOVES[event.key];
    if (move) {
      const [x, y] = move.map((step, i) => Math.min(Math.max(this.#at[i] + step, 0.5), this.#side - 0.5));
      if (this.#isDown) this.#line([x, y]);
      this.#at = [x, y];
    } else if (event.key === " ") {
      this.#isDown = !this.#isDown;
      if (this.#isDown) this.#line(this.#at);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.#mark();
  }

  // Shows where the pen is.
  #mark() {
    show(this.#canvas, this.#values, this.#side, 1);
    const context = this.#canvas.getContext("2d");
    context.fillStyle = this.#isDown ? "#d55e00" : "#0072b2";
    context.fillRect(Math.floor(this.#at[0]), Math.floor(this.#at[1]), 1, 1);
  }

  // Draws a line from where the pen is.
  #line(to) {
    const [from, side] = [this.#at, this.#side];
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const squared = dx * dx + dy * dy || 1;
    for (let i = 0; i < side * side; i += 1) {
      const [x, y] = [(i % side) + 0.5 - from[0], Math.floor(i / side) + 0.5 - from[1]];
      // The nearest point of the line.
      const share = Math.min(Math.max((x * dx + y * dy) / squared, 0), 1);
      const distance = Math.hypot(x - share * dx, y - share * dy);
      const ink = Math.min(Math.max(1 + RADIUS - distance, 0), 1);
      this.#values[i] = Math.max(this.#values[i], 2 * ink - 1);
    }
    this.#at = to;
    show(this.#canvas, this.#values, side, 1);
  }
}
