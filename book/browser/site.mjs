// The printed book, served under a sub-path to Chromium. What a page asks for and what
// goes wrong on it is noted.

import assert from "node:assert/strict";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

export const folder = new URL("../../target/book/", import.meta.url);
const axe = createRequire(import.meta.url).resolve("axe-core");
export const WIDE = { width: 1300, height: 900 };
export const NARROW = { width: 390, height: 800, isMobile: true, hasTouch: true };
const KINDS = { html: "text/html", css: "text/css", js: "text/javascript", svg: "image/svg+xml" };

let browser, server, address;
let changed = {};

/** Returns the address of the site. */
export const site = () => address;

/** Lets the server send other texts for scripts, by their names. */
export const change = (texts) => (changed = texts);

before(async () => {
  assert.ok(
    existsSync(new URL("live/networks_bg.wasm", folder)),
    "no module: `rustup target add wasm32-unknown-unknown`, then `cargo book build`",
  );
  server = createServer(({ url }, response) => {
    const path = decodeURI(url.split(/[?#]/)[0]);
    const file = fileURLToPath(new URL(`.${path.replace(/^\/a\/book/, "")}`, folder));
    if (!path.startsWith("/a/book/") || !existsSync(file)) {
      return response.writeHead(404).end();
    }
    const kind = KINDS[file.split(".").pop()] ?? "application/octet-stream";
    response.setHeader("Content-Type", kind);
    const other = changed[file.split("/").pop()];
    if (other) return response.end(other);
    return createReadStream(file).pipe(response);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  address = `http://127.0.0.1:${server.address().port}/a/book/`;
  browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** Opens a page. Requests that leave the site fail, and are noted. */
export async function open(name, { size = WIDE, theme, before } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.asked = [];
  page.outside = [];
  page.errors = [];
  await page.setViewport(size);
  if (before) await page.evaluateOnNewDocument(before);
  if (theme) {
    await page.evaluateOnNewDocument((theme) => {
      localStorage.setItem("mdbook-theme", theme);
    }, theme);
  }
  page.on("pageerror", (error) => page.errors.push(error.message));
  await page.evaluateOnNewDocument(() => {
    globalThis.refused = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      refused.push(`${violatedDirective}: ${blockedURI}`),
    );
  });
  page.on("request", (request) => {
    const url = request.url();
    page.asked.push(url);
    if (!url.startsWith(address) && !/^(data|blob):/.test(url)) page.outside.push(url);
  });
  await page.goto(address + name, { waitUntil: "load" });
  page.done = async () => {
    assert.deepEqual(page.outside, []);
    assert.deepEqual(await page.evaluate(() => refused), []);
    await context.close();
  };
  return page;
}

/** Asserts that axe finds nothing in a part of a page, and that nothing is wider than
 * the window. */
export async function fits(page, part, { size = WIDE } = {}) {
  await page.evaluate(readFileSync(axe, "utf8"));
  const faults = await page.evaluate(async (part) => {
    const { violations } = await window.axe.run(part, { resultTypes: ["violations"] });
    return violations.map((v) => [v.id, v.help, v.nodes.map((n) => n.html)]);
  }, part);
  assert.deepEqual(faults, []);
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
  assert.ok(wide <= size.width);
}
