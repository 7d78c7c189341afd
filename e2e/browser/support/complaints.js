/** What a page complains of from now on: errors and warnings, and requests that fail; without what a test or a scene expects. */
export function complaintsOf(page, expected) {
  const complaints = [];
  const hear = (complaint) => {
    if (!expected.some((pattern) => pattern.test(complaint))) complaints.push(complaint);
  };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") hear(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => hear(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => hear(`failed: ${request.url()} ${request.failure()?.errorText}`));
  return complaints;
}
