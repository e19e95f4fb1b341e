import process from 'node:process'
import { agents } from './cases/agents.ts'
import { blocks } from './cases/blocks.ts'
import { changes } from './cases/changes.ts'
import { conformance } from './cases/conformance.ts'
import { deniedFlows } from './cases/denied.ts'
import { firstPacketsOfPods } from './cases/first-packets.ts'
import { hosts } from './cases/hosts.ts'
import { kubelet } from './cases/kubelet.ts'
import { names } from './cases/names.ts'
import { newPods } from './cases/new-pods.ts'
import { ports } from './cases/ports.ts'
import { reboots } from './cases/reboots.ts'
import { removal } from './cases/removal.ts'
import { services } from './cases/services.ts'
import { shop } from './cases/shop.ts'
import { tools } from './cases/tools.ts'
import type { Theme } from './case.ts'
import { describeCluster } from './environment.ts'
import { createKubectl } from './kubectl.ts'
import { install } from './installation.ts'
import { readOptions, USAGE } from './options.ts'
import { removePolicies } from './policies.ts'
import { reportTable, type Row } from './report.ts'
import { runCase } from './run-case.ts'
import { createWorld, NAMESPACES } from './world.ts'

const THEMES: readonly Theme[] = [
  shop,
  conformance,
  ports,
  blocks,
  services,
  names,
  hosts,
  changes,
  newPods,
  firstPacketsOfPods,
  kubelet,
  deniedFlows,
  tools,
  agents,
  reboots,
  removal,
]

const options = readOptions(process.argv.slice(2))
if (options === undefined) {
  process.stderr.write(`${USAGE}\n`)
  process.exit(2)
}
const kubectl = await createKubectl(options.kubectl, options.kubeconfig).catch(giveUp)
const rows: Row[] = []
try {
  const image = await install(kubectl, options.kustomization)
  const world = await createWorld(kubectl, options, image)
  try {
    await removePolicies(world)
    process.stdout.write(`${await describeCluster(world)}\n\n`)
    for (const theme of THEMES) {
      for (const one of theme.cases) {
        if (options.only !== undefined && !`${theme.name} ${one.name}`.includes(options.only)) continue
        const row = await runCase(world, theme, one)
        rows.push(row)
        await removePolicies(world)
      }
    }
  } finally {
    world.close()
  }
  if (!options.keep) await kubectl.run(['delete', 'namespace', '--wait=false', ...NAMESPACES])
} catch (error) {
  giveUp(error)
} finally {
  kubectl.close()
}
process.stdout.write(reportTable(rows))
process.exitCode = rows.length === 0 || rows.some(({ verdict }) => verdict === 'FAIL') ? 1 : 0

/** The cluster, or this machine, would not. */
function giveUp(error: unknown): never {
  process.stderr.write(`the suite cannot go on: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(3)
}
