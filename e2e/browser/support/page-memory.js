// What a page holds: JavaScript's heap, the memory of its program, and what it has made of the document.

import { heap } from "./heap.js";

/** Keeps the program's memory where its size can be read. To be called before the page is opened. */
export const keepProgramMemory = (page) =>
  page.addInitScript(() => {
    for (const name of ["instantiate", "instantiateStreaming"]) {
      const original = WebAssembly[name];
      WebAssembly[name] = async (...args) => {
        const made = await original.apply(WebAssembly, args);
        globalThis.programMemory = (made.instance ?? made).exports.memory;
        return made;
      };
    }
  });

export const programBytes = (page) => page.evaluate(() => globalThis.programMemory.buffer.byteLength);

/** After a collection of garbage. `cdp` is a session with the page. */
export async function pageMemory(page, cdp) {
  // What the first collection finalises only the second one frees.
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  const { objects, code } = await heap(cdp);
  const { nodes, jsEventListeners } = await cdp.send("Memory.getDOMCounters");
  return { objects, code, program: await programBytes(page), nodes, listeners: jsEventListeners };
}
