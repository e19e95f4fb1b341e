import { decodePeer } from './decode-peer.ts'
import { decodeRulePort } from './decode-rule-port.ts'
import type { FieldPath } from './field-path.ts'
import type { PolicyRule } from './objects.ts'
import type { Problems } from './problems.ts'
import { readList, readMapping } from './read-fields.ts'
import { checkFields } from './unknown-fields.ts'
import { withoutSpareRoom } from './without-spare-room.ts'

/** The two lists of rules in a policy's spec. */
export type RuleList = 'ingress' | 'egress'

const PEERS = { ingress: 'from', egress: 'to' } as const
const HOMES = { ingress: 'ingressRule', egress: 'egressRule' } as const

/** One item of spec.ingress or spec.egress; undefined when it is no mapping. What it refuses closes its whole direction. */
export function decodeRule(value: unknown, list: RuleList, index: number, problems: Problems): PolicyRule | undefined {
  const path: FieldPath = ['spec', list, index]
  const fields = readMapping(value, path, problems)
  if (fields === undefined) return undefined
  checkFields(fields, HOMES[list], path, problems)
  const ports = decodeItems(fields['ports'], [...path, 'ports'], problems, decodeRulePort)
  const peersField = PEERS[list]
  const peers = decodeItems(fields[peersField], [...path, peersField], problems, decodePeer)
  const { sharing, place } = problems.context
  return {
    index,
    peers: (peers && sharing?.peers(peers)) ?? peers ?? 'anyone',
    ports: (ports && sharing?.rulePorts(ports)) ?? ports ?? 'any',
    place: place(path),
  }
}

/** The items that decode; undefined when the list is missing or empty, which means no restriction. */
function decodeItems<Item>(
  value: unknown,
  path: FieldPath,
  problems: Problems,
  decodeItem: (item: unknown, path: FieldPath, problems: Problems) => Item | undefined,
): readonly Item[] | undefined {
  const list = readList(value, path, problems)
  if (list === undefined || list.length === 0) return undefined
  const items: Item[] = []
  for (const [index, item] of list.entries()) {
    const decoded = decodeItem(item, [...path, index], problems)
    if (decoded !== undefined) items.push(decoded)
  }
  return withoutSpareRoom(items)
}
