// The files beside this one.

// Returns the response for a file.
export const fetched = async (name) => {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return response;
};

// A module that has one vector of 128 bits.
const VECTOR = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
);

// Returns a compiled module.
export const compiled = async (name) => {
  if (!WebAssembly.validate(VECTOR)) throw new Error("this browser has no vectors (SIMD) in WebAssembly");
  return WebAssembly.compile(await bytes(name));
};

export const bytes = async (name) => (await fetched(name)).arrayBuffer();

// Returns a function that does the work once, and again if it has failed.
export const once = (work) => {
  let promise;
  return () => {
    promise ??= work();
    promise.catch(() => (promise = undefined));
    return promise;
  };
};
