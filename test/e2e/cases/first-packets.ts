import { setTimeout as sleep } from 'node:timers/promises'
import { agentPods, DAEMON_SET, inAgent, signalAgents } from '../agents.ts'
import { type Case, skipped, type Theme } from '../case.ts'
import { rolledOut } from '../installation.ts'
import type { AgentStatus } from '../../../src/telemetry/agent-status.ts'
import type { Json } from '../kubectl.ts'
import {
  closeSpeakers,
  deleteSpeakers,
  judgeWords,
  speaker,
  speakingPod,
  speakingPods,
  speech,
  witnesses,
} from '../speakers.ts'
import { until } from '../until.ts'
import type { World } from '../world.ts'

const LABEL = 'first-packets'
/** Agents stand still for so long after the first of the pods speaks: without a hold it is open all that time. */
const FROZEN_MILLISECONDS = 2_000
/** Longer than that, for the slowest agent; short enough for thirty at once. */
const SAY_MILLISECONDS = 10_000
const PATIENCE_MILLISECONDS = 180_000

interface Shape {
  readonly pods: number
  /** With an init container, a native sidecar and a postStart hook, or with one container only. */
  readonly isWhole: boolean
  /** Agents do nothing from before the pods are made until a while after one of them speaks. */
  readonly isFrozen?: boolean
  /** What happens while they start. */
  readonly meanwhile?: (world: World) => Promise<void>
}

/**
 * New pods under a default deny both ways speak from their first instruction on to one who may hear them, and to one who may not.
 * Node begins later than an agent needs to hear of an address from the API, so pods beside an agent that is well are
 * hardly ever heard without a hold either: where the runner can, agents stand still at first.
 */
function firstPackets(name: string, shape: Shape): Case {
  return {
    name,
    run: async (world) => {
      const { kubectl, nodes, onNode } = world
      const heard = witnesses(world, 'x/a', 'z/a')
      await closeSpeakers(world, LABEL, 'a')
      const names = Array.from({ length: shape.pods }, (_, index) => `first-${index}`)
      const pods = names.map((pod, index) => podOf(world, pod, nodes[index % 2] ?? nodes[0], heard.targets, shape))
      const freezes = shape.isFrozen === true && onNode !== undefined
      await heard.listen()
      try {
        // The first policy of the cluster brings the hold: who stands still before he has heard of it does not hold.
        if (freezes) await until(() => isKnown(world), PATIENCE_MILLISECONDS, 'every agent knows the policy')
        if (freezes) await signalAgents(world, 'STOP')
        try {
          await Promise.all([kubectl.apply(pods), freezes && aWhileAfterTheFirst(world)])
        } finally {
          if (freezes) await signalAgents(world, 'CONT')
        }
        await shape.meanwhile?.(world)
        await until(() => areOver(world, names.length), PATIENCE_MILLISECONDS, 'every new pod has said its words')
      } finally {
        await deleteSpeakers(world, LABEL, '--wait=false')
      }
      const texts = names.flatMap((pod) => textsOf(pod, shape))
      judgeWords(texts, await heard.heard())
      return { kind: 'pass', note: `${texts.length} containers${freezes ? ', agents frozen at first' : ''}` }
    },
  }
}

async function isKnown({ kubectl, namespaceOf }: World): Promise<boolean> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespaceOf('y')}/networkpolicies/${LABEL}`
  const { metadata } = (await kubectl.request('GET', path)) as unknown as PolicyObject
  const pods = await agentPods(kubectl)
  const answers = await Promise.all(pods.map((pod) => inAgent(kubectl, pod.metadata.name, ['status', '-o', 'json'])))
  return answers.every(({ text }) => {
    const { streams } = JSON.parse(text) as AgentStatus
    const applied = streams.find(({ name }) => name === 'networkpolicies')?.appliedVersion
    return Number(applied) >= Number(metadata.resourceVersion)
  })
}

/** The names of what speaks in a pod, each with a text of its own. */
function textsOf(pod: string, { isWhole }: Shape): readonly string[] {
  return (isWhole ? ['init', 'sidecar', 'main', 'post-start'] : ['main']).map((part) => `${pod}/${part}`)
}

function podOf(world: World, name: string, node: string, targets: readonly string[], { isWhole }: Shape) {
  const command = (part: string, milliseconds = SAY_MILLISECONDS) => speech(`${name}/${part}`, milliseconds, targets)
  const container = (part: string, fields: Json = {}) => speaker(world, part, command(part), fields)
  const lifecycle = { postStart: { exec: { command: command('post-start', SAY_MILLISECONDS / 3) } } }
  // A sidecar ends with its pod, and would begin anew before that.
  const sidecar = { restartPolicy: 'Always', command: command('sidecar', 3_600_000) }
  const spec = {
    restartPolicy: 'Never',
    ...(isWhole ? { initContainers: [container('init'), container('sidecar', sidecar)] } : {}),
    containers: [container('main', isWhole ? { lifecycle } : {})],
  }
  return speakingPod(world, LABEL, { name, node, spec })
}

interface PolicyObject {
  readonly metadata: { readonly resourceVersion: string }
}

interface NewPod {
  readonly status: {
    readonly phase: string
    readonly initContainerStatuses?: readonly ContainerState[]
    readonly containerStatuses?: readonly ContainerState[]
  }
}

interface ContainerState {
  readonly state: { readonly running?: Json }
}

const newPods = (world: World) => speakingPods<NewPod>(world, LABEL)

async function areOver(world: World, count: number): Promise<boolean> {
  return (await newPods(world)).filter(({ status }) => status.phase === 'Succeeded').length === count
}

async function aWhileAfterTheFirst(world: World): Promise<void> {
  await until(async () => (await speaking(world)) > 0, PATIENCE_MILLISECONDS, 'a new pod speaks')
  await sleep(FROZEN_MILLISECONDS)
}

async function speaking(world: World): Promise<number> {
  const isRunning = ({ status: { initContainerStatuses = [], containerStatuses = [] } }: NewPod) =>
    [...initContainerStatuses, ...containerStatuses].some(({ state }) => state.running !== undefined)
  return (await newPods(world)).filter(isRunning).length
}

const whileAgentsAreKilled: Case = {
  name: 'pods that start while every agent is killed',
  run: async (world) => {
    const { onNode, nodes, kubectl } = world
    if (onNode === undefined) return skipped('needs --node-command')
    const meanwhile = async (): Promise<void> => {
      await signalAgents(world, 'KILL')
      await until(async () => (await agentPods(kubectl)).length === nodes.length, 60_000, 'the agents are back')
      await rolledOut(kubectl, 'selvedge')
    }
    return firstPackets('', { pods: 6, isWhole: false, meanwhile }).run(world)
  },
}

/** A new version is rolled out: of each node one agent ends and the next begins while pods start there. */
const whileAgentsAreReplaced = firstPackets('pods that start while every agent is replaced', {
  pods: 6,
  isWhole: false,
  async meanwhile({ kubectl }) {
    await kubectl.run(['rollout', 'restart', ...DAEMON_SET])
    await rolledOut(kubectl, 'selvedge')
  },
})

export const firstPacketsOfPods: Theme = {
  name: 'first packets',
  cases: [
    firstPackets('init container, sidecar, hook and container', { pods: 4, isWhole: true, isFrozen: true }),
    firstPackets('thirty pods at once', { pods: 30, isWhole: false, isFrozen: true }),
    whileAgentsAreKilled,
    whileAgentsAreReplaced,
  ],
}
