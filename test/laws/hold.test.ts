import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EngineChange } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS, type RulesetOptions } from '../../compiler/nftables/options.ts'
import { audited } from '../arbitraries/audited.ts'
import { events } from '../arbitraries/events.ts'
import { type HeldCluster, heldClusters, holds } from '../arbitraries/held-clusters.ts'
import { allows, allowsReply, applyTransaction, createTable } from '../interpreter/interpreter.ts'
import { inTruth, isHeld } from '../oracle/hold.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { changesOf, objectsOf, putsOf } from './changes-of.ts'
import { textOf } from './compile-cluster.ts'
import { decodeCluster } from './decode-cluster.ts'
import { heldAtOutput } from './held-at-output.ts'
import { heldConnections } from './held-connections.ts'
import { holdChanges, putSandbox } from './hold-changes.ts'
import { textConnection } from './text-connection.ts'
import { BETWEEN_PODS, TO_OTHER_NODE } from './ways-of-packets.ts'

const onNodeOne = (pod: { readonly node: string | undefined }) => pod.node === 'node-1'

function engineOf({ cluster, hold }: HeldCluster, ruleset: RulesetOptions = DEFAULT_OPTIONS) {
  const engine = createEngine({ isLocal: onNodeOne, ruleset })
  engine.apply([...putsOf(objectsOf(cluster)), ...holdChanges(hold)])
  return engine
}

type Seen = Record<'held' | 'allowed' | 'denied', number>

/** `enforced`: the same without what is only audited, of which the oracle knows nothing. */
function expectTextToSay(one: HeldCluster, enforced: RawCluster, seen: Seen): void {
  const truth = inTruth(enforced, one.hold)
  const judge = oracle(truth, (pod) => pod.spec?.nodeName === 'node-1')
  const table = createTable()
  applyTransaction(table, textOf(engineOf(one)))
  for (const connection of heldConnections(one, 150)) {
    for (const { devices, isHeldHere } of [TO_OTHER_NODE, BETWEEN_PODS]) {
      const packet = { ...textConnection(connection), devices }
      const held = [connection.source, connection.destination].some((end) => isHeldHere(end, truth, one.hold))
      const allowed = !held && judge(connection).allowed
      const found = { request: allows(table, packet), reply: allowsReply(table, packet) }
      if (found.request !== allowed || found.reply !== allowed) {
        const says = `by ${devices.out} the oracle says ${held ? 'held' : allowed}`
        throw new Error(`${JSON.stringify(connection)}: ${JSON.stringify(found)}, ${says}; ${JSON.stringify(one.hold)}`)
      }
      seen[held ? 'held' : allowed ? 'allowed' : 'denied'] += 1
    }
  }
}

test('with the hold the emitted text gives the verdict of the oracle, and nothing passes from or to a held address', () => {
  const seen = { held: 0, allowed: 0, denied: 0 }
  const law = fc.property(heldClusters(), (one) => expectTextToSay(one, one.cluster, seen))
  fc.assert(law, lawParameters(200))
  const all = seen.held + seen.allowed + seen.denied
  for (const count of Object.values(seen)) expect(count / all).toBeGreaterThan(0.05)
})

test('so it does where policies are only audited: they close nobody, and where there are no others nothing is held', () => {
  const seen = { held: 0, allowed: 0, denied: 0 }
  const onlyAudited = { held: 0, allowed: 0, denied: 0 }
  const law = fc.property(heldClusters(), fc.integer({ min: 0, max: 63 }), (one, which) => {
    const { cluster, enforced } = audited(one.cluster, which)
    const isNone = cluster.policies.length > 0 && enforced.policies.length === 0
    expectTextToSay({ ...one, cluster }, enforced, isNone ? onlyAudited : seen)
  })
  fc.assert(law, lawParameters(200))
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0)
  expect(onlyAudited).toMatchObject({ held: 0, denied: 0 })
  expect(onlyAudited.allowed).toBeGreaterThan(0)
})

test('while an agent lives the hold that may open is as one that never does, and after it nothing is held', () => {
  const options = { ...DEFAULT_OPTIONS, holdOpenAfterSeconds: 600 }
  const seen = { held: 0, opened: 0 }
  fc.assert(
    fc.property(heldClusters(), (one) => {
      const [never, living, dead] = [createTable(), createTable(), createTable()] as const
      const text = textOf(engineOf(one, options), options)
      applyTransaction(never, textOf(engineOf(one)))
      for (const table of [living, dead]) applyTransaction(table, text)
      applyTransaction(dead, 'delete element inet selvedge agent { ipv4, ipv6 }\n')
      const truth = inTruth(one.cluster, one.hold)
      for (const connection of heldConnections(one, 60)) {
        const packet = textConnection(connection)
        const holds = allows(never, packet)
        expect(allows(living, packet)).toBe(holds)
        const isHeldHere = [connection.source, connection.destination].some((end) => isHeld(end, truth, one.hold))
        if (!isHeldHere) {
          expect(allows(dead, packet)).toBe(holds)
          continue
        }
        seen.held += 1
        seen.opened += Number(allows(dead, packet))
      }
    }),
    lawParameters(60),
  )
  expect(seen.opened / seen.held).toBeGreaterThan(0.2)
})

test('at output, where IPVS sends requests on, held addresses are held as at forward, and the node reaches them all the same', () => {
  const seen = { held: 0, allowed: 0, denied: 0 }
  const law = fc.property(heldClusters(), (one) => {
    for (const [what, count] of Object.entries(heldAtOutput(one))) seen[what as keyof typeof seen] += count
  })
  fc.assert(law, lawParameters(60))
  const all = seen.held + seen.allowed + seen.denied
  for (const count of Object.values(seen)) expect(count / all).toBeGreaterThan(0.05)
})

test('any order of events, sandboxes among them, ends in the bytes of a fresh engine', () => {
  const histories = heldClusters().chain((one) =>
    fc.tuple(
      fc.constant(one),
      events(one.cluster),
      fc.array(holds(one.cluster), { maxLength: 3 }),
      fc.infiniteStream(fc.nat({ max: 99 })),
    ),
  )
  fc.assert(
    fc.property(histories, ([one, history, earlier, lots]) => {
      const lot = (below: number) => (lots.next().value ?? 0) % below
      const objects = changesOf(history)
      const gone = new Set(earlier.flatMap(({ sandboxes }) => sandboxes.map(({ key }) => key)))
      const before: readonly EngineChange[] = earlier.flatMap((hold) => [
        ...holdChanges(hold),
        ...(lot(3) === 0 ? [{ type: 'hold', subnets: { kind: 'off' } } as const] : []),
      ])
      const removals = [...gone].map((key): EngineChange => ({ type: 'remove', kind: 'Sandbox', key }))
      const ofNode = [
        ...before,
        ...removals,
        ...holdChanges(one.hold),
        ...one.hold.sandboxes.slice(0, 1).map(putSandbox),
      ]
      const engine = createEngine({ isLocal: onNodeOne, ruleset: DEFAULT_OPTIONS })
      const [left, leftOfNode] = [[...objects], [...ofNode]]
      while (left.length + leftOfNode.length > 0) {
        const batch: EngineChange[] = []
        for (let count = 1 + lot(5); count > 0; count -= 1) {
          const next = (lot(2) === 0 ? left.shift() : leftOfNode.shift()) ?? left.shift() ?? leftOfNode.shift()
          if (next !== undefined) batch.push(next)
        }
        engine.apply(batch)
      }
      expect(textOf(engine)).toBe(textOf(engineOf(one)))
    }),
    lawParameters(150),
  )
})

test('without the hold sandboxes change no byte', () => {
  fc.assert(
    fc.property(heldClusters(), ({ cluster, hold }) => {
      const objects = decodeCluster(cluster).map((object) => ({ type: 'put' as const, object }))
      const [plain, told] = [0, 1].map(() => createEngine({ isLocal: onNodeOne, ruleset: DEFAULT_OPTIONS }))
      plain?.apply(objects)
      told?.apply([...objects, ...hold.sandboxes.map(putSandbox)])
      expect(told && textOf(told)).toBe(plain && textOf(plain))
    }),
    lawParameters(50),
  )
})
