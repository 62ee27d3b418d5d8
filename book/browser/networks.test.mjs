// Networks that learn and draw on a page, in Chromium; and beside them the lessons, as
// native programs.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { lesson, newFolder, readTensors, tensors, writeTensor } from "./native.mjs";
import { NARROW, change, fits, folder, open } from "./site.mjs";

const SPIRAL = '[data-train="spiral"]';
const DIGITS = '[data-train="paper fast"]';
const DRAW = "[data-draw]";
const PAPER = ["--recipe", "paper", "--data", "data/digits8x8"];

/** Waits until a line below a network says what matches. */
const says = (page, place, pattern, timeout = 60000) =>
  page.waitForFunction(
    (place, pattern) => RegExp(pattern).test(document.querySelector(`${place} .said`)?.textContent),
    { timeout },
    place,
    pattern.source,
  );

const said = (page, place) => page.$eval(`${place} .said`, (e) => e.textContent);

/** Presses the button with this text. */
const press = async (page, place, text) => {
  const button = await page.waitForSelector(`${place} ::-p-xpath(.//button[text()="${text}"])`);
  await button.click();
};

/** Runs `work` with the module of the networks on a page. Bytes come back as text. */
async function withModule(work, ...given) {
  const page = await open("training.html");
  const url = new URL("live/networks.js", page.url()).href;
  await page.evaluate(`globalThis.loading = import("${url}").then(async (module) => {
    await module.default({ module_or_path: fetch("${url.replace(".js", "_bg.wasm")}") });
    globalThis.networks = module;
    globalThis.text = (bytes) => Array.from(bytes, (b) => String.fromCharCode(b)).join("");
  })`);
  await page.evaluate("loading");
  const answer = await page.evaluate(work, ...given);
  assert.deepEqual(page.errors, []);
  await page.done();
  return answer;
}

const bytes = (text) => Buffer.from(text, "latin1");

/** Returns the largest difference of two lists, relative to the largest number. */
function difference(a, b) {
  assert.equal(a.length, b.length);
  let [largest, most] = [0, 0];
  a.forEach((x, i) => {
    most = Math.max(most, Math.abs(x), Math.abs(b[i]));
    largest = Math.max(largest, Math.abs(x - b[i]));
  });
  return most === 0 ? 0 : largest / most;
}

test("the module of the networks is small, and is not loaded before it is used", async () => {
  const module = readFileSync(new URL("live/networks_bg.wasm", folder));
  const size = gzipSync(module, { level: 9 }).length;
  assert.ok(size < 900_000, `${size} bytes`);
  for (const name of ["training.html", "sampling.html"]) {
    const page = await open(name);
    assert.deepEqual(page.asked.filter((url) => url.includes("/live/")), []);
    await page.done();
  }
});

test("the first step has the loss and the gradient of a native one", async (t) => {
  const out = newFolder();
  lesson("digits", ...PAPER, "--steps", "1", "--samples", "1", "--sample-steps", "1", "--out", out);
  const native = Object.fromEntries(readTensors(join(out, "checkpoint.safetensors")));
  const made = await withModule(() => {
    const training = new networks.Training("paper", 0);
    training.step();
    return text(training.checkpoint());
  });
  const here = Object.fromEntries(tensors(bytes(made)));
  assert.deepEqual(Object.keys(here), Object.keys(native));
  // After one step, Adam's first moment is the gradient times a constant.
  const gradient = (all) =>
    Object.keys(all).filter((name) => name.startsWith("adam_m.")).flatMap((name) => Array.from(all[name]));
  assert.equal(gradient(here).length, 280177);
  const errors = [difference(here.losses, native.losses), difference(gradient(here), gradient(native))];
  assert.ok(errors.every((error) => error < 1e-5), `${errors}`);
  t.diagnostic(`relative errors of loss and gradient: ${errors}`);
});

test("a page and a native program continue each other's checkpoints, and learn alike", async (t) => {
  const [first, second] = [newFolder(), newFolder()];
  const path = (out) => join(out, "checkpoint.safetensors");
  const short = ["--samples", "16", "--sample-steps", "50"];
  lesson("digits", ...PAPER, "--steps", "30", ...short, "--out", first);
  const [losses, drawn, checkpoint] = await withModule(async (checkpoint) => {
    const before = Uint8Array.from(checkpoint, (c) => c.charCodeAt(0));
    const training = networks.Training.from_checkpoint(before);
    const drawn = Array.from(training.samples(16, 0));
    const losses = [];
    while (training.steps() < 60) losses.push(training.step().loss);
    return [losses, drawn, text(training.checkpoint())];
  }, readFileSync(path(first)).toString("latin1"));

  // The same network draws the same samples.
  const [[, samples]] = readTensors(join(first, "samples.safetensors"));
  const error = difference(drawn, samples);
  assert.ok(error < 1e-3, `samples: ${error}`);
  t.diagnostic(`largest difference of samples: ${error}`);

  // The native program goes on from step 60 of the page ...
  mkdirSync(second, { recursive: true });
  writeFileSync(path(second), bytes(checkpoint));
  const resumed = lesson("digits", "--resume", ...PAPER, "--steps", "61", ...short, "--out", second);
  assert.match(resumed, /resuming after step 60/);
  // ... and its own steps had about the same losses.
  lesson("digits", "--resume", ...PAPER, "--steps", "60", ...short, "--out", first);
  const native = Object.fromEntries(readTensors(path(first))).losses.slice(30);
  losses.forEach((loss, i) => assert.ok(Math.abs(loss / native[i] - 1) < 0.02, `${i}: ${loss}, ${native[i]}`));
});

test("the spiral is trained, and lesson 4 accepts the network", async () => {
  const page = await open("training.html");
  const out = newFolder();
  const session = await page.createCDPSession();
  await session.send("Browser.setDownloadBehavior", {
    behavior: "allow",
    downloadPath: out,
    browserContextId: page.browserContext().id,
  });
  await page.click(`${SPIRAL} button`);
  await says(page, SPIRAL, /^3000 steps are done/, 240000);
  assert.ok(await page.$(`${SPIRAL} .samples svg`));
  assert.ok(await page.$(`${SPIRAL} .curve svg`));
  await press(page, SPIRAL, "Download a checkpoint");
  await says(page, SPIRAL, /^saved: spiral-3000.safetensors; training is paused/);
  const saved = "spiral-3000.safetensors";
  for (let i = 0; !readdirSync(out).includes(saved); i += 1) {
    assert.ok(i < 100, readdirSync(out).join(" "));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  renameSync(join(out, saved), join(out, "checkpoint.safetensors"));
  // The lesson asserts the distance of the samples to new data.
  assert.match(lesson("swiss_roll", "--resume", "--out", out), /after step 3000/);
  assert.deepEqual(page.errors, []);
  await page.done();
});

test("digits are drawn, and a classifier calls them digits", async () => {
  const page = await open("sampling.html");
  await page.click(`${DRAW} button`);
  await says(page, DRAW, /^sixteen digits: 30 steps/);
  const values = await page.$eval(`${DRAW} .pictures canvas`, (canvas) => {
    const context = canvas.getContext("2d");
    const pictures = [];
    for (let i = 0; i < 16; i += 1) {
      const { data } = context.getImageData(29 * (i % 4), 29 * Math.floor(i / 4), 28, 28);
      for (let pixel = 0; pixel < data.length; pixel += 4) pictures.push(data[pixel] / 127.5 - 1);
    }
    return pictures;
  });
  const path = join(newFolder(), "samples.safetensors");
  writeTensor(path, "samples", [16, 1, 28, 28], values);
  const verdict = lesson("judge", path);
  const share = Number(verdict.match(/^samples: ([\d.]+) ± [\d.]+ of 16 are digits/m)[1]);
  assert.ok(share >= 0.5, verdict);
  assert.deepEqual(page.errors, []);
  await page.done();
});

test("a drawing is kept or changed by its noise, drawn by the keyboard alone", async () => {
  for (const options of [{}, { theme: "navy" }, { size: NARROW }]) {
    const page = await open("sampling.html", options);
    await page.focus(`${DRAW} button`);
    await page.keyboard.press("Enter");
    await says(page, DRAW, /^sixteen digits/);
    await page.focus(`${DRAW} .own button`);
    await page.keyboard.press("Enter");
    await says(page, DRAW, /^the box is empty/);
    await page.focus(".pen canvas");
    await page.keyboard.press("Space");
    for (let i = 0; i < 14; i += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    // A 1 with a little noise stays as bright as it was, in each of the sixteen.
    await page.focus(`${DRAW} input[type="range"]`);
    await page.keyboard.press("Home");
    for (let i = 0; i < 40; i += 1) await page.keyboard.press("ArrowRight");
    await page.focus(`${DRAW} .own button`);
    await page.keyboard.press("Enter");
    await says(page, DRAW, /^your drawing, with noise that was removed again: 30 steps/);
    const ink = await page.$$eval(`${DRAW} canvas`, (all) =>
      all.map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
        return data.filter((_, i) => i % 4 === 0).reduce((sum, grey) => sum + grey, 0);
      }),
    );
    const [own, first] = ink;
    assert.ok(Math.abs(first / own - 1) < 0.3, `${ink}`);
    await fits(page, DRAW, options);
    assert.equal(new URL(page.url()).pathname.split("/").pop(), "sampling.html");
    assert.deepEqual(page.errors, []);
    await page.done();
  }
});

test("training is paused, continued, started over and loaded by the keyboard", async () => {
  const spiral = await withModule(() => {
    const training = new networks.Training("spiral", 5);
    training.step();
    training.step();
    return text(training.checkpoint());
  });
  for (const options of [{}, { theme: "navy" }, { size: NARROW }]) {
    const page = await open("training.html", options);
    await page.focus(`${DIGITS} button`);
    await page.keyboard.press("Enter");
    await says(page, DIGITS, /^training/);
    const key = async (text) => {
      await page.focus(`${DIGITS} ::-p-xpath(.//button[text()="${text}"])`);
      await page.keyboard.press("Enter");
    };
    await page.waitForFunction((place) => document.querySelector(`${place} progress`)?.value > 0, {}, DIGITS);
    await key("Pause");
    await says(page, DIGITS, /^paused after \d+ steps/);
    await fits(page, DIGITS, options);
    await key("Go on");
    await says(page, DIGITS, /^training/);
    // Another recipe counts from the next start on.
    await page.select(`${DIGITS} select`, "fast");
    await says(page, DIGITS, /begins a run with these settings/);
    const numbers = () => page.$eval(`${DIGITS} output`, (e) => e.textContent);
    assert.match(await numbers(), /^paper, seed 0/);
    await key("Start over");
    await page.waitForFunction((place) => /^fast/.test(document.querySelector(`${place} output`).textContent), {}, DIGITS);

    // What is no checkpoint, or one of another network, is said; training goes on.
    const [text, other] = ["page.txt", "spiral.safetensors"].map((name) => join(newFolder(), name));
    writeFileSync(text, "no checkpoint at all");
    writeFileSync(other, bytes(spiral));
    const input = await page.$(`${DIGITS} input[type="file"]`);
    await input.uploadFile(text);
    await says(page, DIGITS, /^page.txt was not loaded: .*no safetensors file.* Now training goes on/);
    await input.uploadFile(other);
    await says(page, DIGITS, /^spiral.safetensors was not loaded: it is of the spiral, and here digits/);
    const step = async () => Number((await numbers()).match(/step (\d+)/)[1]);
    const before = await step();
    await page.waitForFunction((place, before) => Number(document.querySelector(`${place} output`).textContent.match(/step (\d+)/)[1]) > before, {}, DIGITS, before);

    // A checkpoint is loaded, and waits.
    const place = await page.$(`${SPIRAL} button`);
    await place.click();
    await says(page, SPIRAL, /^training/);
    await (await page.$(`${SPIRAL} input[type="file"]`)).uploadFile(other);
    await says(page, SPIRAL, /^loaded: the spiral after 2 steps/);

    const seed = `${DIGITS} input[type="number"]`;
    for (const wrong of ["-1", "0.5", ""]) {
      await page.$eval(seed, (field) => (field.value = ""));
      await page.focus(seed);
      await page.keyboard.type(wrong);
      await key("Start over");
      await says(page, DIGITS, /a seed is a whole number/);
    }
    assert.deepEqual(page.errors, []);
    await page.done();
  }
});

test("a worker that dies and a module that is not there are said", async () => {
  const source = readFileSync(new URL("live/learner.js", folder), "utf8");
  const faults = [
    [{ "learner.js": source.replace("training.step();", "(() => { throw new WebAssembly.RuntimeError('unreachable'); })();") }, /Training has ended: unreachable/],
    [{ "learner.js": "throw new Error('gone');" }, /unexpected end/],
    [{ "networks_bg.wasm": "no module" }, /did not load/],
  ];
  for (const [texts, expected] of faults) {
    change(texts);
    const page = await open("training.html");
    await page.click(`${SPIRAL} button`);
    await says(page, SPIRAL, expected);
    change({});
    // Then it works again.
    await press(page, SPIRAL, "Start over");
    await says(page, SPIRAL, /^training/);
    await page.done();
  }
});

test("a browser without vectors is told so in a sentence", async () => {
  const before = () => (WebAssembly.validate = () => false);
  const training = await open("training.html", { before });
  await training.click(`${SPIRAL} button`);
  await says(training, SPIRAL, /^The networks did not load: this browser has no vectors/);
  await training.done();
  const figure = await open("one-step.html", { before });
  await figure.focus('figure[data-moving="one-step"] input');
  await figure.keyboard.press("End");
  await figure.waitForFunction(() =>
    /cannot be drawn again: this browser has no vectors/.test(
      document.querySelector('figure[data-moving="one-step"] [role=alert]').textContent,
    ),
  );
  await figure.done();
});

test("a page without WebAssembly shows no button", async () => {
  for (const name of ["training.html", "sampling.html"]) {
    const page = await open(name, { before: () => delete globalThis.WebAssembly });
    assert.equal(await page.$(".network button"), null);
    assert.deepEqual(page.errors, []);
    await page.done();
  }
});
