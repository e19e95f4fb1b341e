import fc from 'fast-check'
import type { Connection } from '../oracle/connection.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import type { RawCluster, RawPod, RawPolicy, RawPort } from '../oracle/raw-cluster.ts'

const KINDS = 264
const [PEERS, SUBJECTS, GRANTS] = [3, 3, 4]
const PORTS: readonly (RawPort | undefined)[] = [
  { port: 3_010 },
  { port: 3_010 },
  { port: 3_002, endPort: 3_003 },
  { port: 3_002, endPort: 3_003 },
  { port: 2_000 },
  { port: 'http' },
  { port: 8_080 },
  { port: 80 },
  undefined,
]
export const OWN = { matchLabels: { app: 'web' } }

const WATCHED: readonly Connection[] = [50, 51, 52].flatMap((own) =>
  [100, 101].flatMap((other) => {
    const ends = [`10.244.1.${own}`, `10.244.1.${other}`] as const
    const ports = [3_000, 3_001, 3_002, 3_005, 3_010, 2_000, 8_080, 8_081, 80].map((port) => ({
      protocol: 'TCP' as const,
      port,
    }))
    return [...ports, { protocol: 'UDP' as const, port: 53 }].flatMap((at) => [
      { source: ends[1], destination: ends[0], ...at },
      { source: ends[0], destination: ends[1], ...at },
    ])
  }),
)

/** Clusters one after the other, each a few objects from the last. */
export interface LongSets {
  readonly stages: readonly RawCluster[]
  readonly watched: readonly Connection[]
}

/**
 * Pods under policies with so many peers that their sets are named by whose they are, in each layout: on many ports, on one port, on
 * every port. Grants come and go that give what others give too, under the same podSelector or another, for ranges that meet,
 * for names that are different numbers on different pods; pods come, go and change their labels.
 */
export const longSets: fc.Arbitrary<LongSets> = fc
  .record({
    bases: fc.constantFrom<readonly Base[]>(['ports'], ['ports'], ['port'], ['whole'], ['ports', 'port', 'whole']),
    first: stage(),
    changes: fc.array(fc.array(change(), { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 5 }),
  })
  .map(({ bases, first, changes }) => {
    const stages = [first]
    for (const some of changes) {
      const last = { ...stages.at(-1) } as Stage
      stages.push(some.reduce((before, one) => ({ ...before, ...one }), last))
    }
    return longSetsOf(bases, stages)
  })

/** The clusters of these stages; what makes their sets long is the same in all of them. */
export function longSetsOf(bases: readonly Base[], stages: readonly Stage[]): LongSets {
  return { stages: stages.map((one) => clusterOf(...objectsOf(one, bases))), watched: WATCHED }
}

export type Base = 'ports' | 'port' | 'whole'

export interface Grant {
  readonly selector: object
  readonly direction: 'Ingress' | 'Egress'
  readonly peers: readonly string[]
  readonly port: RawPort | undefined
}

/** By name: the kind of a peer, the labels of a subject, a grant beside those of the base; undefined: it is not there. */
export type Stage = Readonly<Record<`peer-${number}`, string | undefined>> &
  Readonly<Record<`web-${number}`, Subject | undefined>> &
  Readonly<Record<`grant-${number}`, Grant | undefined>>

interface Subject {
  readonly index: number
  readonly http: number
}

function stage(): fc.Arbitrary<Stage> {
  return fc.record({
    ...named('peer', PEERS, peer),
    ...named('web', SUBJECTS, subject),
    ...named('grant', GRANTS, grant),
  }) as fc.Arbitrary<Stage>
}

function change(): fc.Arbitrary<Partial<Stage>> {
  const one = (name: string, count: number, make: () => fc.Arbitrary<unknown>) =>
    fc.tuple(fc.nat({ max: count - 1 }), make()).map(([at, value]) => ({ [`${name}-${at}`]: value }))
  const grants = { weight: 5, arbitrary: one('grant', GRANTS, grant) }
  return fc.oneof(grants, one('peer', PEERS, peer), one('web', SUBJECTS, subject)) as fc.Arbitrary<Partial<Stage>>
}

function named(name: string, count: number, make: () => fc.Arbitrary<unknown>): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}-${at}`, make()]))
}

function peer(): fc.Arbitrary<string | undefined> {
  return fc.constantFrom(undefined, 'k0', 'k0', 'k1', 'k1', 'k2')
}

function subject(): fc.Arbitrary<Subject | undefined> {
  const real = fc.record({ index: fc.nat({ max: 1 }), http: fc.constantFrom(8_080, 8_081) })
  return fc.oneof({ weight: 9, arbitrary: real }, fc.constant(undefined))
}

function grant(): fc.Arbitrary<Grant | undefined> {
  const real = fc.record({
    selector: fc.constantFrom<object>(OWN, OWN, OWN, {}, { matchLabels: { index: '0' } }),
    direction: fc.constantFrom('Ingress' as const, 'Ingress' as const, 'Egress' as const),
    // Of two formulas for the same pods each is a reason of its own.
    peers: fc.constantFrom(['k0'], ['k0', 'none'], ['k1', 'none'], ['k0', 'k1']),
    port: fc.constantFrom(...PORTS),
  })
  return fc.oneof({ weight: 2, arbitrary: real }, fc.constant(undefined))
}

function objectsOf(stage: Stage, bases: readonly Base[]): readonly (RawPod | RawPolicy)[] {
  const pods = (['peer', 'web'] as const).flatMap((name, row) =>
    Array.from({ length: name === 'peer' ? PEERS : SUBJECTS }, (_, at) =>
      podOf(stage, `${name}-${at}`, 100 - 50 * row + at),
    ),
  )
  const grants = Array.from({ length: GRANTS }, (_, at) => grantPolicy(`shop/grant-${at}`, stage[`grant-${at}`]))
  return [...pods, ...grants, ...bases.flatMap(basePolicies)].filter((object) => object !== undefined)
}

function podOf(stage: Stage, name: `peer-${number}` | `web-${number}`, last: number): RawPod | undefined {
  const is = stage[name as `peer-${number}`] as string | Subject | undefined
  if (is === undefined) return undefined
  const labels = typeof is === 'string' ? { kind: is } : { app: 'web', index: `${is.index}` }
  const ports = [{ name: 'http', containerPort: typeof is === 'string' ? 8_080 : is.http }]
  return pod(`shop/${name}`, `10.244.1.${last}`, { labels, ports })
}

function grantPolicy(path: string, grant: Grant | undefined): RawPolicy | undefined {
  if (grant === undefined) return undefined
  const { selector, direction, peers, port } = grant
  const podSelector = { matchExpressions: [{ key: 'kind', operator: 'In', values: peers }] }
  const rule = { [direction === 'Ingress' ? 'from' : 'to']: [{ podSelector }], ports: port === undefined ? [] : [port] }
  return policy(path, { podSelector: selector, policyTypes: [direction], [direction.toLowerCase()]: [rule] })
}

/** What makes the sets long: a kind of peer each, nearly all of which nobody is. */
function basePolicies(base: Base): readonly RawPolicy[] {
  return (['Ingress', 'Egress'] as const).map((direction) => {
    const rules = Array.from({ length: KINDS }, (_, at) => ({
      [direction === 'Ingress' ? 'from' : 'to']: [{ podSelector: { matchLabels: { kind: `k${at}` } } }],
      ports: portsOf(base, at),
    }))
    const spec = { podSelector: OWN, policyTypes: [direction], [direction.toLowerCase()]: rules }
    return policy(`shop/${base}-${direction.toLowerCase()}`, spec)
  })
}

function portsOf(base: Base, at: number): readonly RawPort[] {
  switch (base) {
    case 'ports':
      return [at % 2 === 0 ? { port: 3_000 + 10 * at, endPort: 3_005 + 10 * at } : { port: 3_000 + 10 * at }]
    case 'port':
      return [{ port: 80 }]
    case 'whole':
      return [{ protocol: 'UDP' }]
  }
}
