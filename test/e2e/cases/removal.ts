import { type Case, passed, type Theme } from '../case.ts'
import { install, rolledOut } from '../installation.ts'
import { standingPolicies } from '../standing.ts'
import { duringTraffic } from '../traffic.ts'
import { until } from '../until.ts'
import { CaseFailure, checkWays, settleWays } from '../ways.ts'
import { runningPods } from '../pods.ts'
import type { World } from '../world.ts'

const UNINSTALL = 'deploy/kustomize/uninstall'
const UNINSTALL_LABEL = 'app.kubernetes.io/name=selvedge-uninstall'
const GONE_MILLISECONDS = 60_000

async function removeAgents({ kubectl, options }: World): Promise<void> {
  await kubectl.run(['delete', '-k', options.kustomization])
  const gone = async () => (await runningPods(kubectl, 'kube-system', 'app.kubernetes.io/name=selvedge')).length === 0
  await until(gone, GONE_MILLISECONDS, 'the agents are gone')
}

const deleted: Case = {
  name: 'the agents are deleted: what was in force stays in force',
  run: async (world) => {
    const { kubectl, options } = world
    const ways = await standingPolicies(world)
    try {
      const note = await duringTraffic(ways, async () => {
        await removeAgents(world)
        await checkWays(ways)
        await install(kubectl, options.kustomization)
      })
      return passed(note)
    } finally {
      await install(kubectl, options.kustomization)
    }
  },
}

const uninstalled: Case = {
  name: 'uninstall opens every node and says so; an install closes again',
  run: async (world) => {
    const { kubectl, options, onNode, nodes } = world
    const ways = await standingPolicies(world)
    try {
      await removeAgents(world)
      await kubectl.run(['apply', '-k', UNINSTALL])
      await rolledOut(kubectl, 'selvedge-uninstall')
      const pods = await runningPods(kubectl, 'kube-system', UNINSTALL_LABEL)
      for (const { metadata } of pods) {
        const said = await kubectl.run(['-n', 'kube-system', 'logs', metadata.name, '-c', 'uninstall'])
        if (!said.includes('removed table')) throw new CaseFailure(`${metadata.name} says: ${said}`)
      }
      for (const node of onNode === undefined ? [] : nodes) {
        const tables = (await onNode?.(node, ['nft', 'list', 'tables'])) ?? ''
        if (tables.includes('selvedge')) throw new CaseFailure(`${node} still has our table`)
      }
      await settleWays(ways.map((way) => ({ ...way, allowed: true })))
    } finally {
      await kubectl.run(['delete', '-k', UNINSTALL, '--ignore-not-found'])
      await install(kubectl, options.kustomization)
    }
    await settleWays(ways)
    return passed()
  },
}

export const removal: Theme = { name: 'removal', cases: [deleted, uninstalled] }
