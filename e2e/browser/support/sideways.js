/** What of the page a person would have to scroll sideways to read; a row of chips may be moved with a finger. */
export const sideways = (page) =>
  page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll("main, main *:not(.chips)")]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .filter((element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX) || element.matches("html, main"))
      .map((element) => `${element.tagName}.${element.className}: ${element.scrollWidth} in ${element.clientWidth}`),
  );
