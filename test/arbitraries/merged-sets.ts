import fc from 'fast-check'
import type { Connection } from '../oracle/connection.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import type { RawCluster, RawRule } from '../oracle/raw-cluster.ts'

/** One grant more: what it does to the merged set of the class, which keeps its name. */
const MORE = {
  /** An element more for each peer. */
  port: { kinds: ['k0', 'k1'], port: 2_000 },
  /** Elements that other grants give as well. */
  again: { kinds: ['k0', 'k1'], port: 3_000 },
  /** Another range. */
  range: { kinds: ['k0', 'k10'], port: 2_100, endPort: 2_110 },
  /** It cuts a range in three, for peers that have all of it, too. */
  cut: { kinds: ['k0', 'k1'], port: 3_002, protocol: 'UDP' },
  /** A name, in egress a peer's own. */
  name: { kinds: ['k0', 'k20'], port: 'http' },
} as const

const FORMS = Object.keys(MORE) as readonly (keyof typeof MORE)[]

/** Two clusters, and the connections whose right hangs on what is different. */
export interface MergedSets {
  readonly before: RawCluster
  readonly after: RawCluster
  readonly watched: readonly Connection[]
}

/**
 * Pods whose policies have so many kinds of grants that all peers of a class share one set, with ranges of ports one interval set,
 * and peers that move between those kinds while the policies stay, gain a grant, or begin and end. So elements come to and leave
 * merged and interval sets that packets look into, which random clusters hardly ever bring about.
 */
export const mergedSets: fc.Arbitrary<MergedSets> = fc
  .record<MergedPlan>({
    kinds: fc.integer({ min: 130, max: 300 }),
    ranges: fc.constantFrom(1, 2, 5),
    peers: fc.array(fc.tuple(kindOfPeer(), kindOfPeer()), { minLength: 1, maxLength: 4 }),
    web: fc.tuple(rules(), rules()),
    other: fc.tuple(rules(), rules()),
    egress: fc.tuple(rules(), rules()),
    selectedBy: fc.constantFrom('name', 'rules'),
  })
  .map(mergedSetsOf)

/** What happens; each pair is before and after. */
export interface MergedPlan {
  readonly kinds: number
  /** One of so many kinds has a range of ports. */
  readonly ranges: number
  /** Of which kind each peer is; undefined: it is not there. */
  readonly peers: readonly (readonly [number | undefined, number | undefined])[]
  readonly web: readonly [Rules, Rules]
  readonly other: readonly [Rules, Rules]
  readonly egress: readonly [Rules, Rules]
  /**
   * What the policies select pods by. By their names, each pod has its own policy, whose rules change, and long sets of its own. By
   * their rules, there is a policy for each form of rules, pods with the same share long sets, and it is a pod's labels that change.
   */
  readonly selectedBy: 'name' | 'rules'
}

export function mergedSetsOf({ kinds, ranges, peers, web, other, egress, selectedBy }: MergedPlan): MergedSets {
  const clusterAt = (at: 0 | 1): RawCluster => {
    const grants = (direction: 'from' | 'to', form: Rules): readonly RawRule[] => [
      ...Array.from({ length: kinds }, (_, kind) => ({
        [direction]: [{ podSelector: { matchLabels: { kind: `k${kind}` } } }],
        ports: portsOf(kind, kind % ranges === 0),
      })),
      ...moreOf(direction, form),
    ]
    const isolates = (app: string, direction: 'Ingress' | 'Egress', form: Rules) => {
      if (form === 'none') return []
      const way = direction.toLowerCase()
      const [name, matchLabels] =
        selectedBy === 'name' ? [`${app}-${way}`, { app }] : [`${form}-${way}`, { [way]: form }]
      const spec = { podSelector: { matchLabels }, policyTypes: [direction] }
      const all = grants(direction === 'Ingress' ? 'from' : 'to', form)
      const list = form === 'elsewhere' ? all.slice(1) : all
      return [policy(`shop/${name}`, { ...spec, [way]: list })]
    }
    const labels =
      selectedBy === 'name'
        ? { web: {}, other: {} }
        : { web: { ingress: web[at], egress: egress[at] }, other: { ingress: other[at] } }
    // By rules, two pods may have one policy.
    const policies = [
      ...isolates('web', 'Ingress', web[at]),
      ...(selectedBy === 'rules' && other[at] === web[at] ? [] : isolates('other', 'Ingress', other[at])),
      ...isolates('web', 'Egress', egress[at]),
    ]
    return clusterOf(
      podAt('web', PODS.web, { app: 'web', ...labels.web }),
      podAt('other', PODS.other, { app: 'other', ...labels.other }),
      ...peers.flatMap((kind, index) =>
        kind[at] === undefined ? [] : [podAt(`peer-${index}`, 100 + index, { kind: `k${kind[at]}` })],
      ),
      ...policies,
    )
  }
  const watched = peers.flatMap((kind, index) =>
    [...new Set([...kind, 0])].flatMap((one) => (one === undefined ? [] : watchedOf(100 + index, one))),
  )
  return { before: clusterAt(0), after: clusterAt(1), watched }
}

export type Rules = 'none' | 'same' | 'wider' | 'elsewhere' | keyof typeof MORE

/** `elsewhere` has one kind less. */
function rules(): fc.Arbitrary<Rules> {
  return fc.constantFrom<Rules>('same', 'same', 'same', 'wider', 'elsewhere', 'none', ...FORMS)
}

function moreOf(direction: 'from' | 'to', form: Rules): readonly RawRule[] {
  if (form === 'wider') return [{ [direction]: [{ podSelector: { matchLabels: { app: 'other' } } }] }]
  const more = FORMS.find((one) => one === form)
  if (more === undefined) return []
  const { kinds, ...port } = MORE[more]
  return [
    {
      [direction]: [{ podSelector: { matchExpressions: [{ key: 'kind', operator: 'In', values: kinds }] } }],
      ports: [port],
    },
  ]
}

/** Few kinds, so that peers meet each other in them. */
function kindOfPeer(): fc.Arbitrary<number | undefined> {
  return fc.constantFrom(undefined, 0, 0, 1, 10, 20)
}

const PODS = { web: 10, other: 11 } as const

function podAt(name: string, last: number, labels: Readonly<Record<string, string>>) {
  const ports = [{ name: 'http', containerPort: 8_080 }]
  return pod(`shop/${name}`, `10.244.1.${last} fd44:0:0:1::${last}`, { labels, ports })
}

function portsOf(kind: number, isRange: boolean): NonNullable<RawRule['ports']> {
  const port = 3000 + 10 * kind
  return isRange
    ? [{ protocol: 'UDP', port, endPort: port + 5 }, { port }]
    : [{ protocol: 'UDP', port: port + 2 }, { port }]
}

function watchedOf(last: number, kind: number): readonly Connection[] {
  const ends = (host: number) => [
    [`10.244.1.${last}`, `10.244.1.${host}`] as const,
    [`fd44:0:0:1::${last}`, `fd44:0:0:1::${host}`] as const,
  ]
  return Object.values(PODS)
    .flatMap(ends)
    .flatMap(([peer, own]) =>
      [
        { source: peer, destination: own },
        { source: own, destination: peer },
      ].flatMap((both) => [
        { ...both, protocol: 'UDP' as const, port: 3002 + 10 * kind },
        { ...both, protocol: 'UDP' as const, port: 3004 + 10 * kind },
        { ...both, protocol: 'TCP' as const, port: 3000 + 10 * kind },
        ...(peer.includes(':') ? [] : [2_000, 2_105, 8_080]).map((port) => ({
          ...both,
          protocol: 'TCP' as const,
          port,
        })),
      ]),
    )
}
