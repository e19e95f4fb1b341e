import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { decodeObject } from '../../compiler/objects/decode-object.ts'
import { createLabelInterner } from '../../compiler/objects/label-set.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { onePolicyMore, peerByNamespace } from './hard-events.ts'
import { type ClusterSize, madeUpCluster, pod } from './made-up-cluster.ts'

/*
 * `npm run bench`: what compiling costs at 1k, 10k and 100k pods and 100, 1k and 10k policies, 250 pods on the node; and
 * what one event costs afterwards. Nothing here is asserted; docs/performance.md keeps a table with its date and machine.
 */

const LOCAL = 250
const sizes = (process.argv[2] === '--quick' ? [1_000, 10_000] : [1_000, 10_000, 100_000]).flatMap((pods) =>
  [100, 1_000, 10_000].map((policies): ClusterSize => ({ pods, policies, local: LOCAL })),
)

const row = (cells: readonly string[]) => console.log(cells.map((cell) => cell.padStart(13)).join(''))
console.log(`Node ${process.version}; ${LOCAL} local pods; milliseconds of CPU in one process; one event: median of 50`)
row(['pods', 'policies', 'decode', 'engine', 'text', 'text kB', 'heap MB', 'pod event', 'policy event'])
for (const size of sizes) {
  const raw = madeUpCluster(size)
  const internLabels = createLabelInterner()
  const context = { internLabels, report: () => undefined, place: () => undefined }
  const decode = (value: unknown) => decodeObject(value, context) ?? []
  const [decodeTime, objects] = cpu(() => [...raw.namespaces, ...raw.pods, ...raw.policies].flatMap(decode))
  globalThis.gc?.()
  const engine = createEngine({ isLocal: ({ node }) => node === 'node-0', ruleset: DEFAULT_OPTIONS })
  const [engineTime] = cpu(() => engine.apply(objects.map((object): Change => ({ type: 'put', object }))))
  const [textTime, text] = cpu(() => rulesetText(engine.ruleset(), DEFAULT_OPTIONS, 1))
  globalThis.gc?.()
  const heap = process.memoryUsage().heapUsed / 2 ** 20
  const podEvents = Array.from({ length: 50 }, (_, turn) => {
    const object = decode(pod(size.pods - 1 - (turn % 2), turn % 4 < 2))
    return cpu(() =>
      apply(
        engine,
        [object].flat().map((one): Change => ({ type: 'put', object: one })),
      ),
    )[0]
  })
  const policyEvents = Array.from({ length: 50 }, (_, turn) => {
    const object = decode(raw.policies[turn % 20])
    const changes = [object].flat().map((one): Change => {
      if (turn % 2 === 0 && one.kind === 'NetworkPolicy') {
        return { type: 'remove', kind: one.kind, namespace: one.namespace, name: one.name }
      }
      return { type: 'put', object: one }
    })
    return cpu(() => apply(engine, changes))[0]
  })
  row([
    `${size.pods}`,
    `${size.policies}`,
    decodeTime.toFixed(0),
    engineTime.toFixed(0),
    textTime.toFixed(0),
    (text.length / 1024).toFixed(0),
    heap.toFixed(0),
    median(podEvents).toFixed(2),
    median(policyEvents).toFixed(2),
  ])
}

console.log('\nEvents that are easy to make expensive; milliseconds of CPU, median of 20')
for (const make of [
  () => onePolicyMore('shared'),
  () => onePolicyMore('own'),
  ...[...new Set(sizes.map(({ pods }) => pods))].map((pods) => () => peerByNamespace(pods)),
]) {
  const { says, engine, done, undone } = make()
  const events = Array.from({ length: 20 }, (_, turn) => cpu(() => apply(engine, [turn % 2 === 0 ? done : undone]))[0])
  console.log(`${says.padEnd(50)}${median(events).toFixed(2).padStart(8)}`)
}

function apply(engine: ReturnType<typeof createEngine>, changes: readonly Change[]): readonly string[] {
  return planTransactions(engine.apply(changes), engine.view, DEFAULT_OPTIONS, 2)
}

/** Milliseconds of CPU that the work took, and what it gave. */
function cpu<Result>(work: () => Result): readonly [number, Result] {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return [(user + system) / 1000, result]
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0
}
