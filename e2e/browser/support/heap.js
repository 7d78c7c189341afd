// What a page's JavaScript heap is made of, by a snapshot. V8 compiles more of a function the longer it runs, so its heap
// goes on growing for many minutes where the page keeps nothing: the code is counted apart.

// What is V8's: functions in their compiled forms, and what it learnt for compiling them.
const CODE = new Set(["code"]);
// What is no part of V8's heap: Blink's objects, and the memory of WebAssembly.
const OUTSIDE = new Set(["native"]);

export async function heap(cdp) {
  const { snapshot, nodes } = JSON.parse(await taken(cdp));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf("type"), fields.indexOf("self_size")];
  const sum = { objects: 0, code: 0 };
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = types[type][nodes[at + type]];
    if (OUTSIDE.has(kind)) continue;
    sum[CODE.has(kind) ? "code" : "objects"] += nodes[at + size];
  }
  return sum;
}

async function taken(cdp) {
  const chunks = [];
  const keep = ({ chunk }) => chunks.push(chunk);
  cdp.on("HeapProfiler.addHeapSnapshotChunk", keep);
  try {
    await cdp.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  } finally {
    cdp.off("HeapProfiler.addHeapSnapshotChunk", keep);
  }
  return chunks.join("");
}
