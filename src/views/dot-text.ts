import type { Box, BoxState, Picture } from './picture.ts'

const STYLES: Readonly<Record<BoxState, string>> = {
  open: 'shape=ellipse, style=dashed',
  isolated: 'shape=box, style=bold, peripheries=2',
  'ingress isolated': 'shape=box, style=solid, xlabel="ingress isolated"',
  'egress isolated': 'shape=box, style=dotted, xlabel="egress isolated"',
  'host network': 'shape=hexagon, style=dashed, xlabel="host network"',
}

/** The picture in Graphviz's language (`dot -Tsvg`): a cluster for each namespace, shape and line say the state. */
export function dotText({ boxes, arrows }: Picture): string {
  const namespaces = [...new Set(boxes.flatMap(({ namespace }) => namespace ?? []))].sort()
  const lines = [
    'digraph selvedge {',
    '  rankdir=LR;',
    '  node [fontname="sans-serif"];',
    '  edge [fontname="sans-serif"];',
  ]
  for (const [index, namespace] of namespaces.entries()) {
    lines.push(`  subgraph cluster_${index} {`, `    label=${quoted(namespace)};`)
    for (const box of boxes) if (box.namespace === namespace) lines.push(`    ${nodeText(box)}`)
    lines.push('  }')
  }
  for (const { id, label, namespace } of boxes) {
    const said = label === id ? '' : `, label=${quoted(label)}`
    if (namespace === undefined) lines.push(`  ${quoted(id)} [shape=plaintext${said}];`)
  }
  for (const { from, to, ports } of arrows) lines.push(`  ${quoted(from)} -> ${quoted(to)} [label=${quoted(ports)}];`)
  return `${lines.join('\n')}\n}\n`
}

function nodeText({ id, label, detail, state }: Box): string {
  return `${quoted(id)} [label=${quoted(`${label}\n${detail}`)}, ${STYLES[state]}];`
}

/** A double-quoted string of the DOT language, where a backslash starts an escape. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
