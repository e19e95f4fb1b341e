import type { Family } from '../../../compiler/addresses/address.ts'
import type { Entry } from '../../../compiler/explain/entries.ts'
import type { Cluster } from '../../../compiler/cluster/create-cluster.ts'
import type { FlowList } from '../../../compiler/flows/flow-list.ts'
import { describePorts } from '../../../compiler/objects/describe-ports.ts'
import type { GraphPod } from '../../../compiler/graph/allow-graph.ts'
import { podKey, podName } from '../../../compiler/objects/pod-name.ts'
import type { Direction } from '../../../compiler/objects/direction.ts'
import type { Policy } from '../../../compiler/objects/objects.ts'
import { placeText } from '../../../compiler/objects/place-text.ts'
import { betweenNodes } from '../../../compiler/reach/between-nodes.ts'
import { createReach } from '../../../compiler/reach/create-reach.ts'
import { edgesBetween } from '../../../compiler/reach/edge.ts'
import { type FoldBy, foldPods, type ReachNode } from '../../../compiler/reach/fold.ts'
import { isNoPort, type PortSet, portSetKey } from '../../../compiler/reach/port-set.ts'
import { portsText } from '../edge-lines.ts'
import { entryLines } from '../entries-text.ts'
import { labelOf, stateOf } from '../picture.ts'
import { type SeenEdges, seenEdges } from '../seen-edges.ts'
import { allRules, type KnownRule, type KnownRules } from './all-rules.ts'
import { createCollected } from './collected.ts'
import { outsideEntries } from './outside-entries.ts'
import { deniedBetween, deniedOutside, heldBack } from './denied-between.ts'
import { EVERYTHING, type PageAsked } from './page-asked.ts'
import { type PageClass, sortIntoClasses } from './page-classes.ts'
import type {
  PageData,
  PageFlows,
  PageNode,
  PageOutside,
  PagePolicy,
  PagePorts,
  PageReach,
  PageRule,
} from './page-data.ts'
import { hasNames, rulePorts } from './rule-ports.ts'
import { strangerEntries } from './stranger-entries.ts'

/** Everything that the page can be asked, worked out once; the same cluster gives the same bytes. */
export function collectPageData(cluster: Cluster, by: FoldBy, asked?: PageAsked): PageData {
  return collectPage(cluster, by, asked).data
}

/** The same, with the nodes of the page as they came of pods. */
export function collectPage(
  cluster: Cluster,
  by: FoldBy,
  asked: PageAsked = EVERYTHING,
  ways: readonly Entry[] = [],
  seen?: FlowList,
): { readonly data: PageData; readonly nodes: readonly ReachNode[] } {
  const reach = createReach(cluster.graph)
  const known = allRules(cluster)
  const classes = sortIntoClasses(cluster, reach, known, by)
  const portSets = createCollected<PagePorts>()
  const setAt = (set: PortSet): number =>
    isNoPort(set) ? -1 : portSets.position(portSetKey(set), () => pagePorts(set))

  const reaches = createCollected<PageReach>()
  reaches.position('', () => ({ text: '', sets: [-1, -1] }))
  function reachOf({ members: from }: PageClass, { members: to }: PageClass): number {
    const allowed = betweenNodes(reach, from, to)
    const [source, destination] = [from[0], to[0]]
    if (!asked.denied || source === undefined || destination === undefined) return reachAt(allowed, undefined)
    return reachAt(deniedBetween(allowed), heldBack(cluster.graph, source, destination))
  }
  function reachAt(allowed: ReadonlyMap<Family, PortSet>, held: readonly Direction[] | undefined): number {
    const sets: PageReach['sets'] = [setIn(allowed, 'IPv4'), setIn(allowed, 'IPv6')]
    if (sets.every((set) => set === -1)) return 0
    // In which families there is an end at all is part of the words.
    const key = `${sets.join()} ${[...allowed.keys()].join()} ${held?.join() ?? ''}`
    const text = () => portsText(edgesBetween('', '', allowed))
    return reaches.position(key, () => ({ text: text(), sets, ...(held && { held }) }))
  }
  const setIn = (allowed: ReadonlyMap<Family, PortSet>, family: Family): number => {
    const set = allowed.get(family)
    return set === undefined ? -1 : setAt(set)
  }

  const rows = createCollected<readonly number[]>()
  const rowOf = classes.map((from) => {
    const row = runLengths(classes.map((to) => reachOf(from, to)))
    return rows.position(row.join(), () => row)
  })

  const admitted = createCollected<readonly number[]>()
  function pageRule(one: KnownRule): PageRule {
    const { policy, direction, rule } = one
    const admits = (family: Family): number => {
      const list = classes.flatMap(({ isAmong }, index) => (isAmong(family, one) ? [index] : []))
      return admitted.position(list.join(), () => list)
    }
    return {
      policy,
      name: `${direction}[${rule.index}]`,
      place: placeText(rule.place ?? known.policies[policy]?.place),
      text: rule.ports === 'any' ? 'every port' : describePorts(rule.ports),
      ports: hasNames(rule)
        ? classes.map(({ members }) => setAt(rulePorts(rule, members[0]?.pod.ports ?? [])))
        : setAt(rulePorts(rule, [])),
      admits: [admits('IPv4'), admits('IPv6')],
    }
  }

  function outside(direction: Direction): readonly (readonly PageOutside[])[] {
    return classes.map((one) => {
      if (asked.denied)
        return deniedOutside(reach, one.members[0], direction).map((entry) => ({ ...entry, ports: setAt(entry.ports) }))
      const addresses = outsideEntries(reach, known, one, direction)
      const strangers = strangerEntries(reach, known, one, direction, addresses)
      return [...addresses, ...strangers].map((entry) => ({ ...entry, ports: setAt(entry.ports) }))
    })
  }

  const classOf = new Map(classes.flatMap(({ members }, index) => members.map((pod) => [pod, index] as const)))
  const isPartOf = (pods: ReadonlySet<string> | undefined, { members }: ReachNode): boolean =>
    pods === undefined || members.some(({ pod }) => pods.has(podKey(pod)))
  const all = foldPods([...classOf.keys()], by, (pod: GraphPod) => classOf.get(pod))
  const nodes = all.filter((node) => isPartOf(asked.shown, node))
  const namespaces = [...new Set(nodes.map(({ namespace }) => namespace))].sort()
  const data: PageData = {
    nodes: nodes.map(
      (node): PageNode => ({
        id: node.id,
        namespace: namespaces.indexOf(node.namespace),
        ...labelOf(node),
        state: stateOf(node),
        class: classOf.get(node.members[0] as GraphPod) ?? -1,
        pods: node.kind === 'pod' ? [] : node.members.flatMap(({ pod }) => (pod.standIn ? [] : [pod.name])),
        asked: isPartOf(asked.focus, node),
      }),
    ),
    namespaces,
    rules: known.rules.map(pageRule),
    audited: cluster.audited.map(({ policy }) => citeAudited(policy)).sort(),
    policies: known.policies.map((policy, index) => pagePolicy(policy, index, known)),
    isolatedBy: {
      ingress: classes.map(({ isolatedBy }) => isolatedBy.ingress),
      egress: classes.map(({ isolatedBy }) => isolatedBy.egress),
    },
    outside: { ingress: outside('ingress'), egress: outside('egress') },
    rows: rows.list,
    rowOf,
    reaches: reaches.list,
    portSets: portSets.list,
    admitted: admitted.list,
    denied: asked.denied,
    ways: entryLines(ways),
    ...(seen !== undefined && { flows: pageFlows(seenEdges(cluster.graph, all, seen)) }),
  }
  return { data, nodes }
}

function pageFlows({ used, refused }: SeenEdges): PageFlows {
  return { used, refused }
}

function citeAudited(policy: Policy): string {
  const place = placeText(policy.place)
  return `${podName(policy)}${place === '' ? '' : ` (${place})`}`
}

function pagePolicy(policy: Policy, index: number, { rules }: KnownRules): PagePolicy {
  const own = (direction: Direction) =>
    rules.flatMap((rule, position) => (rule.policy === index && rule.direction === direction ? [position] : []))
  const closed = (direction: Direction) => {
    const side = policy[direction]
    return side?.kind === 'closed' ? side.reason : ''
  }
  return {
    name: podName(policy),
    place: placeText(policy.place),
    rules: { ingress: own('ingress'), egress: own('egress') },
    closed: { ingress: closed('ingress'), egress: closed('egress') },
  }
}

function pagePorts({ ranges, other }: PortSet): PagePorts {
  const flat = (list: readonly { readonly from: number; readonly to: number }[]) =>
    list.flatMap(({ from, to }) => [from, to])
  return { TCP: flat(ranges.TCP), UDP: flat(ranges.UDP), SCTP: flat(ranges.SCTP), other }
}

function runLengths(values: readonly number[]): readonly number[] {
  const runs: number[] = []
  for (const [index, value] of values.entries()) {
    if (index > 0 && values[index - 1] === value) runs[runs.length - 2] = (runs.at(-2) ?? 0) + 1
    else runs.push(1, value)
  }
  return runs
}
