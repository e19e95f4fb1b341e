import type { Address } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { type Cluster, createCluster } from '../cluster/create-cluster.ts'
import { type FlowTally, foldedAway } from '../flows/tally-flows.ts'
import type { FlowList } from '../flows/flow-list.ts'
import { endsHere } from '../flows/ends-here.ts'
import { withRecordedDns } from '../flows/with-recorded-dns.ts'
import type { WorkloadPods } from '../flows/workload-pods.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import type { Edge } from '../reach/edge.ts'
import { checkSuggestion } from './check-suggestion.ts'
import { type Draft, draftPolicy } from './draft-policies.ts'
import { opensBeyond } from './opens-beyond.ts'
import { policyManifest, type PolicyValue } from './policy-manifest.ts'
import { policyNames } from './policy-names.ts'
import { policyText } from './policy-text.ts'
import { readBack } from './read-back.ts'
import { seenPeers } from './seen-peers.ts'
import { createSelectors } from './selectors-of.ts'
import { sortFlows } from './sort-flows.ts'
import { findSubjects, isolationOf } from './subjects.ts'
import { headOf, isolatedTexts, namelessText } from './suggestion-words.ts'

/** First policies for the workloads of a namespace, made of what was seen, and tried before anybody sees them. */
export interface FlowSuggestion {
  /** One for each workload and direction; audited, so that they deny nothing yet. */
  readonly policies: readonly PolicyValue[]
  /** The same as YAML with comments; empty where there are none. */
  readonly yaml: string
  /** All that they grant and that was not seen, each by itself: the other end may have policies of its own. */
  readonly opens: readonly Opening[]
  /** Flows with an end that no policy can name, or of which something is not known: enforced, these policies cut them. */
  readonly missing: readonly FlowTally[]
  /** Flows that policies deny by now, and that are not opened again. */
  readonly denied: readonly FlowTally[]
  /** Why workloads of the namespace have no policy here, for people. */
  readonly without: readonly string[]
  /** How many flows they are made of. */
  readonly used: number
}

export interface Opening extends Edge {
  /** The suggested policy, as `namespace/name`. */
  readonly policy: string
}

export interface SuggestOptions {
  readonly namespace: string
  /** Close the directions in which nothing was seen, too. */
  readonly closeUnseen: boolean
}

/** A direction that enforced policies isolate stays as it is: a suggestion never opens what they close. */
export function suggestFromFlows(
  given: Cluster,
  { flows, folded }: Pick<FlowList, 'flows' | 'folded'>,
  { namespace, closeUnseen }: SuggestOptions,
): FlowSuggestion {
  const cluster = withRecordedDns(given, flows)
  const ends = endsHere(cluster.graph)
  const selectors = createSelectors(cluster, ends.workloads)
  const own = ends.workloads.filter((one) => one.namespace === namespace)
  const { subjects, nameless } = findSubjects(cluster, own)
  const { used, missing, denied } = sortFlows(cluster.graph, ends, flows, namespace, selectors.isNameless)
  const seen = seenPeers(used)
  const seenOf = (direction: Direction) => (workload: WorkloadPods) => seen.get(workload.id)?.[direction] ?? []
  const inside = insideAddresses(cluster)
  const drafts = subjects.flatMap((subject) =>
    DIRECTIONS.flatMap((direction): readonly Draft[] => {
      const peers = subject.workloads.flatMap(seenOf(direction))
      const isWanted = isolationOf(subject, direction) === 'none' && (peers.length > 0 || closeUnseen)
      return isWanted ? [draftPolicy(namespace, subject, direction, peers, inside)] : []
    }),
  )
  const names = policyNames(cluster, drafts)
  const manifests = drafts.map((draft, index) => policyManifest(draft, names[index] ?? '', selectors.of))
  const alone = enforcedAlone(cluster, manifests.map((one) => policyText(one, [])).join('---\n'))
  const opens = drafts.map((draft) =>
    opensBeyond({ graph: alone.graph, selectors, seenOf: seenOf(draft.direction) }, draft),
  )
  const yaml = manifests.map((one, index) => policyText(one, headOf(opens[index] ?? []))).join('---\n')
  checkSuggestion(cluster, readBack(yaml), used, drafts)
  return {
    policies: manifests.map(({ value }) => value),
    yaml,
    opens: opens.flatMap((edges, index) => edges.map((edge) => ({ policy: `${namespace}/${names[index]}`, ...edge }))),
    missing: [...missing, ...foldedAway(folded)],
    denied,
    without: [...nameless.map(namelessText), ...isolatedTexts(subjects)],
    used: used.length,
  }
}

/** Without the policies that stand: what these grant by themselves. */
function enforcedAlone(cluster: Cluster, text: string): Cluster {
  const others = cluster.objects.filter(({ kind }) => kind !== 'NetworkPolicy')
  return createCluster([...others, ...readBack(text)], [])
}

/** Of pods and nodes. */
function insideAddresses({ graph, nodes }: Cluster): readonly Address[] {
  const ofNodes = [...nodes.values()].flatMap((node) => [
    ...node.addresses,
    ...node.tunnelAddresses,
    ...node.bridgeAddresses,
  ])
  return [...graph.owners.keys(), ...ofNodes].flatMap((text) => parseAddress(text) ?? [])
}
