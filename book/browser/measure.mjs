// Writes the speed, times and sizes of what runs on the pages as tables of the book: `npm run
// measure`. Times in Chromium and native times are taken in turns, each three times,
// and the middle one counts.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { folder, open } from "./site.mjs";

const ROUNDS = 3;
const FIGURES = {
  "one-step": "the figure of one step",
  "chain-and-closed-form": "the histogram of 5,000 walks of 200 steps",
  "sampling-paths": "the paths of samplers in 200 steps",
};
const root = new URL("../../", import.meta.url);
const rates = [];
const times = [];

const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const whole = (value) => Math.round(value).toLocaleString("en");

/** Examples a second of the native program, on one thread. */
function native() {
  const command = ["run", "--quiet", "--release", "--package", "networks", "--example", "speed"];
  const env = { ...process.env, RAYON_NUM_THREADS: "1" };
  const { stdout, stderr, status } = spawnSync("cargo", command, { cwd: root, env, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Examples a second of the module in the browser. */
async function inBrowser() {
  const page = await open("training.html");
  const rates = await page.evaluate(async () => {
    const at = (name) => new URL(`live/${name}`, location.href).href;
    const module = await import(at("networks.js"));
    await module.default({ module_or_path: fetch(at("networks_bg.wasm")) });
    const rate = (work) => {
      work();
      const start = performance.now();
      let count = 0;
      while (performance.now() - start < 3000) {
        work();
        count += 1;
      }
      return (1000 * count) / (performance.now() - start);
    };
    const rates = {};
    for (const [lesson, batch] of [["spiral", 256], ["paper", 32], ["fast", 32]]) {
      const training = new module.Training(lesson, 0);
      rates[lesson] = batch * rate(() => training.step().free());
    }
    const weights = new Uint8Array(await (await fetch(at("digits.safetensors"))).arrayBuffer());
    const painter = new module.Painter(weights);
    const draw = () => painter.draw(16, new module.Options("ddim", 30, true, 0), () => {});
    rates.draw = 16 * rate(draw);
    return rates;
  });
  await page.done();
  return rates;
}

test("networks", { timeout: 600000 }, async () => {
  native(); // compiles it
  const [browser, beside] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    browser.push(await inBrowser());
    beside.push(native());
  }
  const names = {
    spiral: "training, points of the spiral",
    paper: "training, 8x8 digits, `paper`",
    fast: "training, 8x8 digits, `fast`",
    draw: "drawing, 28x28 digits in 30 steps",
  };
  for (const [key, name] of Object.entries(names)) {
    const [here, there] = [browser, beside].map((rounds) => middle(rounds.map((rates) => rates[key])));
    rates.push(`| ${name} | ${whole(here)} | ${whole(there)} |`);
  }
});

test("formulas and figures", { timeout: 600000 }, async () => {
  const page = await open("mu-tilde.html");
  const found = await page.evaluate(async () => {
    const at = (name) => new URL(`live/${name}`, location.href).href;
    const checker = await import(at("checker.js"));
    const text = await checker.latexOf("eq-mu-tilde-epsilon");
    const time = async (work) => {
      const start = performance.now();
      await work();
      return performance.now() - start;
    };
    const checks = [];
    for (let i = 0; i < 7; i += 1) checks.push(await time(() => checker.check("eq-mu-tilde-epsilon", text)));
    const module = await import(at("live.js"));
    const figures = {};
    for (const [name, values] of [["one-step", [0.1, 0.4]], ["chain-and-closed-form", [200, 3]], ["sampling-paths", [200]]]) {
      figures[name] = [];
      for (let i = 0; i < 15; i += 1) figures[name].push(await time(() => module.moved(name, Float64Array.from(values))));
    }
    return { checks, figures };
  });
  await page.done();
  times.push(`| checking an equation of the posterior mean | ${middle(found.checks).toFixed(0)} |`);
  for (const [name, all] of Object.entries(found.figures)) times.push(`| drawing ${FIGURES[name]} | ${middle(all).toFixed(1)} |`);
});

/** Writes a table beside the chapters, and prints it. */
function write(name, head, rows) {
  const rule = head.replaceAll(/[^|]+/g, " --- ");
  const text = [head, rule, ...rows, ""].join("\n");
  writeFileSync(new URL(`book/src/${name}`, root), text);
  console.log(`\nbook/src/${name}\n\n${text}`);
}

after(() => {
  write("speed.md", "| examples a second | in Chromium | native, one thread |", rates);
  write("times.md", "| work | milliseconds |", times);
  const sizes = ["live_bg.wasm", "networks_bg.wasm", "digits.safetensors"].map((name) => {
    const size = gzipSync(readFileSync(new URL(`live/${name}`, folder)), { level: 9 }).length;
    return `| \`${name}\` | ${whole(size / 1000)} |`;
  });
  write("sizes.md", "| file | kB, by `gzip -9` |", sizes);
});
