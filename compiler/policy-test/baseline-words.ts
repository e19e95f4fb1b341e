import { lastingLabels } from '../explain/lasting-labels.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import type { Requirement, Selector } from '../objects/selector.ts'
import type { ReachNode } from '../reach/fold.ts'
import { EVERY_PORT, isEveryPort, type PortSet, subtractPortSets } from '../reach/port-set.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import { portWords } from './asked-ports.ts'
import type { World } from './world.ts'

/** One test as it is written. */
export type WrittenTest = Readonly<Record<string, unknown>>

/** How each workload is written. */
export type Names = ReadonlyMap<ReachNode, unknown>

/** By labels where these are its pods and no others, else by name. */
export function writtenNode({ cluster, inNamespace, hosts }: World, { namespace, members, id }: ReachNode): unknown {
  const [first] = members
  if (first === undefined) return id
  const labels = Object.entries(lastingLabels(cluster, first))
  const hasLabels = ({ pod }: GraphPod): boolean => labels.every(([key, value]) => pod.labels.labels.get(key) === value)
  const inHere = [...(inNamespace.get(namespace) ?? []), ...hosts.filter(({ pod }) => pod.namespace === namespace)]
  const same = inHere.filter(hasLabels)
  const own = new Set(members)
  const isExact = labels.length > 0 && same.length === own.size && same.every((pod) => own.has(pod))
  if (isExact) return { namespace, pods: Object.fromEntries(labels) }
  const kind = / \((\w+)\)$/.exec(id)?.[1]
  return kind === undefined ? id : `${namespace}/${kind.toLowerCase()}/${first.pod.workload?.name ?? ''}`
}

/** Of pods that need not be there: by the selectors of a rule. */
export function writtenGroup(group: PeerGroup): object {
  return { ...placeOf(group), ...(group.pods.key === '' ? {} : { pods: selectorJson(group.pods) }), absent: true }
}

/** The same, as its reader has it. */
export function selectedOf({ namespaces, pods }: PeerGroup): {
  readonly namespaces: Selector
  readonly pods: Selector
} {
  if (namespaces.kind === 'selected') return { namespaces: namespaces.selector, pods }
  const requirement: Requirement = { key: NAMESPACE_NAME_LABEL, operator: 'In', values: [namespaces.name] }
  return { namespaces: { key: `${NAMESPACE_NAME_LABEL}=${namespaces.name}`, requirements: [requirement] }, pods }
}

function placeOf({ namespaces, pods }: PeerGroup): object {
  if (namespaces.kind === 'named') return { namespace: namespaces.name }
  if (namespaces.selector.key !== '') return { namespaces: selectorJson(namespaces.selector) }
  return pods.key === '' ? { namespaces: {} } : {}
}

function selectorJson({ requirements }: Selector): object {
  const isPlain = requirements.every(({ operator, values }) => operator === 'In' && values.length === 1)
  if (isPlain) return Object.fromEntries(requirements.map(({ key, values }) => [key, values[0]]))
  return {
    matchExpressions: requirements.map(({ key, operator, values }) => ({
      key,
      operator,
      ...(values.length > 0 && { values }),
    })),
  }
}

/** Is there anything of it to write? */
export function hasWords({ ports }: { readonly ports: PortSet }): boolean {
  return portWords(ports).length > 0
}

export function oneOrMore(list: readonly string[]): unknown {
  return list.length === 1 ? list[0] : list
}

/** The shorter of what they are and what they are not. */
export function withPorts(ports: PortSet): { readonly ports: unknown } {
  const words = portWords(ports).map(asNumber)
  const missing = portWords(subtractPortSets(EVERY_PORT, ports)).map(asNumber)
  if (isEveryPort(ports) || missing.length === 0) return { ports: ['*'] }
  return { ports: missing.length < words.length ? { not: missing } : words }
}

/** As people write it. */
export function asNumber(word: string): string | number {
  return /^\d+$/.test(word) ? Number(word) : word
}
