import type { Box, BoxState, Picture } from './picture.ts'

/** Opening and closing of a node: rounded, double, slanted, and six-sided boxes. */
const SHAPES: Readonly<Record<BoxState, readonly [string, string]>> = {
  open: ['([', '])'],
  isolated: ['[[', ']]'],
  'ingress isolated': ['[/', '\\]'],
  'egress isolated': ['[\\', '/]'],
  'host network': ['{{', '}}'],
}

/** The picture as a Mermaid flowchart, which code hosts draw inside Markdown. */
export function mermaidText({ boxes, arrows }: Picture): string {
  const ids = new Map(boxes.map(({ id }, index) => [id, `n${index}`]))
  const namespaces = [...new Set(boxes.flatMap(({ namespace }) => namespace ?? []))].sort()
  const lines = ['flowchart LR']
  for (const [index, namespace] of namespaces.entries()) {
    lines.push(`  subgraph s${index}[${quoted(namespace)}]`)
    for (const box of boxes) if (box.namespace === namespace) lines.push(`    ${nodeText(box, ids)}`)
    lines.push('  end')
  }
  for (const box of boxes)
    if (box.namespace === undefined) lines.push(`  ${ids.get(box.id) ?? ''}>${quoted(box.label)}]`)
  for (const { from, to, ports } of arrows) {
    lines.push(`  ${ids.get(from) ?? ''} -->|${quoted(ports)}| ${ids.get(to) ?? ''}`)
  }
  return `${lines.join('\n')}\n`
}

function nodeText({ id, label, detail, state }: Box, ids: ReadonlyMap<string, string>): string {
  const [open, close] = SHAPES[state]
  return `${ids.get(id) ?? ''}${open}${quoted(`${label}<br>${detail}${state === 'open' ? '' : `<br>${state}`}`)}${close}`
}

/** Mermaid has no escapes in quoted text, only entities; `<br>` is ours. */
function quoted(text: string): string {
  const safe = text
    .replaceAll('&', '#amp;')
    .replaceAll('"', '#quot;')
    .replaceAll(/<(?!br>)/g, '#lt;')
  return `"${safe}"`
}
