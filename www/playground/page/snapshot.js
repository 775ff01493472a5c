/** The table as a file, and back. */
import { during } from "./activity.js";
import { current, expect } from "./figures.js";
import { bytes, count, seconds } from "./format.js";

const $ = (id) => document.getElementById(id);

/** One call of the package, of which half is no use to anybody: it can't be cancelled. */
const unstoppable = () => {};

export const save = (engine) =>
  during("Making a snapshot.", unstoppable, async () => {
    const begin = performance.now();
    const { bytes: content } = await engine.ask("snapshot");
    const took = performance.now() - begin;
    const rows = current().size;
    download(content, `sessions-${rows}.snapshot`);
    $("snapshot").textContent = `${bytes(content.length)} in ${seconds(took)}.`;
    return `A file of ${count(rows)} sessions was saved.`;
  });

function download(content, name) {
  const url = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the bytes once it began.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export const load = (engine, file, outdated) =>
  during(`Loading ${file.name}.`, unstoppable, async () => {
    const content = new Uint8Array(await file.arrayBuffer());
    const size = content.length;
    const begin = performance.now();
    const { rows } = await engine.ask("restore", { bytes: content }, { transfer: [content.buffer] });
    outdated();
    expect(rows);
    if (rows === 0 && current().ahead > 0) {
      return "The sessions of that file are over by the table's clock, which is ahead. Start over sets it right; then load the file again.";
    }
    $("snapshot").textContent = `${bytes(size)} in ${seconds(performance.now() - begin)}.`;
    return `${count(rows)} sessions came back from the file.`;
  });
