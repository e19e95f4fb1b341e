import { agentPods, DAEMON_SET, deletePod, inAgent, signalAgents } from '../agents.ts'
import { type Case, skipped, type Theme } from '../case.ts'
import { install, rolledOut } from '../installation.ts'
import { createPolicies, policy, subject } from '../policies.ts'
import { standingPolicies, standingWays } from '../standing.ts'
import { duringTraffic } from '../traffic.ts'
import { until } from '../until.ts'
import { changeWays, settleWays, waysTo } from '../ways.ts'
import type { PodObject } from '../pods.ts'
import type { World } from '../world.ts'

const AWAY_MILLISECONDS = 120_000

/** Whatever happens: what is denied stays so, what is allowed is not cut, and afterwards changes are enforced again. */
function undisturbed(name: string, happens: (world: World) => Promise<void>): Case {
  return {
    name,
    run: async (world) => {
      const note = await duringTraffic(await standingPolicies(world), () => happens(world))
      return { kind: 'pass', note, milliseconds: await changesAgain(world) }
    },
  }
}

function changesAgain(world: World): Promise<number> {
  const ways = waysTo(world, world.place('y/a'), world.place('z/a'), 8080, false)
  return changeWays(ways, () => createPolicies(world, [policy('z', 'later', { podSelector: subject('a') })]))
}

const reinstall = async ({ kubectl, options }: World): Promise<void> =>
  void (await install(kubectl, options.kustomization))
const restarts = ({ status }: PodObject): number => status.containerStatuses?.[0]?.restartCount ?? 0

async function outOfMemory(world: World): Promise<void> {
  const { kubectl } = world
  try {
    await kubectl.run([
      'set',
      'resources',
      ...DAEMON_SET,
      '-c',
      'agent',
      '--requests=memory=16Mi',
      '--limits=memory=48Mi',
    ])
    const killed = async () => {
      const ends = (await agentPods(kubectl)).flatMap(({ status }) => status.containerStatuses ?? [])
      return ends.some(({ state, lastState }) =>
        [state.terminated, lastState.terminated].some((end) => end?.reason === 'OOMKilled' || end?.exitCode === 137),
      )
    }
    await until(killed, AWAY_MILLISECONDS, 'an agent was killed for want of memory')
  } finally {
    await reinstall(world)
  }
}

const killed: Case = {
  name: 'kill -9 of every agent',
  run: async (world) => {
    const { kubectl, onNode } = world
    if (onNode === undefined) return skipped('needs --node-command')
    return undisturbed('', async () => {
      const before = (await agentPods(kubectl)).map(restarts)
      await signalAgents(world, 'KILL')
      const again = async () => (await agentPods(kubectl)).every((pod, index) => restarts(pod) > (before[index] ?? 0))
      await until(again, AWAY_MILLISECONDS, 'the kubelet started the agents again')
      await rolledOut(kubectl, 'selvedge')
    }).run(world)
  },
}

async function withoutRights(world: World): Promise<void> {
  const { kubectl } = world
  try {
    await kubectl.run(['delete', 'clusterrolebinding', 'selvedge'])
    const old = await agentPods(kubectl)
    await Promise.all(old.map((pod) => deletePod(kubectl, pod)))
    const names = new Set(old.map(({ metadata }) => metadata.name))
    const told = async () => {
      const fresh = (await agentPods(kubectl)).filter(({ metadata }) => !names.has(metadata.name))
      const texts = await Promise.all(fresh.map(({ metadata }) => inAgent(kubectl, metadata.name, ['status'])))
      return fresh.length >= old.length && texts.every(({ text }) => /forbidden|may not|403/i.test(text))
    }
    await until(told, AWAY_MILLISECONDS, 'every agent says that it may not read')
  } finally {
    await reinstall(world)
  }
}

const rebooted: Case = {
  name: 'a node restarts',
  run: async (world) => {
    const { restartNode } = world
    if (restartNode === undefined) return skipped('needs --restart-node')
    await standingPolicies(world)
    await restartNode(world.nodes[0])
    await rolledOut(world.kubectl, 'selvedge')
    await world.refresh()
    await settleWays(standingWays(world), AWAY_MILLISECONDS)
    return { kind: 'pass', milliseconds: await changesAgain(world) }
  },
}

export const agents: Theme = {
  name: 'agents come and go',
  cases: [
    undisturbed('a rollout restarts every agent', async ({ kubectl }) => {
      await kubectl.run(['rollout', 'restart', ...DAEMON_SET])
      await rolledOut(kubectl, 'selvedge')
    }),
    killed,
    undisturbed('an agent runs out of memory', outOfMemory),
    undisturbed('the right to read is taken from the agents, which start anew, and given back', withoutRights),
    rebooted,
  ],
}
