/** One job in a process of its own: no other section's garbage, tables or compiled code. */
process.once("message", async ({ section, params }) => {
  let told = 0;
  const progress = (share) => {
    const now = performance.now();
    if (now - told < 100) return;
    told = now;
    process.send({ progress: share });
  };
  const { run } = await import(`./sections/${section}.mjs`);
  const result = await run(params, progress);
  process.send({ result }, () => process.disconnect());
});
