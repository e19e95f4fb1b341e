import { setImmediate } from 'node:timers/promises'
import { createReconciler } from '../../../src/agent/reconciler.ts'
import { createDecodeMemory } from '../../../src/sources/kubernetes/decode-memory.ts'
import { createObjectStore } from '../../../src/sources/kubernetes/object-store.ts'
import { createProblemBook } from '../../../src/sources/kubernetes/problem-book.ts'
import type { Change } from '../../../compiler/engine/change.ts'
import { createEngine } from '../../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../../compiler/nftables/options.ts'
import { rulesetText } from '../../../compiler/nftables/ruleset-text.ts'
import { type ChurnEvent, churn } from './churn.ts'

/**
 * Lives through events as an agent does, less the API and the kernel, and prints what is left of them: `node --expose-gc
 * live-long.ts EVENTS...`, where the heap is measured after each of these numbers of events.
 */
const stops = process.argv.slice(2).map(Number)
const BATCH = 10

/** A source's stores, an engine and a reconciler. */
function createLife() {
  const memory = createDecodeMemory()
  const book = createProblemBook(() => undefined)
  const stores = {
    Namespace: createObjectStore('Namespace', memory, book),
    NetworkPolicy: createObjectStore('NetworkPolicy', memory, book),
    Pod: createObjectStore('Pod', memory, book),
  }
  const engine = createEngine({ isLocal: ({ node }) => node === 'node-0', ruleset: DEFAULT_OPTIONS })
  let generation = 0
  const reconciler = createReconciler({
    engine,
    ruleset: DEFAULT_OPTIONS,
    now: () => 0,
    verified: () => undefined,
    applied: () => undefined,
    // What it is told is no matter here, and nothing of it may be kept.
    kernel: {
      apply: () => Promise.resolve({ ok: true, durationMilliseconds: 0 }),
      list: () => Promise.resolve({ kind: 'no table' }),
      nextGeneration: () => Promise.resolve((generation = (generation % 4095) + 1)),
    },
  })
  const changeOf = ({ type, object }: ChurnEvent): readonly Change[] => {
    const change = stores[object.kind][type](object)
    return change === undefined ? [] : [change]
  }
  return { stores, engine, reconciler, changeOf }
}

function countsOf({ stores, engine }: ReturnType<typeof createLife>) {
  const { sets, chains } = engine.ruleset()
  const { pods, owners } = engine.graph()
  return {
    stored: Object.values(stores).map((store) => store.size()),
    sets: sets.size,
    elements: [...sets.values()].reduce((sum, { elements }) => sum + elements.size, 0),
    chains: chains.size,
    pods: pods.size,
    owners: owners.size,
    selections: engine
      .selections()
      .map(({ pods: selected }) => selected.length)
      .toSorted((one, other) => one - other),
    problems: engine.problems().length,
  }
}

/** What is still needed: label sets are held weakly, and go a turn after they were found to be garbage. */
async function heap(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.()
    await setImmediate()
  }
  return process.memoryUsage().heapUsed
}

const world = churn()
const bare = await heap()
const life = createLife()
await life.reconciler.start(world.initial().flatMap(life.changeOf))
const heaps: number[] = []
let events = 0
for (const stop of stops) {
  while (events < stop) {
    const batch: Change[] = []
    for (let index = 0; index < BATCH; index += 1) for (const event of world.next()) batch.push(...life.changeOf(event))
    events += BATCH
    await life.reconciler.apply(batch)
    // Weak references keep what they refer to until the job ends; the agent waits for nft between batches.
    await setImmediate()
  }
  heaps.push((await heap()) - bare)
}
const beforeFresh = await heap()
const fresh = createLife()
await fresh.reconciler.start(world.standing().flatMap(fresh.changeOf))
heaps.push((await heap()) - beforeFresh)
const text = (one: typeof life) => rulesetText(one.engine.ruleset(), DEFAULT_OPTIONS, 1)
console.log(
  JSON.stringify({ heaps, lived: countsOf(life), fresh: countsOf(fresh), sameText: text(life) === text(fresh) }),
)
