// What notes in a page when lines of the flood come into its list of events.

import { fineClock } from "./clock.js";

/** An expression for the page: from then on `seen` has what is noted. `lines` is how many may come into the list at most. */
export const watchesList = (lines) => `(${watchList})((${fineClock})(), ${lines})`;

/** The expression that gives, of each line that came into the list, its number and when. */
export const LINES_SEEN = "Array.from({ length: seen.count }, (_, line) => [seen.figures[2 * line], seen.figures[2 * line + 1]])";

/** The number of the latest of these. */
export const NEWEST_SEEN = "seen.newest";

/** Runs in the page. What it notes has its room from the beginning: the page's own memory is measured. */
function watchList(clock, lines) {
  const seen = { figures: new Float64Array(2 * lines), count: 0, newest: 0 };
  globalThis.seen = seen;
  new MutationObserver((mutations) => {
    const at = clock();
    for (const mutation of mutations) {
      for (const line of mutation.addedNodes) {
        const words = line.querySelector?.(".event-action, .event-words")?.textContent;
        const [, tick] = /tick (\d+)/.exec(words ?? "") ?? [];
        if (tick === undefined || seen.count === lines) continue;
        seen.figures.set([Number(tick), at], 2 * seen.count);
        seen.count += 1;
        seen.newest = Math.max(seen.newest, Number(tick));
      }
    }
  }).observe(document.querySelector(".event-list"), { childList: true, subtree: true });
}
