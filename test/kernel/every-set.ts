import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import { DEFAULT_OPTIONS, type RulesetOptions } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import type { Ruleset } from '../../compiler/nftables/ruleset.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { withMode } from '../arbitraries/audited.ts'
import { decodeCluster } from '../laws/decode-cluster.ts'
import { holdChanges } from '../laws/hold-changes.ts'
import { clusterOf, namespace, pod, policy } from '../oracle/make-objects.ts'
import type { RawHold } from '../oracle/hold.ts'
import type { RawCluster, RawPeer, RawPort } from '../oracle/raw-cluster.ts'

/** Every form of set and map that we write, by what its name begins with (docs/ruleset.md, 'Names'), in both families. */
export const EVERY_FORM: readonly string[] = [
  ...[4, 6].flatMap((digit) => [
    ...['denied', 'denied-icmp', 'denied-untracked', 'denied-in', 'denied-eg', 'denied-lost'].map(
      (name) => `${name}${digit}`,
    ),
    ...['seen', 'seen-icmp', 'seen-untracked'].map((name) => `${name}${digit}`),
    ...['would-in', 'would-eg'].flatMap((name) => ['', '-icmp', '-untracked'].map((kind) => `${name}${kind}${digit}`)),
    ...['iso', 'self', 'in', 'eg'].map((name) => `${name}${digit}`),
    ...['in', 'eg'].map((name) => `${name}${digit}-reply`),
    ...['p', 'x', 'y', 'b', 'z', 'd'].map((name) => `${name}${digit}-…`),
    ...['p', 'x', 'y', 'd'].map((name) => `${name}${digit}-…-next`),
    ...['local', 'starting'].map((name) => `${name}${digit}`),
  ]),
  'agent',
  't-…',
].sort()

/** The form of a set's name. */
export function formOf(name: string): string {
  return name.replace(/^([a-z]\d?)-[a-z2-7]{20}/, '$1-…')
}

/** Under which every set stands: the whole hold, the agent's sign of life too. */
export const EVERY_OPTIONS: RulesetOptions = { ...DEFAULT_OPTIONS, observe: true, holdOpenAfterSeconds: 600 }

/** The generation under which the table begins. */
export const GENERATION = 1

/** A table that has every form in it, in two steps: the whole text, and what stands in the middle of a diversion. */
export interface EverySet {
  readonly ruleset: Ruleset
  readonly text: string
  /** The transactions that bring the copies. */
  readonly diversion: readonly string[]
}

/** Pods with each layout in both directions; then all peers change together with all classes. By default in both families. */
export function everySet(families: readonly Family[] = FAMILIES): EverySet {
  const engine: Engine = createEngine({ isLocal: () => true, ruleset: EVERY_OPTIONS })
  engine.apply([...decodeCluster(cluster(1, families)).map(putObject), ...holdChanges(hold(families))])
  const ruleset = engine.ruleset()
  const text = rulesetText(ruleset, EVERY_OPTIONS, GENERATION)
  const change = engine.apply(decodeCluster(cluster(2, families)).map(putObject))
  const transactions = planTransactions(change, engine.view, EVERY_OPTIONS, GENERATION + 1)
  const swap = transactions.findIndex((one) => one.includes('-next'))
  return { ruleset, text, diversion: transactions.slice(0, swap + 1) }
}

const putObject = (object: ClusterObject) => ({ type: 'put' as const, object })

/** One pod is in its sandbox, which is noted beside its address; another is about to start. */
function hold(families: readonly Family[]): RawHold {
  const own = (name: string, last: number) => {
    const addresses = { IPv4: `10.244.1.${last}`, IPv6: `fd44:0:0:1::${last}` }
    const given = families.map((family) => addresses[family])
    return { key: `k-${name}`, uid: `uid-${name}`, namespace: 'shop', name, addresses: given, order: last }
  }
  const subnets = { IPv4: '10.244.1.0/24', IPv6: 'fd44:0:0:1::/64' }
  return {
    node: 'node-1',
    subnets: families.map((family) => subnets[family]),
    sandboxes: [own('mover', 20), own('nobody', 99)],
  }
}

const KINDS = ['rules', 'map', 'ranges', 'merged', 'blocks'] as const

function cluster(step: 1 | 2, families: readonly Family[]): RawCluster {
  const labelled = (name: string, last: number, labels: Readonly<Record<string, string>>) => {
    const addresses = { IPv4: `10.244.1.${last}`, IPv6: `fd44:0:0:1::${last}` }
    const ports = [{ name: 'http', containerPort: 8080, protocol: 'TCP' }]
    const written = families.map((family) => addresses[family]).join(' ')
    return pod(`shop/${name}`, written, { labels, ports, metadata: { uid: `uid-${name}` } })
  }
  const peers = Array.from({ length: step === 1 ? 8 : 9 }, (_, index) =>
    labelled(`peer-${index}`, 30 + index, { door: `d${index % 8}`, app: 'peer' }),
  )
  // Any pod more that all rules name makes every class another one, and leaves their sets the same.
  const more = step === 1 ? [] : [rule([by({ app: 'blocks' })])]
  return clusterOf(
    namespace('shop', {}),
    ...KINDS.map((kind, index) => labelled(kind, 10 + index, { app: kind })),
    // Sets of endpoints are copied only where one pod comes to them, or leaves them, and another stays.
    labelled('mover', 20, { app: step === 1 ? 'merged' : 'rules' }),
    ...peers,
    labelled('asked', 21, { app: 'asked' }),
    withMode(
      policy('shop/asked', { podSelector: { matchLabels: { app: 'asked' } }, policyTypes: ['Ingress', 'Egress'] }),
      'audit',
    ),
    ...KINDS.map((kind) => {
      const rules = [...RULES[kind], ...more]
      return policy(`shop/${kind}`, {
        podSelector: { matchLabels: { app: kind } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: rules.map(({ peers: from, ports }) => ({ from, ports })),
        egress: rules.map(({ peers: to, ports }) => ({ to, ports })),
      })
    }),
  )
}

const by = (labels: Readonly<Record<string, string>>): RawPeer => ({ podSelector: { matchLabels: labels } })
const rule = (peers: readonly RawPeer[], ...ports: readonly RawPort[]) => ({ peers, ports })

/** So many rules, each with a port and peers of its own. */
const doors = (count: number, ...more: readonly RawPort[]) =>
  Array.from({ length: count }, (_, index) =>
    rule([by({ door: `d${index}` })], { port: 3000 + 10 * index }, ...more.map((port) => ({ ...port }))),
  )

const blocks = (third: number): readonly RawPeer[] =>
  Array.from({ length: 9 }, (_, index) => [
    { ipBlock: { cidr: `203.0.${third}.${16 * index}/30` } },
    { ipBlock: { cidr: `2001:db8:${third}:${16 * index}::/64` } },
  ]).flat()

const RULES = {
  rules: [
    rule([by({ app: 'peer' })], { port: 80 }, { port: 'http' }),
    rule([], ...Array.from({ length: 8 }, (_, index) => ({ port: 20 + 2 * index }))),
  ],
  map: doors(8),
  ranges: [
    ...doors(8),
    rule([by({ app: 'peer' })], { port: 9000, endPort: 9099, protocol: 'UDP' }),
    rule([], ...Array.from({ length: 8 }, (_, index) => ({ port: 20 + 4 * index, endPort: 21 + 4 * index }))),
  ],
  merged: [
    ...doors(130),
    ...Array.from({ length: 3 }, (_, index) =>
      rule([by({ door: `d${index}` })], { port: 9000 + 10 * index, endPort: 9005 + 10 * index, protocol: 'UDP' }),
    ),
  ],
  blocks: [rule(blocks(113)), rule(blocks(114), { port: 443 }, { port: 8000, endPort: 8100 })],
} satisfies Readonly<Record<(typeof KINDS)[number], readonly ReturnType<typeof rule>[]>>
