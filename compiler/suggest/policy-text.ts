import { Document, isNode, isScalar, visit } from 'yaml'
import type { Manifest } from './policy-manifest.ts'

/** A manifest as YAML that kubectl and everybody else reads alike, with its comments; `head`: lines before it. */
export function policyText({ value, comments }: Manifest, head: readonly string[]): string {
  // YAML 1.1 is what kubectl reads, and has more words and numbers that a text must not look like.
  const document = new Document(value, { version: '1.1', aliasDuplicateObjects: false })
  visit(document, {
    Scalar(key, scalar) {
      // Texts that begin with a digit are numbers of one kind or another to some reader.
      if (key === 'value' && typeof scalar.value === 'string' && !PLAIN.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE'
    },
  })
  for (const { path, text } of comments) {
    const node = document.getIn(path, true)
    if (!isNode(node) || isScalar(node)) throw new Error(`no part of a policy: ${path.join('.')}`)
    node.commentBefore = [
      ...(node.commentBefore === undefined || node.commentBefore === null ? [] : [node.commentBefore]),
      ` ${text}`,
    ].join('\n')
  }
  if (head.length > 0 && document.contents !== null)
    document.contents.commentBefore = head.map((line) => ` ${line}`).join('\n')
  return document.toString({ directives: false, lineWidth: 0 })
}

/** A word, or a CIDR of IPv4. */
const PLAIN = /^(?:[A-Za-z][\w./-]*|\d+(?:\.\d+){3}\/\d+)$/
