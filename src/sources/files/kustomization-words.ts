import { readFileSync } from 'node:fs'
import { isAlias, isNode, isScalar, type Node, parseAllDocuments, visit } from 'yaml'

/** Line breaks to kustomize, whose reader knows YAML 1.1, and none to ours: a comment would end there. And a mark of the encoding. */
const ODD = /\r(?!\n)|[\u0085\u2028\u2029\ufeff]/u

/**
 * Every text in a kustomization, keys too; undefined where kustomize, which has a reader of its own, might find others in it: what is
 * no UTF-8 or no YAML, tags (`!!binary`), anchors, and texts whose end hangs on how lines are indented or joined.
 */
export function kustomizationWords(file: string): readonly string[] | undefined {
  const text = utf8(readFileSync(file))
  if (text === undefined || ODD.test(text)) return undefined
  const documents = [...parseAllDocuments(text)]
  if (documents.some(({ errors, warnings }) => errors.length + warnings.length > 0)) return undefined
  const nodes: Node[] = []
  for (const document of documents) visit(document, (_, node) => void (isNode(node) && nodes.push(node)))
  if (!nodes.every((node) => readsAlike(node, text))) return undefined
  return nodes.map((node) => (isScalar(node) ? (node.source ?? '') : ''))
}

/** Is this what it is to every reader of YAML? */
function readsAlike(node: Node, text: string): boolean {
  if (isAlias(node) || node.tag !== undefined || ('anchor' in node && node.anchor !== undefined)) return false
  if (!isScalar(node)) return true
  const [start, end] = node.range ?? [0, text.length]
  const written = text.slice(start, end)
  // An indentation that is given counts from the parent's, of which readers have different notions.
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') return !/^[|>][+-]?\d/.test(written)
  return !written.includes('\n')
}

/** Undefined for what is none; a mark at its start is kept. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
