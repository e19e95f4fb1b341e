import { FAMILIES } from '../addresses/address.ts'
import type { Block } from '../addresses/block.ts'
import { blockContains, hostBlock } from '../addresses/block-range.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { parseBlock } from '../addresses/parse-block.ts'
import type { WorkloadPods } from '../flows/workload-pods.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { peerOf } from '../graph/peer-of.ts'
import { podKey, podName } from '../objects/pod-name.ts'
import { grantedPorts } from '../reach/allowed-ports.ts'
import { byEnds, type Edge, edgesBetween } from '../reach/edge.ts'
import { NO_PORT, type PortSet, portTexts, subtractPortSets } from '../reach/port-set.ts'
import type { Draft } from './draft-policies.ts'
import { isHostBlock } from './fold-addresses.ts'
import { peerKey, type SeenPeer } from './seen-peers.ts'
import type { Selectors } from './selectors-of.ts'

/** What has to be known to say what a policy opens. */
export interface Opening {
  /** The allow-graph of the suggested policies alone, enforced, as they were read back. */
  readonly graph: AllowGraph
  readonly selectors: Selectors
  /** What one workload was seen to do in the direction of the draft. */
  readonly seenOf: (workload: WorkloadPods) => readonly SeenPeer[]
}

/**
 * All that a policy grants its workloads and that was not seen: with pods that are there, and with addresses that no pod has. Of a
 * block of many addresses those are meant that were not seen.
 */
export function opensBeyond(opening: Opening, draft: Draft): readonly Edge[] {
  return draft.subject.workloads
    .flatMap((workload) => {
      const seen = new Map(opening.seenOf(workload).map(({ end, ports }) => [peerKey(end), ports]))
      return [...withPods(opening, draft, workload, seen), ...withAddresses(draft, workload, seen)]
    })
    .sort(byEnds)
}

type Seen = ReadonlyMap<string, PortSet>

function withPods(opening: Opening, draft: Draft, workload: WorkloadPods, seen: Seen): readonly Edge[] {
  const { graph, selectors } = opening
  const isolated = graph.pods.get(keyOf(workload.pods[0]))
  if (isolated === undefined) throw new Error(`${workload.id} has a pod`)
  const families = FAMILIES.filter((family) => workload.pods.some((pod) => peerOf(pod, family) !== undefined))
  const granted = new Map<WorkloadPods, Map<string, GraphPod>>()
  for (const pod of grantedPods(opening, draft)) {
    const home = selectors.home(podKey(pod.pod))
    if (home === undefined || (home.id === workload.id && home.pods.length === 1)) continue
    granted.set(home, (granted.get(home) ?? new Map<string, GraphPod>()).set(podKey(pod.pod), pod))
  }
  return [...granted].flatMap(([home, pods]) => {
    const known = seen.get(peerKey({ kind: 'workload', workload: home })) ?? NO_PORT
    const found = [...pods.values()].map((pod) => {
      const ports = families.flatMap((family) => {
        const peer = peerOf(pod, family)
        if (peer === undefined) return []
        const all = grantedPorts(graph, isolated[draft.direction], peer, pod.pod.ports)
        return [[family, subtractPortSets(all, known)] as const]
      })
      return { pod, edges: edgesBetween('', '', new Map(ports)) }
    })
    const isAll = home.pods.every((pod) => pod.addresses.length === 0 || pods.has(podKey(pod.pod)))
    const isWhole = isAll && new Set(found.map(({ edges }) => JSON.stringify(edges))).size === 1
    const told = isWhole ? found.slice(0, 1) : found
    return told.flatMap(({ pod, edges }) => namedEdges(draft, workload.id, isWhole ? home.id : podName(pod.pod), edges))
  })
}

/** Every pod that some rule of the draft may be about; a rule names a workload, and meets all with its labels. */
function grantedPods({ graph, selectors }: Opening, { rules }: Draft): readonly GraphPod[] {
  const peers = rules.flatMap((rule) => rule.peers)
  const selected = peers.flatMap((peer) =>
    peer.kind === 'workload' ? [...peer.workload.pods, ...selectors.of(peer.workload).alsoSelects] : [],
  )
  const blocks = peers.flatMap((peer) => (peer.kind === 'block' ? (parseBlock(peer.block.cidr)?.block ?? []) : []))
  return [...selected, ...podsInside(graph, blocks)].filter(({ addresses }) => addresses.length > 0)
}

function podsInside({ owners }: AllowGraph, blocks: readonly Block[]): readonly GraphPod[] {
  if (blocks.length === 0) return []
  return [...owners].flatMap(([text, pod]) => {
    const address = parseAddress(text)
    if (address === undefined) return []
    const own = hostBlock(address)
    return blocks.some((block) => blockContains(block, own)) ? [pod] : []
  })
}

function withAddresses({ rules, direction }: Draft, workload: WorkloadPods, seen: Seen): readonly Edge[] {
  return rules.flatMap(({ peers, ports }) =>
    peers.flatMap((peer) => {
      if (peer.kind !== 'block') return []
      const { cidr, addresses } = peer.block
      const [first] = addresses
      const known = isHostBlock(cidr) && first !== undefined ? seen.get(`a ${first.address}`) : undefined
      const edges = portTexts(subtractPortSets(ports.opens, known ?? NO_PORT)).map((text) => ({
        from: '',
        to: '',
        ...text,
      }))
      return namedEdges({ direction }, workload.id, cidr, edges)
    }),
  )
}

function namedEdges(
  { direction }: Pick<Draft, 'direction'>,
  own: string,
  other: string,
  edges: readonly Edge[],
): readonly Edge[] {
  const ends = direction === 'egress' ? { from: own, to: other } : { from: other, to: own }
  return edges.map((edge) => ({ ...edge, ...ends }))
}

function keyOf(pod: GraphPod | undefined): string {
  return pod === undefined ? '' : podKey(pod.pod)
}
