// Starts the page's program; says so in words when it cannot. A display that nobody touches begins again by itself.
const boot = document.getElementById("boot");
const isKiosk = /\/kiosk\/?$/.test(location.pathname);
const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

async function again() {
  for (;;) {
    await pause(10_000);
    try {
      // what the browser shows where nothing answers would stay for ever
      if ((await fetch("healthz", { cache: "no-store" })).ok) return location.reload();
    } catch {
      // not yet
    }
  }
}

if (isKiosk) {
  for (const kind of ["error", "unhandledrejection"]) {
    addEventListener(kind, (event) => {
      if ((event.error ?? event.reason) instanceof WebAssembly.RuntimeError) again();
    });
  }
}
try {
  const { default: init } = await import("./page.js");
  await init({ module_or_path: new URL("./page_bg.wasm", import.meta.url) });
  boot.remove();
} catch (error) {
  const old = typeof WebAssembly !== "object";
  document.getElementById("boot-text").textContent = old
    ? "This browser has no WebAssembly, which the page needs."
    : `The page's program could not be started (${error.message}). Load the page again; if it stays so, look at the bridge's log.`;
  if (isKiosk && !old) again();
}
