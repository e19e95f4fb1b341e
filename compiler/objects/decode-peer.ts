import { decodeIpBlock } from './decode-ip-block.ts'
import { decodeSelector } from './decode-selector.ts'
import type { FieldPath } from './field-path.ts'
import { forbidden, requiredValue } from './field-problems.ts'
import type { Peer } from './objects.ts'
import type { Problems } from './problems.ts'
import { type Fields, readMapping } from './read-fields.ts'
import { EVERYTHING } from './selector.ts'
import { checkFields } from './unknown-fields.ts'

/** One item of `from` or `to` (networking/v1 NetworkPolicyPeer); undefined when it is refused or has no field, hence selects nothing. */
export function decodePeer(value: unknown, path: FieldPath, problems: Problems): Peer | undefined {
  const fields = readMapping(value, path, problems)
  if (fields === undefined) return undefined
  checkFields(fields, 'peer', path, problems)
  const hasSelector = isSet(fields, 'podSelector') || isSet(fields, 'namespaceSelector')
  if (!isSet(fields, 'ipBlock')) {
    if (hasSelector) return decodePodPeer(fields, path, problems)
    const hint = 'podSelector, namespaceSelector or ipBlock; "podSelector: {}" is every pod of the namespace'
    problems.tell(requiredValue(path, 'must specify a peer', hint))
    return undefined
  }
  const block = decodeIpBlock(fields['ipBlock'], [...path, 'ipBlock'], problems)
  if (!hasSelector) return block
  decodePodPeer(fields, path, problems)
  const hint = 'write them as two peers, each with its own "- "'
  problems.refuse(forbidden(path, 'may not specify both ipBlock and another peer', hint))
  return undefined
}

function decodePodPeer(fields: Fields, path: FieldPath, all: Problems): Peer | undefined {
  // In a peer, whatever of a selector cannot be read would make it wider than it was meant.
  const problems: Problems = { ...all, tell: all.refuse }
  const pods = isSet(fields, 'podSelector')
    ? decodeSelector(fields['podSelector'], [...path, 'podSelector'], problems)
    : EVERYTHING
  const namespaces = isSet(fields, 'namespaceSelector')
    ? decodeSelector(fields['namespaceSelector'], [...path, 'namespaceSelector'], problems)
    : 'same'
  return pods && namespaces && { kind: 'pods', namespaces, pods }
}

function isSet(fields: Fields, field: string): boolean {
  return fields[field] !== undefined && fields[field] !== null
}
