// The files beside this one.

// Returns the response for a file.
export const fetched = async (name) => {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return response;
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
