import { deepStrictEqual, ok } from 'node:assert'
import fc from 'fast-check'
import { createCluster } from '../../compiler/cluster/create-cluster.ts'
import type { RecordedFlow } from '../../compiler/flows/flow-list.ts'
import { listFlows, type NodeFlows } from '../../compiler/flows/list-flows.ts'
import { KEPT_SECONDS } from '../../compiler/nftables/recorded-sets.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'

/** Who speaks: two pods of one node, one of another, and an address outside. */
const NODE_OF: ReadonlyMap<string, string> = new Map([
  ['10.244.0.5', 'a'],
  ['10.244.0.6', 'a'],
  ['10.244.1.5', 'b'],
])
const ENDS = [...NODE_OF.keys(), '203.0.113.9'] as const
const NODES = ['a', 'b'] as const

const TEXT = `${[...NODE_OF]
  .map(
    ([address, node], index) =>
      `{apiVersion: v1, kind: Pod, metadata: {name: pod-${index}, namespace: shop}, spec: {nodeName: ${node}, containers: []}, status: {podIP: ${address}}}`,
  )
  .join('\n---\n')}\n`
const { objects } = readObjects([{ file: 'pods.yaml', text: TEXT }], { defaultNamespace: 'shop' })
const cluster = createCluster(objects, [])

type Fate = 'allowed' | 'denied'

/** In the order of time: an end tries another one, or a pod's direction is closed or opened. */
interface Event {
  /** Seconds since the one before. */
  readonly after: number
  readonly from: number
  readonly to: number
  readonly what: 'connects' | 'closes ingress' | 'closes egress' | 'opens'
}

/** How a node is asked: by how many seconds later than the first; `silent`: it did not answer. */
interface Asked {
  readonly later: number
  readonly is: 'observing' | 'not observing' | 'silent' | 'without agent'
}

/** What happened in a cluster, and how its nodes are asked afterwards. */
export type History = readonly [closed: readonly string[], events: readonly Event[], asked: readonly [Asked, Asked]]

// Most often between the nodes.
const end = fc.constantFrom(0, 0, 2, 2, 1, 3)
const asked = fc.record({
  later: fc.nat({ max: 30 }),
  is: fc.constantFrom(
    'observing' as const,
    'observing' as const,
    'not observing' as const,
    'silent' as const,
    'without agent' as const,
  ),
})
const ways = [...NODE_OF.keys()].flatMap((address) => [`ingress ${address}`, `egress ${address}`])
const history: fc.Arbitrary<History> = fc.tuple(
  fc.subarray(ways),
  fc.array(
    fc.record({
      after: fc.constantFrom(1, 1, 90, 90, 90, 5_000),
      from: end,
      to: end,
      what: fc.constantFrom('connects', 'connects', 'connects', 'closes ingress', 'closes egress', 'opens'),
    }),
    { minLength: 4, maxLength: 30, size: 'max' },
  ),
  fc.tuple(asked, asked),
) as fc.Arbitrary<History>

interface Noted {
  count: number
  last: number
}

/** What each node has noted, by `node fate from to`, and when what came to its receiver. */
function play(closedAtFirst: readonly string[], events: readonly Event[], isWithout: (node: string) => boolean) {
  const noted = new Map<string, Noted>()
  const arrived = new Map<string, number>()
  const closed = new Set(closedAtFirst)
  let now = 0
  const note = (node: string, fate: Fate, pair: string): void => {
    const { count } = noted.get(`${node} ${fate} ${pair}`) ?? { count: 0 }
    noted.set(`${node} ${fate} ${pair}`, { count: count + 1, last: now })
  }
  for (const { after, from, to, what } of events) {
    now += after
    const [source, destination] = [ENDS[from] ?? '', ENDS[to] ?? '']
    if (what === 'opens') for (const way of ['ingress', 'egress']) closed.delete(`${way} ${source}`)
    else if (what !== 'connects') closed.add(`${what.replace('closes ', '')} ${source}`)
    else if (source !== destination) {
      const pair = `${source} ${destination}`
      const path = [...new Set([NODE_OF.get(source), NODE_OF.get(destination)])].filter((node) => node !== undefined)
      // An agent judges the ends of its own node.
      const isClosedAt = (node: string): boolean =>
        !isWithout(node) &&
        ((NODE_OF.get(source) === node && closed.has(`egress ${source}`)) ||
          (NODE_OF.get(destination) === node && closed.has(`ingress ${destination}`)))
      const stop = path.findIndex(isClosedAt)
      for (const [index, node] of path.entries()) {
        if (stop !== -1 && index > stop) break
        note(node, index === stop ? 'denied' : 'allowed', pair)
      }
      if (stop === -1) arrived.set(pair, now)
    }
  }
  return { noted, arrived, now }
}

/** The list that is made of it. */
function flowsTold(
  how: ReadonlyMap<string, Asked>,
  told: (node: string, fate: Fate, pair: string) => Noted | undefined,
  now: number,
): readonly RecordedFlow[] {
  const answers: NodeFlows[] = []
  const silent = []
  for (const [node, { is, later }] of how) {
    if (is === 'silent') silent.push({ node, problem: 'no answer' })
    else if (is === 'without agent') silent.push({ node, problem: 'no agent', isWithoutAgent: true } as const)
    else {
      const flows = ENDS.flatMap((source) =>
        ENDS.flatMap((destination) =>
          (['allowed', 'denied'] as const).flatMap((fate): NodeFlows['flows'] => {
            const one = told(node, fate, `${source} ${destination}`)
            if (one === undefined) return []
            const lastAge = now + later - one.last
            const counted = { packets: one.count, lastAge, firstAge: lastAge }
            return [{ node, source, destination, carries: CARRIES, directed: true, fate, ...counted }]
          }),
        ),
      )
      const room = { folded: [], lost: { denied: 0, allowed: 0 }, full: [] }
      answers.push({ node, sinceAge: 1e6, observes: is === 'observing', flows, ...room })
    }
  }
  return listFlows(cluster, answers, { instantOf: () => '2026-01-01T00:00:00Z', silent, podNetworks: [] }).flows
}

const CARRIES = { protocol: 'TCP', port: 80 } as const

function pairOf({ source, destination }: RecordedFlow): string {
  return `${source.address} ${destination.address}`
}

/**
 * What nodes tell of flows that went by several of them: told as allowed is what its receiver's node let in once, or `unconfirmed`; what
 * that one has noted so is never missing; and what it has noted to deny, not so.
 */
export function nodesAgree(parameters: fc.Parameters<[History]>): Readonly<Record<'refuted' | 'unconfirmed', number>> {
  const met = { refuted: 0, unconfirmed: 0 }
  fc.assert(
    fc.property(history, ([closed, events, asks]) => {
      const how = new Map<string, Asked>(NODES.map((node, index) => [node, asks[index] ?? asks[0]]))
      const { noted, arrived, now } = play(closed, events, (node) => how.get(node)?.is === 'without agent')
      const told = (node: string, fate: Fate, pair: string): Noted | undefined => {
        const { is, later } = how.get(node) ?? asks[0]
        const one = noted.get(`${node} ${fate} ${pair}`)
        const isTold = is === 'observing' || (is === 'not observing' && fate === 'denied')
        return isTold && one !== undefined && now + later - one.last <= KEPT_SECONDS[fate] ? one : undefined
      }
      const list = flowsTold(how, told, now)
      for (const source of ENDS) {
        for (const destination of ENDS) {
          const pair = `${source} ${destination}`
          const found = (fate: Fate) => list.find((flow) => flow.verdict === fate && pairOf(flow) === pair)
          const judging = [destination, source].flatMap((address) => NODE_OF.get(address) ?? [])
          const last = judging.find((node) => how.get(node)?.is !== 'without agent')
          const [allowed, denied] = [found('allowed'), found('denied')]
          const at = (node: string | undefined, fate: Fate) => (node === undefined ? undefined : told(node, fate, pair))
          if (allowed !== undefined && !allowed.unconfirmed) ok(arrived.has(pair), `${pair} never arrived`)
          const passed = at(last, 'allowed')
          if (passed !== undefined) {
            deepStrictEqual([allowed?.count, allowed?.unconfirmed], [passed.count, false])
          } else if (!arrived.has(pair) && at(last, 'denied') !== undefined) {
            deepStrictEqual({ pair, allowed }, { pair, allowed: undefined })
            if (NODES.some((node) => at(node, 'allowed') !== undefined)) met.refuted += 1
          }
          const packets = NODES.reduce((sum, node) => sum + (at(node, 'denied')?.count ?? 0), 0)
          deepStrictEqual([pair, denied?.count ?? 0], [pair, packets])
          if (allowed?.unconfirmed) met.unconfirmed += 1
        }
      }
    }),
    parameters,
  )
  return met
}
