import { nearestWord } from '../../compiler/objects/did-you-mean.ts'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { printable, quote } from '../../compiler/objects/quote.ts'

const MOST_NAMES = 5

/** That no pod is on the node of `--node`, whose table then enforces nothing; empty where one is. */
export function nodeNote(node: string, objects: readonly ClusterObject[]): string {
  const named = objects.flatMap((object) => (object.kind === 'Pod' && object.node !== undefined ? [object.node] : []))
  const nodes = [...new Set(named)].sort()
  if (nodes.includes(node)) return ''
  const nobody = `no pod is on node ${quote(node)}`
  if (nodes.length === 0) return `${nobody}; no pod of the input says on which node it is`
  const rest = nodes.length - MOST_NAMES
  const shown = nodes.slice(0, MOST_NAMES).map(printable).join(', ')
  const listed = rest > 0 ? `${shown} and ${rest} more` : shown
  const near = nearestWord(
    node,
    nodes.filter((one) => withoutNumber(one) !== withoutNumber(node)),
  )
  const question = near === undefined || nodes.length === 1 ? '' : `: did you mean ${printable(near)}?`
  return `${nobody}; there ${nodes.length === 1 ? 'is' : 'are'} ${listed}${question}`
}

/** `node-3` is no misspelling of `node-1`. */
function withoutNumber(name: string): string {
  return name.replace(/\d+$/, '')
}
