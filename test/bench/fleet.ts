import { parseArgs } from 'node:util'
import { execaSync } from 'execa'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { fleetReport } from './fleet/fleet-report.ts'
import { startFleetCluster } from './fleet/fleet-cluster.ts'
import { measureFleet, type FleetRow } from './fleet/measure-fleet.ts'
import { startReaders } from './fleet/readers.ts'
import { lookAtMachine } from './packets/machine.ts'

/*
 * `npm run bench:fleet`: what the agents of many nodes cost one real API server. As many of their sources as two cores bear,
 * in two processes; then a restart of all, events of pods, pods replaced; then what that makes for larger clusters, if each
 * node costs what one did here. Three minutes; `--quick`: one.
 */

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** Numbers of readers, 0 among them. */
    readers: { type: 'string' },
    pods: { type: 'string' },
    /** So many pods change, and so many are replaced. */
    events: { type: 'string' },
  },
})

const FLEETS = [
  { nodes: 100, pods: 3_000 },
  { nodes: 1_000, pods: 30_000 },
  { nodes: 5_000, pods: 150_000 },
]
const NAMESPACES_AND_POLICIES = 200

const assets = execaSync(`${PROJECT_ROOT}/scripts/kube-assets`, ['--check'], { reject: false })
if (assets.exitCode === 0) await run()
else {
  console.error('bench:fleet cannot run here: no kube-apiserver: run scripts/kube-assets')
  process.exitCode = 3
}

async function run(): Promise<void> {
  const { quick } = values
  const sizes = values.readers?.split(',').map(Number) ?? (quick ? [0, 16] : [0, 1, 16, 64])
  const pods = Number(values.pods ?? (quick ? 300 : 1_000))
  const events = Number(values.events ?? (quick ? 100 : 400))
  await using cluster = await startFleetCluster(pods)
  await using readers = await startReaders(cluster.kubeconfig, 2)
  // What a source loads when it first connects is no part of any row.
  await readers.start(2, 60_000)
  await readers.stop()
  const rows: FleetRow[] = []
  for (const count of sizes) rows.push(await measureFleet(cluster, readers, count, events))
  console.log(`${(await lookAtMachine()).facts}; ${pods} pods\n`)
  console.log(fleetReport(rows, pods + NAMESPACES_AND_POLICIES, FLEETS))
}
