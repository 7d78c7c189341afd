/** A page with all pictures, by page and state. */
export function index(taken) {
  const figures = ({ files }) =>
    files.map(({ file, theme, width }) => `<figure><a href="${file}"><img src="${file}" loading="lazy" alt=""></a><figcaption>${theme}, ${width} px</figcaption></figure>`);
  const sections = taken.map(
    (scene) => `<section id="${scene.page}-${scene.state}">
<h2>${scene.page}, ${scene.state}</h2>
${scene.faults.map((fault) => `<pre>${escape(fault)}</pre>`).join("\n")}
<div>${figures(scene).join("\n")}</div>
</section>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Pictures of daemonscope</title>
<style>
  body { margin: 24px; font: 14px system-ui, sans-serif; color: #222; background: #ddd; }
  div { display: flex; flex-wrap: wrap; align-items: start; gap: 16px; }
  figure { margin: 0; }
  img { max-height: 480px; max-width: 100%; }
  pre { color: #b00; white-space: pre-wrap; }
</style>
<h1>Pictures of daemonscope</h1>
${sections.join("\n")}
</html>
`;
}

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
