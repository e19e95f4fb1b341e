import { createHash } from 'node:crypto'
import { type Drawing, svgRoot } from '../svg/svg-document.ts'
import { escapeXml } from '../svg/svg-element.ts'
import type { PageData, PageState } from './page-data.ts'
import { EVERYTHING, type PageAsked } from './page-asked.ts'
import { DATA_ID, pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'

const STATES: readonly (readonly [PageState, string])[] = [
  ['isolated', 'both ways'],
  ['ingress isolated', 'for ingress'],
  ['egress isolated', 'for egress'],
  ['open', 'open'],
  ['host network', 'host network'],
]

/** One file that stands by itself: nothing to fetch, and a policy of its own that forbids it. */
export function pageHtml(data: PageData, picture: Drawing | undefined, asked: PageAsked = EVERYTHING): string {
  const title = data.denied ? 'Who cannot reach whom' : 'Who can reach whom'
  const style = pageStyle(picture?.width ?? 0)
  const script = pageScript()
  const allowed = `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${allowed}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="selvedge graph">
<title>${title.toLowerCase()}</title>
<style>${style}</style>
</head>
<body>
<div class="page${picture === undefined ? ' plain' : ''}">
<header>
<button type="button" class="plate-button skip" id="skip">Skip to the details</button>
<h1>${title}</h1>
<button type="button" class="plate-button" id="theme">Light or dark</button>
</header>
<nav aria-labelledby="list-title">
<h2 class="unseen" id="list-title">Pods and workloads</h2>
${filters(data, asked)}
<div class="found">
<p id="result" role="status"></p>
<button type="button" class="plate-button" id="clear">Clear <kbd>Esc</kbd></button>
</div>
<div class="list" id="list"></div>
</nav>
<main class="details" id="details" tabindex="-1">
<button type="button" class="plate-button back" id="back">Back to the list</button>
<div id="answer"><noscript>This page needs its own script to answer; it fetches nothing.</noscript></div>
</main>
<section class="picture" id="picture" aria-label="Picture"${picture === undefined ? ' hidden' : ''}>${picture === undefined ? '' : svgRoot(picture)}</section>
</div>
<p class="unseen" id="live" role="status"></p>
<script type="application/json" id="${DATA_ID}">${inertJson(data)}</script>
<script>${script}</script>
</body>
</html>
`
}

/** What the page leaves out, where it does. */
function about({ words }: PageAsked): string {
  return words.length === 0 ? '' : `<p class="small wide">Only connections of ${escapeXml(words.join(', '))}</p>\n`
}

function filters({ nodes }: PageData, asked: PageAsked): string {
  const buttons = STATES.flatMap(([state, text]) => {
    const count = nodes.filter((node) => node.state === state).length
    if (state === 'host network' && count === 0) return []
    const glyph = `<span class="glyph" data-state="${state}" aria-hidden="true"></span>`
    return `<button type="button" class="state" data-state="${state}" aria-pressed="false">${glyph}<span>${text} <span class="count">${count}</span></span></button>`
  })
  return `<div class="form" id="filters" role="search">
${about(asked)}<div class="wide"><label for="search">Search by name <kbd>/</kbd></label><input id="search" type="text" autocomplete="off" spellcheck="false"></div>
<div class="wide"><label for="namespace">Namespace</label><select id="namespace"><option value="">all</option></select></div>
<div><label for="direction">Direction</label><select id="direction"><option value="both">both</option><option value="in">is reached by</option><option value="out">reaches</option></select></div>
<div><label for="port">Port</label><input id="port" type="text" autocomplete="off" spellcheck="false" placeholder="443, 53/UDP" value="${escapeXml(asked.port)}" aria-describedby="port-problem"></div>
<p class="problem wide" id="port-problem" role="alert" hidden>Not a port: give 443, 53/UDP or icmp.</p>
<fieldset class="wide" id="states"><legend>How far isolated</legend>${buttons.join('')}</fieldset>
</div>`
}

/** As a script element holds it: no text of it can end the element. */
function inertJson(data: PageData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

function hash(text: string): string {
  return escapeXml(`sha256-${createHash('sha256').update(text).digest('base64')}`)
}
