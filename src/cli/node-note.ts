import { nearestWord } from '../../compiler/objects/did-you-mean.ts'
import { fewNames } from '../../compiler/objects/few-names.ts'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { printable, quote } from '../../compiler/objects/quote.ts'

/** That no pod is on the node of `--node`, whose table then enforces nothing; empty where one is. */
export function nodeNote(node: string, objects: readonly ClusterObject[]): string {
  const named = objects.flatMap((object) => (object.kind === 'Pod' && object.node !== undefined ? [object.node] : []))
  const nodes = [...new Set(named)].sort()
  if (nodes.includes(node)) return ''
  const nobody = `no pod is on node ${quote(node)}`
  if (nodes.length === 0) return `${nobody}; no pod of the input says on which node it is`
  const near = nearestWord(
    node,
    nodes.filter((one) => withoutNumber(one) !== withoutNumber(node)),
  )
  const question = near === undefined || nodes.length === 1 ? '' : `: did you mean ${printable(near)}?`
  return `${nobody}; there ${nodes.length === 1 ? 'is' : 'are'} ${fewNames(nodes.map(printable))}${question}`
}

/** `node-3` is no misspelling of `node-1`. */
function withoutNumber(name: string): string {
  return name.replace(/\d+$/, '')
}
