import { agentPods } from '../agents.ts'
import { type Case, skipped, type Theme } from '../case.ts'
import { rolledOut } from '../installation.ts'
import type { Json } from '../kubectl.ts'
import { PROBE_VOLUME } from '../manifests.ts'
import { createPolicies, inTeam, podNamed, policy } from '../policies.ts'
import { until } from '../until.ts'
import { CaseFailure } from '../ways.ts'
import type { World } from '../world.ts'

const PORT = 8090
const LABEL = 'first-packets'
/** Long enough for the slowest agent, short enough for thirty at once. */
const SAY_MILLISECONDS = 1_500
const PATIENCE_MILLISECONDS = 180_000

interface Shape {
  readonly pods: number
  /** With an init container, a native sidecar and a postStart hook, or with one container only. */
  readonly isWhole: boolean
  /** What happens while they start. */
  readonly meanwhile?: (world: World) => Promise<void>
}

/**
 * New pods under a default deny both ways speak from their first instruction on to one who may hear them, and to one who may not. Both
 * only listen: that nothing arrived is the word of their sockets, not of the pods. Neither has a policy of its own.
 * Node begins later than a bare program: where no agent is disturbed these pods are hardly ever heard without a hold either.
 */
function firstPackets(name: string, shape: Shape): Case {
  return {
    name,
    run: async (world) => {
      const { kubectl, nodes, place } = world
      const [allowed, denied] = [place('x/a'), place('z/a')]
      const inNamespace = world.namespaceOf('y')
      await createPolicies(world, [
        policy('y', LABEL, {
          podSelector: { matchLabels: { suite: LABEL } },
          policyTypes: ['Ingress', 'Egress'],
          egress: [{ to: [{ ...inTeam('x'), ...podNamed('a') }] }],
        }),
      ])
      const targets = [allowed, denied].flatMap(({ addresses }) => [...addresses.values()]).map(withPort)
      const names = Array.from({ length: shape.pods }, (_, index) => `first-${index}`)
      const pods = names.map((pod, index) => podOf(world, pod, nodes[index % 2] ?? nodes[0], targets, shape))
      for (const { session } of [allowed, denied]) await session().ask<'listen'>({ kind: 'listen', port: PORT })
      try {
        await kubectl.apply(pods)
        await shape.meanwhile?.(world)
        await until(() => areOver(world, names.length), PATIENCE_MILLISECONDS, 'every new pod has said its words')
      } finally {
        await kubectl.run([
          '-n',
          inNamespace,
          'delete',
          'pod',
          '-l',
          `suite=${LABEL}`,
          '--wait=false',
          '--grace-period=0',
        ])
      }
      const [welcome, leaked] = await Promise.all(
        [allowed, denied].map(({ session }) => session().ask<'heard'>({ kind: 'heard', port: PORT })),
      )
      const texts = names.flatMap((pod) => textsOf(pod, shape))
      const unheard = texts.filter((text) => welcome?.[text] === undefined)
      const words = Object.entries(leaked ?? {}).map(([text, count]) => `${text}: ${count}`)
      if (words.length > 0) throw new CaseFailure(`heard by one who may not hear them: ${words.join(', ')}`)
      if (unheard.length > 0) throw new CaseFailure(`not heard by one who may: ${unheard.join(', ')}`)
      return { kind: 'pass', note: `${texts.length} containers` }
    },
  }
}

/** The names of what speaks in a pod, each with a text of its own. */
function textsOf(pod: string, { isWhole }: Shape): readonly string[] {
  return (isWhole ? ['init', 'sidecar', 'main', 'post-start'] : ['main']).map((part) => `${pod}/${part}`)
}

function podOf(world: World, name: string, node: string, targets: readonly string[], { isWhole }: Shape) {
  const command = (part: string, milliseconds: number) => [
    '/usr/bin/node',
    '/probe/probe.ts',
    'first',
    String(milliseconds),
    `${name}/${part}`,
    ...targets,
  ]
  const container = (part: string, fields: Json = {}) => ({
    name: part,
    image: world.image,
    imagePullPolicy: 'IfNotPresent',
    command: command(part, SAY_MILLISECONDS),
    volumeMounts: [{ name: 'probe', mountPath: '/probe' }],
    ...fields,
  })
  const lifecycle = { postStart: { exec: { command: command('post-start', SAY_MILLISECONDS / 3) } } }
  // A sidecar ends with its pod, and would begin anew before that.
  const sidecar = { restartPolicy: 'Always', command: command('sidecar', 3_600_000) }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: world.namespaceOf('y'), labels: { suite: LABEL } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      restartPolicy: 'Never',
      nodeSelector: { 'kubernetes.io/hostname': node },
      ...(isWhole ? { initContainers: [container('init'), container('sidecar', sidecar)] } : {}),
      containers: [container('main', isWhole ? { lifecycle } : {})],
      volumes: [PROBE_VOLUME],
    },
  }
}

async function areOver({ kubectl, namespaceOf }: World, count: number): Promise<boolean> {
  const path = `/api/v1/namespaces/${namespaceOf('y')}/pods?labelSelector=${encodeURIComponent(`suite=${LABEL}`)}`
  const { items } = (await kubectl.request('GET', path)) as unknown as {
    readonly items: readonly { readonly status: { readonly phase: string } }[]
  }
  return items.filter(({ status }) => status.phase === 'Succeeded').length === count
}

function withPort(address: string): string {
  return address.includes(':') ? `[${address}]:${PORT}` : `${address}:${PORT}`
}

const whileAgentsAreKilled: Case = {
  name: 'pods that start while every agent is killed',
  run: async (world) => {
    const { onNode, nodes, kubectl } = world
    if (onNode === undefined) return skipped('needs --node-command')
    const meanwhile = async (): Promise<void> => {
      for (const node of nodes) {
        const found = await onNode(node, ['pgrep', '-f', '/usr/bin/selvedge agent'])
        // The command that looks may find itself, by then gone.
        for (const id of found.split(/\s+/)) await onNode(node, ['kill', '-9', id]).catch(() => {})
      }
      await until(async () => (await agentPods(kubectl)).length === nodes.length, 60_000, 'the agents are back')
      await rolledOut(kubectl, 'selvedge')
    }
    return firstPackets('', { pods: 6, isWhole: false, meanwhile }).run(world)
  },
}

export const firstPacketsOfPods: Theme = {
  name: 'first packets',
  cases: [
    firstPackets('init container, sidecar, hook and container', { pods: 4, isWhole: true }),
    firstPackets('thirty pods at once', { pods: 30, isWhole: false }),
    whileAgentsAreKilled,
  ],
}
