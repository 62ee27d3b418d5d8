// The printed book in Chromium, used as a reader uses it: without the network,
// with and without scripts, light and dark, wide and narrow, by mouse, keyboard
// and screen reader.
//
// Print it first (`cargo book build`); then, here: `npm ci && npm test`.
// CHROMIUM names another browser than /usr/bin/chromium.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";

const site = new URL("../../target/book/", import.meta.url);
const axe = createRequire(import.meta.url).resolve("axe-core");
// What mdBook makes beside the chapters: an error page, all chapters at once
// for the printer, and a table of contents for those without scripts.
const extra = ["404.html", "print.html", "toc.html"];
const files = (folder, end) =>
  existsSync(folder) ? readdirSync(folder).filter((f) => f.endsWith(end)) : [];
const pages = [
  ...files(site, ".html").filter((f) => !extra.includes(f)),
  ...files(new URL("notebooks", site), ".html").map((f) => `notebooks/${f}`),
];
const notebooks = new URL("../../notebooks/", import.meta.url);

const WIDE = { width: 1300, height: 900 };
const NARROW = { width: 390, height: 800, isMobile: true, hasTouch: true };

let browser;
before(async () => {
  assert.ok(pages.length > 10, "no book: run `cargo book build` first");
  browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
});
after(() => browser?.close());

/** Opens a page of the book; whatever it asks the network for is refused. */
async function open(name, { size = WIDE, scripts = true, theme } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.asked = [];
  page.errors = [];
  await page.setViewport(size);
  await page.setJavaScriptEnabled(scripts);
  if (theme) {
    await page.evaluateOnNewDocument((theme) => {
      localStorage.setItem("mdbook-theme", theme);
    }, theme);
  }
  page.on("pageerror", (error) => page.errors.push(error.message));
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const url = request.url();
    if (/^(file|data):/.test(url)) return request.continue();
    page.asked.push(url);
    return request.abort();
  });
  await page.goto(new URL(name, site).href, { waitUntil: "load" });
  page.done = () => context.close();
  return page;
}

/** What `find` finds on each page, two pages at a time. */
async function onEach(options, find) {
  const found = {};
  const left = pages.values();
  const reader = async () => {
    for (const name of left) {
      const page = await open(name, options);
      found[name] = await find(page);
      await page.done();
    }
  };
  await Promise.all([reader(), reader()]);
  return found;
}

/** Every page as one kind of reader has it; read once for all tests. */
const READERS = {
  "in the light": {},
  "in the dark": { theme: "navy" },
  "on a telephone": { size: NARROW },
};
const read = {};
const pagesRead = (how) =>
  (read[how] ??= onEach(READERS[how], async (page) => {
    const { asked, errors } = page;
    const found = await page.evaluate(inspect);
    // The parts of a formula differ only in the place they take: whole in the
    // light, elsewhere its text will do, which is much less to look at.
    if (how !== "in the light") {
      await page.$$eval(".katex-html, .katex-mathml", (all) => {
        for (const part of all) part.textContent = part.textContent;
      });
    }
    await page.addScriptTag({ url: pathToFileURL(axe).href });
    const faults = await page.evaluate(async () => {
      // The frame around the text is mdBook's.
      const options = { resultTypes: ["violations"] };
      const { violations } = await window.axe.run("main", options);
      return violations.map((v) => {
        const where = v.nodes.slice(0, 3).map((n) => n.target.join(" "));
        return `${v.id}: ${v.help} (${where.join("; ")})`;
      });
    });
    return { asked, errors, faults, ...found };
  }));

/** Runs in the page: its anchors, links, width and marks. */
function inspect() {
  // An inline box without height sits on the baseline.
  const baseline = (element) => {
    const probe = document.createElement("span");
    probe.style.cssText = "display:inline-block;width:1px;height:0";
    element.append(probe);
    const { bottom } = probe.getBoundingClientRect();
    probe.remove();
    return bottom;
  };
  const marks = [...document.querySelectorAll(".equation")].flatMap((equation) => {
    const base = equation.querySelector(".formula .katex-base");
    const table = base.querySelector(".mtable .vlist");
    const lines = table
      ? [...table.children].map((row) => row.lastElementChild)
      : [base];
    const beside = lines.map(baseline);
    return [...equation.querySelectorAll(".marks li")].map((li) => {
      const mark = baseline(li.querySelector(".mark"));
      return [equation.id, Math.min(...beside.map((y) => Math.abs(y - mark)))];
    });
  });
  return {
    ids: [...document.querySelectorAll("[id]")].map((e) => e.id),
    // Those in a drawing have no plain `href`.
    links: [...document.querySelectorAll("a[href]")].map(
      (a) => new URL(a.getAttribute("href"), document.baseURI).href,
    ),
    width: document.scrollingElement.scrollWidth,
    marks,
  };
}

test("no page needs the network, and no script fails", async () => {
  for (const how of Object.keys(READERS)) {
    for (const [name, page] of Object.entries(await pagesRead(how))) {
      assert.deepEqual(page.asked, [], name);
      assert.deepEqual(page.errors, [], name);
    }
  }
});

test("every link leads somewhere", async () => {
  const found = await pagesRead("in the light");
  for (const [from, { links }] of Object.entries(found)) {
    for (const href of links) {
      const url = new URL(href);
      if (url.protocol !== "file:") continue;
      const hash = decodeURIComponent(url.hash.slice(1));
      url.hash = url.search = "";
      assert.ok(existsSync(fileURLToPath(url)), `${from}: ${href}`);
      const target = url.href.slice(site.href.length);
      if (hash && found[target]) {
        assert.ok(found[target].ids.includes(hash), `${from}: ${href}`);
      }
    }
  }
});

test("a chapter offers its notebook: as executed, and to download", async () => {
  const names = files(notebooks, ".ipynb");
  assert.equal(names.length, 14);
  for (const name of names) {
    const bytes = readFileSync(new URL(name, notebooks));
    const { cells } = JSON.parse(bytes);
    const outputs = cells.flatMap((cell) => cell.outputs ?? []);
    const drawn = outputs.filter(({ data = {} }) =>
      ["image/svg+xml", "image/png"].some((kind) => kind in data),
    );
    const page = await open(`notebooks/${name.replace("ipynb", "html")}`);
    const shown = await page.$$eval("figure > *", (all) =>
      all.filter((e) => e.checkVisibility() && e.clientHeight > 40).length,
    );
    assert.equal(shown, drawn.length, name);
    const code = await page.$$("pre code.language-rust");
    const written = cells.filter((cell) => cell.cell_type === "code");
    assert.equal(code.length, written.length, name);
    // To its chapter, and from there to the file.
    await page.click(".notebook a");
    await page.waitForSelector(".notebook a[download]");
    const href = await page.$eval(".notebook a[download]", (a) => a.href);
    assert.deepEqual(readFileSync(new URL(href)), bytes, name);
    await page.done();
  }
});

test("without scripts formulas are there, and the evidence opens", async () => {
  const page = await open("posterior.html", { scripts: false });
  const equation = await page.$("#eq-posterior-precision");
  const formula = await equation.$(".katex-html");
  assert.ok((await formula.boundingBox()).height > 30);
  const evidence = await equation.$("details.evidence");
  const shown = () =>
    evidence.$eval("ol", (list) => list.checkVisibility());
  assert.equal(await shown(), false);
  await (await evidence.$("summary")).click();
  assert.equal(await shown(), true);
  const text = await evidence.evaluate((e) => e.textContent);
  assert.match(text, /shown (by|on) /);
  await page.done();
});

test("each mark stands on the baseline of its line", async () => {
  const marks = Object.entries(await pagesRead("in the light")).flatMap(
    ([name, page]) => page.marks.map((mark) => [name, ...mark]),
  );
  assert.ok(marks.length > 100, `${marks.length} marks`);
  for (const [name, id, distance] of marks) {
    assert.ok(distance < 4, `${name}#${id}: a mark is ${distance} pixels off`);
  }
});

test("a reference shows its equation to mouse and keyboard", async () => {
  const page = await open("closed-form.html");
  const reference = await page.$(".reference");
  const preview = await reference.$(".preview");
  assert.equal(await preview.isVisible(), false);
  await reference.hover();
  assert.equal(await preview.isVisible(), true);
  const box = await preview.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= WIDE.width && box.y >= 0);
  await page.mouse.move(0, 0);
  assert.equal(await preview.isVisible(), false);
  await page.keyboard.press("Tab");
  while (!(await reference.evaluate((e) => e === document.activeElement))) {
    await page.keyboard.press("Tab");
  }
  assert.equal(await preview.isVisible(), true);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash === "#eq-chain-unrolled");
  await page.done();
});

test("the search finds a chapter", async () => {
  const page = await open("preface.html");
  await page.keyboard.press("s");
  await page.waitForSelector("#mdbook-searchbar", { visible: true });
  await page.type("#mdbook-searchbar", "precision");
  const first = "#mdbook-searchresults li a";
  await page.waitForSelector(first, { visible: true });
  const targets = await page.$$eval(first, (all) => all.map((a) => a.href));
  assert.ok(targets.some((href) => href.includes("posterior.html")), targets);
  await page.done();
});

test("a theme is chosen, and kept on the next page", async () => {
  const page = await open("preface.html");
  const theme = () => page.$eval("html", (html) => html.className);
  assert.match(await theme(), /light/);
  const ground = () =>
    page.$eval("html", (html) => getComputedStyle(html).backgroundColor);
  const light = await ground();
  await page.click("#mdbook-theme-toggle");
  await page.click("#mdbook-theme-navy");
  assert.match(await theme(), /navy/);
  assert.notEqual(await ground(), light);
  await page.goto(new URL("chain.html", site).href);
  assert.match(await theme(), /navy/);
  await page.done();
});

test("nothing sticks out on a telephone", async () => {
  const found = await pagesRead("on a telephone");
  for (const [name, { width }] of Object.entries(found)) {
    assert.ok(width <= NARROW.width, `${name}: ${width} pixels wide`);
  }
});

for (const how of Object.keys(READERS)) {
  test(`axe finds nothing ${how}`, async () => {
    for (const [name, { faults }] of Object.entries(await pagesRead(how))) {
      assert.deepEqual(faults, [], name);
    }
  });
}
