/**
 * How the page of the API looks: calm, in light and dark, from a phone to a wide screen.
 *
 * @module
 */
export const API_PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1f2328, #e6e8eb);
  --quiet: light-dark(#59636e, #9aa4af);
  --ground: light-dark(#ffffff, #14171a);
  --panel: light-dark(#f6f7f9, #1c2024);
  --line: light-dark(#dfe3e8, #2e343a);
  --accent: light-dark(#0b5cad, #7cb7ff);
  --change: light-dark(#8a4b00, #f0b45a);
  --remove: light-dark(#a4262c, #ff8a86);
  --make: light-dark(#19692c, #6fd088);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0;
  display: grid;
  grid-template-columns: 17rem minmax(0, 1fr);
  color: var(--text);
  background: var(--ground);
  font: 1rem/1.55 system-ui, sans-serif;
}
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
nav {
  position: sticky;
  top: 0;
  height: 100vh;
  overflow-y: auto;
  padding: 1.25rem;
  background: var(--panel);
  border-right: 1px solid var(--line);
  font-size: 0.875rem;
}
nav a { display: block; padding: 0.15rem 0; color: var(--quiet); text-decoration: none; }
nav a:hover { color: var(--accent); text-decoration: underline; }
nav .group, nav .brand { margin-top: 0.9rem; color: var(--text); font-weight: 600; }
nav .brand { margin-top: 0; font-size: 1rem; }
main { padding: 1.5rem 2rem 4rem; max-width: 56rem; }
h1, h2, h3 { line-height: 1.25; }
h1 { margin: 0 0 0.75rem; font-size: 1.75rem; }
h1 small { color: var(--quiet); font-size: 1rem; font-weight: 400; }
h2 { margin: 3rem 0 0; font-size: 1.35rem; }
h3 { margin: 0 0 0.4rem; font-size: 1.05rem; }
h4 { margin: 1rem 0 0.3rem; color: var(--quiet); font-size: 0.85rem; font-weight: 600; }
section { padding: 1.5rem 0; border-bottom: 1px solid var(--line); }
p { margin: 0.3rem 0; }
.quiet { color: var(--quiet); font-size: 0.875rem; }
.call { overflow-wrap: anywhere; }
.call b { margin-right: 0.4rem; font: 600 0.85rem ui-monospace, monospace; color: var(--accent); }
.call b.post { color: var(--make); }
.call b.put, .call b.patch { color: var(--change); }
.call b.delete { color: var(--remove); }
code, pre { font-family: ui-monospace, monospace; font-size: 0.85rem; }
pre {
  margin: 0.3rem 0;
  padding: 0.75rem 1rem;
  overflow-x: auto;
  background: var(--panel);
  border: 1px solid var(--line);
  border-radius: 6px;
}
pre i { color: var(--quiet); font-style: normal; }
pre i::before { content: "// "; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.35rem 1rem; margin: 0; }
dt { overflow-wrap: anywhere; }
dd { margin: 0; overflow-wrap: anywhere; }
details { margin-top: 0.75rem; }
summary { cursor: pointer; color: var(--quiet); font-size: 0.875rem; }
@media (max-width: 48rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 40vh; border: 0; border-bottom: 1px solid var(--line); }
  main { padding: 1.25rem 1rem 3rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0.1rem; }
  dd { margin: 0 0 0.5rem 0.75rem; }
}
`
