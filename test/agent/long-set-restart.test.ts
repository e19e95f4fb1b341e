import { beforeEach, expect, test } from 'vitest'
import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { compareStanding } from '../../compiler/nftables/compare-standing.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { kernelOfNode } from '../../src/agent/kernel-of-node.ts'
import type { Application } from '../../src/agent/application.ts'
import { createReconciler } from '../../src/agent/reconciler.ts'
import { createNft } from '../../src/kernel/run-nft.ts'
import { type Base, type Grant, longSetsOf, OWN, type Stage } from '../arbitraries/long-sets.ts'
import { useNamespace } from '../kernel-room/namespace.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { objectsOf, putsOf } from '../laws/changes-of.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'

// What stands under the name of a long set may be of another day: docs/ruleset.md, 'One grant more'

const BASES: readonly Base[] = ['ports', 'port', 'whole']
const PODS: Stage = {
  'peer-0': 'k0',
  'peer-1': 'k1',
  'peer-2': 'k2',
  'web-0': { index: 0, http: 8_080 },
  'web-1': { index: 1, http: 8_081 },
}
const grant = (peers: readonly string[], port: Grant['port'], direction: Grant['direction'] = 'Ingress'): Grant => ({
  selector: OWN,
  direction,
  peers,
  port,
})
/** Of the base k0 has the range 3000-3005, k1 the port 3010. */
const CUT = grant(['k0', 'none'], { port: 3_002, endPort: 3_003 })
const MORE = grant(['k0', 'k1'], { port: 2_000 })
const OUT = grant(['k1', 'none'], { port: 8_081 }, 'Egress')

/** By how many elements the sets of the last cluster differ from those of the first, and the clusters. */
const RESTARTS: readonly (readonly [string, Stage, Stage])[] = [
  ['a grant has come', PODS, { ...PODS, 'grant-0': MORE }],
  ['a grant has gone', { ...PODS, 'grant-0': MORE }, PODS],
  ['a range is cut', PODS, { ...PODS, 'grant-0': CUT }],
  ['a range is whole again', { ...PODS, 'grant-0': CUT }, PODS],
  ['one grant is in the place of another', { ...PODS, 'grant-0': CUT }, { ...PODS, 'grant-0': MORE }],
  ['a grant on one port of egress has come', PODS, { ...PODS, 'grant-0': OUT }],
  ['a peer has come', { ...PODS, 'peer-0': undefined }, PODS],
  ['a peer is another', PODS, { ...PODS, 'peer-0': 'k2' }],
]

const puts = (cluster: RawCluster): readonly Change[] => putsOf(objectsOf(cluster))

describeLab('a long set whose content is of another day', () => {
  const namespace = useNamespace()
  const nft = createNft({ command: namespace.enter('nft'), timeoutMilliseconds: 20_000 })
  beforeEach(() => namespace.nft('flush ruleset'))

  /** An agent that knows nothing of the one before it. */
  function agent() {
    const done: Application[] = []
    const texts: string[] = []
    const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
    const kernel = kernelOfNode({
      nft,
      markMask: DEFAULT_OPTIONS.markMask,
      allocated: () => undefined,
      inUse: () => Promise.resolve({ carried: new Set(), complete: true }),
    })
    const reconciler = createReconciler({
      engine,
      kernel: { ...kernel, apply: (text) => (texts.push(text), kernel.apply(text)) },
      ruleset: DEFAULT_OPTIONS,
      now: () => performance.now(),
      applied: (application) => done.push(application),
      verified: () => undefined,
    })
    return { done, texts, reconciler }
  }

  const difference = async (cluster: RawCluster) => {
    const listed = await nft.list()
    if (listed.kind !== 'table') throw new Error(`no listing: ${listed.kind}`)
    return compareStanding(listed.listing, engineOf(cluster).ruleset(), DEFAULT_OPTIONS)
  }

  test.each(RESTARTS)('while the agent was away %s: by elements, and the sets stay', async (_, before, after) => {
    const [first, last] = longSetsOf(BASES, [before, after]).stages
    if (first === undefined || last === undefined) throw new Error('two clusters were wanted')
    expect(await agent().reconciler.start(puts(first))).toBe(true)
    const { done, texts, reconciler } = agent()
    expect(await reconciler.start(puts(last))).toBe(true)
    expect(await difference(last)).toMatchObject({ kind: 'equal' })
    expect(done).toEqual([expect.objectContaining({ ok: true, reason: 'start', drift: 'elements' })])
    // No set of the table is made, flushed or deleted: only copies, to which chains go round while a range is cut.
    const remade = texts.join('').match(/^(add|delete|create|flush) (set|map|table)\b.*$/gm) ?? []
    expect(remade.filter((line) => !line.endsWith('-next'))).toEqual([])
    const again = agent()
    expect(await again.reconciler.start(puts(last))).toBe(true)
    expect(again.texts).toEqual([])
  })

  const PEER = '10.244.1.100'
  const RANGE = `${PEER} . tcp . 3000-3005`
  test.each<readonly [string, RegExp, (set: string) => string]>([
    ['a range is deleted', /^y4-/, (set) => `delete element inet selvedge ${set} { ${RANGE} }`],
    ['a range is added', /^y4-/, (set) => `add element inet selvedge ${set} { ${PEER} . tcp . 9000-9005 }`],
    [
      'a range is made longer',
      /^y4-/,
      (set) =>
        `delete element inet selvedge ${set} { ${RANGE} }\nadd element inet selvedge ${set} { ${PEER} . tcp . 3000-3008 }`,
    ],
    [
      'a range is cut in two, with a hole',
      /^y4-/,
      (set) =>
        `delete element inet selvedge ${set} { ${RANGE} }\nadd element inet selvedge ${set} { ${PEER} . tcp . 3000-3002, ${PEER} . tcp . 3004-3005 }`,
    ],
    ['all ranges are flushed', /^y4-/, (set) => `flush set inet selvedge ${set}`],
    ['a port is deleted', /^x4-/, (set) => `delete element inet selvedge ${set} { 10.244.1.101 . tcp . 3010 }`],
    ['a port is added', /^x4-/, (set) => `add element inet selvedge ${set} { ${PEER} . udp . 1 }`],
    ['an address is added', /^p4-/, (set) => `add element inet selvedge ${set} { 192.0.2.1 }`],
  ])('by hand %s: put right by elements of that set alone', async (_, kind, damage) => {
    const [cluster] = longSetsOf(BASES, [PODS]).stages
    if (cluster === undefined) throw new Error('a cluster was wanted')
    const { done, texts, reconciler } = agent()
    expect(await reconciler.start(puts(cluster))).toBe(true)
    const sets = [...engineOf(cluster).ruleset().sets.values()]
    const set = sets.find(({ name, elements }) => kind.test(name) && elements.size > 0)?.name ?? 'none'
    await namespace.nft(damage(set))
    expect(await difference(cluster)).toMatchObject({ kind: 'change', drift: 'elements' })
    const [builds, written] = [done.length, texts.length]
    expect(await reconciler.verify()).toBe(true)
    expect(await difference(cluster)).toMatchObject({ kind: 'equal' })
    expect(done.slice(builds)).toEqual([expect.objectContaining({ ok: true, reason: 'drift', drift: 'elements' })])
    const names = texts
      .slice(written)
      .join('')
      .match(/(?<=element inet selvedge )\S+/g)
    expect(new Set(names)).toEqual(new Set([set]))
  })
})
