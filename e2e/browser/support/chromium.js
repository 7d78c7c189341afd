/** How Debian's Chromium is started. */
export const LAUNCH = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    // root has no sandbox
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    // nothing of the browser's own goes out
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
  ],
};
