// Starts the page's program; says so in words when it cannot.
import init from "./page.js";

const boot = document.getElementById("boot");
try {
  await init({ module_or_path: new URL("./page_bg.wasm", import.meta.url) });
  boot.remove();
} catch (error) {
  const old = typeof WebAssembly !== "object";
  document.getElementById("boot-text").textContent = old
    ? "This browser has no WebAssembly, which the page needs."
    : `The page's program could not be started (${error.message}). Load the page again; if it stays so, look at the bridge's log.`;
}
