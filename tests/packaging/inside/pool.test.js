// One test of Vitest's for each of the suite's, which ran once, as those share what they make.
const results = await (await import("./tests.js")).default();

for (const { name, error } of results) {
  test(name, () => {
    if (error !== null) throw new Error(error);
  });
}
