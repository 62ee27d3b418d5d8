// What readers change on a page of the book, in Chromium. The site is served under a
// sub-path.
//
// Print the book first (`cargo book build`); then, here: `npm ci && npm test`.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { NARROW, change, fits, folder, open, site } from "./site.mjs";

const chapters = () =>
  readdirSync(folder).filter((name) => {
    if (!name.endsWith(".html") || name === "print.html") return false;
    return readFileSync(new URL(name, folder), "utf8").includes("data-live");
  });

/** Waits until the line below an editor says what matches. */
const says = (page, pattern) =>
  page.waitForFunction(
    (pattern) => RegExp(pattern).test(document.querySelector(".found")?.textContent),
    { timeout: 30000 },
    pattern.source,
  );

const html = (page, id) => page.$eval(`#${id}`, (equation) =>
  [".formula", ".marks", ".evidence ol"].map((part) => equation.querySelector(part).innerHTML),
);

test("nothing is loaded before a button is pressed, and little is added", async () => {
  const page = await open("mu-tilde.html");
  assert.deepEqual(page.asked.filter((url) => url.includes("/live/")), []);
  const added = page.asked.find((url) => /theme\/live-\w+\.js/.test(url));
  const script = readFileSync(new URL(added.slice(site().length), folder));
  assert.ok(gzipSync(script).length < 5000);
  await page.done();
});

test("a page runs no script but its own", async () => {
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".html"))) {
    const text = readFileSync(new URL(name, folder), "utf8");
    assert.doesNotMatch(text, /<script>/, name);
    assert.match(text, /Content-Security-Policy/, name);
  }
  const page = await open("mu-tilde.html");
  const ran = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "globalThis.ran = true";
    document.body.append(script);
    // The browser lets a test evaluate text, but not a timer that the test starts.
    const evaluates = () => {
      try {
        return new Function("return true")();
      } catch {
        return false;
      }
    };
    const later = new Promise((resolve) => setTimeout(() => resolve(evaluates())));
    return [Boolean(globalThis.ran), await later];
  });
  assert.deepEqual(ran, [false, false]);
  await page.waitForFunction(() => refused.length === 2);
  await page.browserContext().close();
});

test("the module is small", () => {
  const module = readFileSync(new URL("live/live_bg.wasm", folder));
  const size = gzipSync(module, { level: 9 }).length;
  assert.ok(size < 1_300_000, `${size} bytes`);
});

test("a changed sign of mu tilde is refuted with numbers, and reset", async () => {
  const page = await open("mu-tilde.html");
  const id = "eq-mu-tilde-epsilon";
  const printed = await html(page, id);
  await page.click(`#${id} .tools button`); // Try: turn the last sign
  await says(page, /^exact, exact, false; the numbers are below$/);
  const text = (part) => page.$eval(`#${id} ${part}`, (e) => e.textContent);
  assert.match(await text(".marks"), /✗ false/);
  assert.match(
    await text(".evidence li:last-child"),
    /at T = \d.* the left side is .*\d.*, and the right side .*\d/,
  );
  assert.ok(await page.$eval(`#${id}`, (e) => e.classList.contains("wrong")));
  const reset = await page.$(`#${id} .editor .buttons button`);
  await reset.click();
  await says(page, /^unchanged$/);
  assert.deepEqual(await html(page, id), printed);
  assert.deepEqual(page.errors, []);
  await page.done();
});

test("another true line holds", async () => {
  const page = await open("one-step.html");
  await page.click("#eq-beta .tools button");
  await says(page, /^unchanged$/);
  await page.focus("#eq-beta textarea");
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.keyboard.type("\\beta_t + \\alpha_t = 1");
  await says(page, /^it holds: exact$/);
  await page.done();
});

test("a display has the same verdicts as when it was printed", async () => {
  let count = 0;
  for (const name of chapters()) {
    const page = await open(name);
    const differ = await page.evaluate(async () => {
      const script = document.querySelector("script[src*='theme/live']");
      const checker = await import(new URL("../live/checker.js", script.src));
      const text = (html) => {
        const shown = document.createElement("div");
        shown.innerHTML = html;
        return plain(shown);
      };
      // mdBook writes each item of a list on a line of its own.
      const plain = (element) => element.textContent.replaceAll("\n", "");
      const different = [];
      const all = document.querySelectorAll(".equation[data-live]");
      for (const equation of all) {
        const latex = await checker.latexOf(equation.id);
        const answer = await checker.check(equation.id, latex);
        const same =
          text(answer.marks) === plain(equation.querySelector(".marks")) &&
          text(answer.relations) === plain(equation.querySelector(".evidence ol"));
        if (!same || !answer.isGood) different.push([equation.id, answer.statuses]);
      }
      return [all.length, different];
    });
    assert.deepEqual(differ[1], [], name);
    count += differ[0];
    await page.done();
  }
  assert.ok(count > 60, `${count} displays`);
});

test("the keyboard is enough, and axe finds nothing", async () => {
  for (const options of [{}, { theme: "navy" }, { size: NARROW }]) {
    const page = await open("mu-tilde.html", options);
    const id = "eq-x0-from-epsilon";
    const active = () => page.evaluate(() => document.activeElement.ariaLabel);
    for (let i = 0; !/^Edit equation/.test(await active()); i++) {
      assert.ok(i < 200, "no button is reached");
      await page.keyboard.press("Tab");
    }
    await page.focus(`#${id} .tools button`);
    await page.keyboard.press("Enter");
    await says(page, /^unchanged$/);
    await page.keyboard.press("End");
    await page.keyboard.type(" + \\foo");
    await says(page, /foo/);
    const marked = await page.$eval(`#${id} mark`, (mark) => mark.textContent);
    assert.match(marked, /foo/);
    await fits(page, `#${id}`, options);
    await page.keyboard.press("Escape");
    assert.equal(await page.$(`#${id} .editor`), null);
    assert.match(await active(), /^Edit equation/);
    await page.done();
  }
});

test("a reader's own formula is checked with its own notation", async () => {
  for (const options of [{}, { theme: "navy" }, { size: NARROW }]) {
    const page = await open("yours.html", options);
    assert.deepEqual(page.asked.filter((url) => url.includes("/live/")), []);
    await page.click("#yours button");
    await says(page, /^false; the numbers are below$/);
    await page.focus("#yours .editor textarea");
    await page.keyboard.press("End");
    await page.keyboard.type(" + 2ab");
    await says(page, /^it holds: exact$/);
    await page.keyboard.type(" + z");
    await says(page, /z/);
    await page.focus("#notation");
    await page.keyboard.down("Control");
    await page.keyboard.press("End");
    await page.keyboard.up("Control");
    await page.keyboard.type("z = { kind = 'scalar', means = '0' }\n");
    await says(page, /^it holds: exact$/);
    await page.keyboard.type("[");
    await says(page, /^the notation, line \d+: /);
    await fits(page, "main", options);
    assert.deepEqual(page.errors, []);
    await page.done();
  }
});

/** Whether two drawings differ by a rounded coordinate at most: the last digit of a
 * logarithm is not the same on all machines. */
function alike(a, b) {
  const number = /-?\d+(\.\d+)?/g;
  const [as, bs] = [a, b].map((text) => text.match(number).map(Number));
  const same = a.replace(number, "") === b.replace(number, "");
  return same && as.every((x, i) => Math.abs(x - bs[i]) <= 1);
}

test("each figure moves by the keyboard, and its address brings it back", async () => {
  let count = 0;
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".html"))) {
    const text = readFileSync(new URL(name, folder), "utf8");
    if (name === "print.html" || !text.includes("data-moving")) continue;
    for (const [, moving] of text.matchAll(/data-moving="([\w-]+)"/g)) {
      const page = await open(name);
      assert.deepEqual(page.asked.filter((url) => url.includes("/live/")), []);
      const figure = `figure[data-moving="${moving}"]`;
      const drawing = `${figure} > :is(svg, img)`;
      const drawn = () => page.$eval(drawing, (element) => element.outerHTML);
      const differs = (from) =>
        page.waitForFunction(
          (drawing, from) => document.querySelector(drawing).outerHTML !== from,
          {},
          drawing,
          from,
        );
      const printed = await drawn();
      let last = printed;
      for (const slider of await page.$$(`${figure} input`)) {
        await slider.focus();
        const value = () => slider.evaluate((e) => [e.value, e.max]);
        const [before, most] = await value();
        await page.keyboard.press(before === most ? "PageDown" : "End");
        assert.notEqual((await value())[0], before);
        await differs(last);
        last = await drawn();
      }
      const address = page.url();
      assert.match(address, new RegExp(`\\?${moving}=`));
      await page.click(`${figure} .knobs button`);
      await differs(last);
      assert.ok(alike(await drawn(), printed), moving);
      assert.doesNotMatch(page.url(), /\?/);
      assert.deepEqual(page.errors, []);
      await page.done();
      const again = await open(address.slice(site().length));
      await again.waitForFunction(
        (drawing, last) => document.querySelector(drawing).outerHTML === last,
        {},
        drawing,
        last,
      );
      await again.done();
      count += 1;
    }
  }
  assert.equal(count, 14);
});

test("axe finds nothing where figures move", async () => {
  for (const options of [{}, { theme: "navy" }, { size: NARROW }]) {
    const page = await open("posterior.html", options);
    await fits(page, "figure", options);
    await page.done();
  }
});

test("half a formula, a long one, and a hundred changes get answers", async () => {
  const page = await open("mu-tilde.html");
  const found = await page.evaluate(async () => {
    const script = document.querySelector("script[src*='theme/live']");
    const checker = await import(new URL("../live/checker.js", script.src));
    const id = "eq-x0-from-epsilon";
    const latex = (await checker.latexOf(id)).trimEnd();
    const answers = [];
    for (let i = 0; i < 100; i++) {
      const { isGood, problems } = await checker.check(id, latex.slice(0, -1 - (i % 60)));
      answers.push([isGood, problems.length]);
    }
    const long = await checker.check(id, `${latex}${" + 0".repeat(5000)}`);
    const again = await checker.check(id, latex);
    return { answers, long: long.problems[0].message, again: again.isGood };
  });
  assert.ok(found.answers.every(([isGood, problems]) => !isGood && problems > 0));
  assert.match(found.long, /longer than 20000 bytes/);
  assert.equal(found.again, true);
  await page.done();
});

test("a check that takes too long, and a worker that dies, are said", async () => {
  const source = (name) => readFileSync(new URL(`live/${name}`, folder), "utf8");
  const worker = {
    slow: source("worker.js").replace("postMessage(answer(data));", "for (;;);"),
    dead: source("worker.js").replace("postMessage(answer(data));", "throw new WebAssembly.RuntimeError('unreachable');"),
  };
  for (const [how, expected] of [["slow", /stopped after 0.5 s/], ["dead", /unexpected end/]]) {
    change({
      "worker.js": worker[how],
      "checker.js": source("checker.js").replace("LIMIT = 20000", "LIMIT = 500"),
    });
    const page = await open("mu-tilde.html");
    const message = await page.evaluate(async () => {
      const script = document.querySelector("script[src*='theme/live']");
      const checker = await import(new URL("../live/checker.js", script.src));
      const answer = await checker.check("eq-x0-from-epsilon", "1 = 1");
      return answer.problems[0].message;
    });
    change({});
    assert.match(message, expected);
    await page.done();
  }
});

test("a page without WebAssembly is as printed", async () => {
  const page = await open("mu-tilde.html", {
    before: () => delete globalThis.WebAssembly,
  });
  assert.equal(await page.$(".tools"), null);
  assert.deepEqual(page.errors, []);
  await page.done();
});

test("a module that is not there is said", async () => {
  change({ "editor.js": "throw new Error('gone');" });
  const page = await open("mu-tilde.html");
  await page.click("#eq-x0-from-epsilon .tools button");
  await page.waitForSelector("#eq-x0-from-epsilon [role=alert]");
  change({});
  const said = await page.$eval("[role=alert]", (e) => e.textContent);
  assert.match(said, /did not load: gone/);
  await page.done();
});
