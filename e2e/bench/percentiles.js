/** Of milliseconds, in any order. */
export function percentiles(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return { median_ms: at(0.5), p99_ms: at(0.99) };
}
