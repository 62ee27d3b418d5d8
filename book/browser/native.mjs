// The lessons as native programs, and their files.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** Runs a lesson, which the tests have compiled, and returns its output. */
export function lesson(name, ...options) {
  const program = fileURLToPath(new URL(`target/debug/examples/${name}`, root));
  assert.ok(existsSync(program), `no ${program}: \`cargo build --examples\``);
  const { status, stdout, stderr } = spawnSync(program, options, { cwd: root, encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
  return stdout + stderr;
}

/** Returns a new folder. */
export const newFolder = () => mkdtempSync(join(tmpdir(), "book-"));

/** Returns the tensors of a safetensors file, `[name, numbers]`. */
export function tensors(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + length));
  delete header.__metadata__;
  const numbers = ({ dtype, data_offsets: [start, end] }) => {
    assert.equal(dtype, "F32");
    return new Float32Array(Uint8Array.from(bytes.subarray(8 + length + start, 8 + length + end)).buffer);
  };
  return Object.entries(header).map(([name, tensor]) => [name, numbers(tensor)]);
}

export const readTensors = (path) => tensors(readFileSync(path));

/** Writes one tensor of a shape to a safetensors file. */
export function writeTensor(path, name, shape, values) {
  const data = Buffer.from(Float32Array.from(values).buffer);
  const header = { [name]: { dtype: "F32", shape, data_offsets: [0, data.length] } };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(path, Buffer.concat([length, text, data]));
}
