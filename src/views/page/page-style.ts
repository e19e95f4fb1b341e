import { svgRules } from '../svg/svg-palette.ts'

/** Light and dark at once: the reader's setting decides, or the button that sets data-theme. */
const COLOURS = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #14191f);
  --ground: light-dark(#f3f5f7, #1d242c);
  --ink: light-dark(#1c2733, #e6ebf0);
  --faint: light-dark(#55616d, #a7b1bc);
  --line: light-dark(#d3dae0, #36424e);
  --edge: light-dark(#7c8894, #77838f);
  --guard: light-dark(#0b5cad, #6cb2ff);
  --open: light-dark(#a34c05, #f0a35e);
  --all: light-dark(#ecd2b0, #5d4425);
  --tint: light-dark(#e4eefa, #1d3450);
}
:root[data-theme='light'] { color-scheme: light; }
:root[data-theme='dark'] { color-scheme: dark; }
`

const LAYOUT = `
* { box-sizing: border-box; }
html, body { margin: 0; }
body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
.page { display: grid; grid-template: auto minmax(0, 1fr) / 334px minmax(0, 1fr) minmax(440px, 34%); grid-template-areas: 'head head head' 'list picture details'; height: 100dvh; }
.page.plain { grid-template: auto minmax(0, 1fr) / 334px minmax(0, 1fr); grid-template-areas: 'head head' 'list details'; }
header { grid-area: head; display: flex; align-items: center; gap: 16px; padding: 10px 20px; border-bottom: 1px solid var(--line); }
header h1 { font-size: 17px; margin: 0; flex: 1; }
nav { grid-area: list; display: flex; flex-direction: column; min-height: 0; border-right: 1px solid var(--line); background: var(--ground); }
.list { overflow: auto; flex: 1; padding: 0 12px 16px; }
.picture { grid-area: picture; overflow: auto; padding: 20px; }
.picture svg { display: block; margin: auto; max-width: 100%; height: auto; }
.details { grid-area: details; overflow: auto; padding: 18px 24px 32px; border-left: 1px solid var(--line); }
.plain .details { border-left: 0; }
.plain #answer { max-width: 1000px; }
.back { display: none; }
@media (max-width: 1500px) {
  .page:not(.plain) { grid-template: auto fit-content(46dvh) minmax(0, 1fr) / 334px minmax(0, 1fr); grid-template-areas: 'head head' 'list picture' 'list details'; }
  .details { border-left: 0; }
  .picture { border-bottom: 1px solid var(--line); }
  .details #answer { max-width: 1000px; }
}
@media (max-width: 760px) {
  .page, .page.plain, .page:not(.plain) { display: block; height: auto; }
  header { padding: 10px 16px; }
  nav { border-right: 0; border-bottom: 1px solid var(--line); }
  .list { max-height: 45dvh; }
  .details { padding: 16px; }
  .picture { padding: 16px; border-top: 1px solid var(--line); border-bottom: 0; }
  .back { display: block; margin-bottom: 12px; }
}
`

const FORMS = `
.form { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 10px; padding: 14px 16px 10px; }
.form > * { min-width: 0; }
.form .wide { grid-column: 1 / -1; }
label { display: block; font-size: 13px; color: var(--faint); }
input, select, button { font: inherit; color: inherit; }
input, select { width: 100%; padding: 5px 9px; border: 1px solid var(--edge); border-radius: 5px; background: var(--paper); }
input[aria-invalid] { border: 2px solid var(--open); }
.problem { font-size: 13px; color: var(--open); margin: 2px 0 0; }
fieldset { border: 0; margin: 0; padding: 0; display: grid; grid-template-columns: 1fr 1fr; gap: 6px; }
legend { font-size: 13px; color: var(--faint); padding: 0; margin-bottom: 2px; }
.plate-button, .state { border: 1px solid var(--edge); border-radius: 5px; background: var(--paper); padding: 4px 10px; cursor: pointer; font-size: 13px; line-height: 1.35; }
.state { display: flex; align-items: center; gap: 8px; text-align: left; padding: 4px 8px; }
.state[aria-pressed='true'] { background: var(--tint); border-color: var(--guard); box-shadow: inset 0 0 0 1px var(--guard); }
.found { display: flex; align-items: center; justify-content: space-between; padding: 4px 16px 8px; font-size: 13px; color: var(--faint); border-bottom: 1px solid var(--line); }
.found p { margin: 0; }
:focus-visible { outline: 3px solid var(--guard); outline-offset: 1px; border-radius: 4px; }
h2:focus { outline: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 6px 12px; z-index: 1; }
kbd { font: 12px ui-monospace, monospace; border: 1px solid var(--edge); border-radius: 3px; padding: 0 4px; }
`

const PARTS = `
.glyph { flex: none; display: inline-block; width: 20px; height: 13px; border: 1.5px solid var(--guard); border-radius: 1px; background: var(--paper); vertical-align: -1px; }
.glyph[data-state='isolated'] { border-left-width: 6px; border-right-width: 6px; }
.glyph[data-state='ingress isolated'] { border-left-width: 6px; }
.glyph[data-state='egress isolated'] { border-right-width: 6px; }
.glyph[data-state='open'] { border: 1.5px dashed var(--open); border-radius: 7px; }
.glyph[data-state='host network'] { border: 1.5px dotted var(--open); background: var(--line); }
.list h3 { position: sticky; top: 0; max-height: 74px; overflow: hidden; margin: 0; padding: 10px 4px 4px; font-size: 13px; background: var(--ground); overflow-wrap: anywhere; }
.count { font-weight: 400; color: var(--faint); }
.list ul { list-style: none; margin: 0; padding: 0; }
.list li button { display: grid; grid-template-columns: 20px minmax(0, 1fr); column-gap: 10px; align-items: center; width: 100%; padding: 5px 8px; border: 0; border-radius: 5px; background: none; text-align: left; cursor: pointer; }
.list li button:hover { background: var(--tint); }
.list li button[aria-current] { background: var(--tint); box-shadow: inset 3px 0 0 var(--guard); }
.list .name { overflow-wrap: anywhere; line-height: 1.3; }
.list .small { grid-column: 2; }
.small { color: var(--faint); font-size: 13px; margin: 0; }
.more { margin: 8px 0; border: 1px solid var(--edge); border-radius: 5px; background: var(--paper); padding: 4px 12px; cursor: pointer; font-size: 13px; }
.details h2 { font-size: 19px; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
.details h2 .glyph { margin-right: 10px; }
.details h3 { font-size: 15px; margin: 26px 0 4px; padding-top: 12px; border-top: 1px solid var(--line); }
.details p { margin: 6px 0; }
.details ul { margin: 2px 0 6px; padding-left: 18px; }
.because, .way, .nothing { color: var(--faint); font-size: 13px; }
.way { margin: 4px 0 0; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { font-size: 13px; color: var(--faint); }
tbody th { min-width: 120px; overflow-wrap: anywhere; }
td { overflow-wrap: anywhere; }
td ul { font-size: 13px; }
table .under { display: block; font-size: 12px; }
.counts table { width: auto; min-width: min(100%, 420px); }
.counts td, .counts th { padding-right: 20px; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.zero { color: var(--faint); }
td:nth-child(2):not(.number) { white-space: nowrap; }
.link { display: inline-flex; align-items: baseline; border: 0; background: none; padding: 0; color: var(--guard); text-decoration: underline; text-underline-offset: 2px; text-align: left; cursor: pointer; overflow-wrap: anywhere; }
.link .glyph { margin-right: 8px; }
.where { display: block; color: var(--faint); font: 12px ui-monospace, monospace; overflow-wrap: anywhere; }
summary { cursor: pointer; }
.picture [data-box]:not(.still) { cursor: pointer; }
.picture.marked [data-box]:not(.near), .picture.marked [data-from]:not(.near) { opacity: 0.25; }
.picture [data-box].chosen .box { stroke-width: 3.5; }
@media (prefers-reduced-motion: no-preference) { .picture [data-box], .picture [data-from] { transition: opacity 120ms; } }
`

/**
 * The whole style of the page. The picture takes its colours from here, so that the button reaches it too, and shrinks to
 * fit, but not so far that its words are too small to read.
 */
export function pageStyle(pictureWidth: number): string {
  const names = ['paper', 'ink', 'faint', 'ground', 'line', 'guard', 'open', 'all'] as const
  const palette = Object.fromEntries(names.map((name) => [name, `var(--${name})`]))
  const least = `.picture svg { min-width: ${Math.round(pictureWidth * 0.85)}px; }\n`
  return (
    least + COLOURS + LAYOUT + FORMS + PARTS + svgRules('.picture', palette as Record<(typeof names)[number], string>)
  )
}
