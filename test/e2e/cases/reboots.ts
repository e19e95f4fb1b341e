import { setTimeout as sleep } from 'node:timers/promises'
import { type Case, skipped, type Theme } from '../case.ts'
import { inAgent, agentPods } from '../agents.ts'
import { rolledOut } from '../installation.ts'
import { PROBE_VOLUME } from '../manifests.ts'
import { createPolicies, inTeam, podNamed, policy } from '../policies.ts'
import { type Heard, judgeWords, speaker, speech, witnesses } from '../speakers.ts'
import { until } from '../until.ts'
import { CaseFailure } from '../ways.ts'
import type { World } from '../world.ts'

const LABEL = 'reboots'
const NAMES = Array.from({ length: 4 }, (_, index) => `speaker-${index}`)
const PATIENCE_MILLISECONDS = 180_000
const SOME_TIME_MILLISECONDS = 2_000
const FOR_EVER_MILLISECONDS = 24 * 3_600_000

interface Reboot {
  /** With the table of `selvedge boot-hold`, loaded as soon as the node's network is there. */
  readonly isClosed: boolean
}

/**
 * Pods under a default deny both ways run on a node that reboots, and speak from their first instruction on to one who may hear them
 * and to one who may not, both on the other node. The kubelet starts everything at once, the agent too.
 */
function reboot(name: string, { isClosed }: Reboot): Case {
  return {
    name,
    run: async (world) => {
      const { kubectl, nodes, onNode, restartNode } = world
      if (restartNode === undefined || onNode === undefined) return skipped('needs --restart-node and --node-command')
      const [node] = nodes
      const heard = witnesses(world, 'x/b', 'z/b')
      await createPolicies(world, [
        policy('y', LABEL, {
          podSelector: { matchLabels: { suite: LABEL } },
          policyTypes: ['Ingress', 'Egress'],
          egress: [{ to: [{ ...inTeam('x'), ...podNamed('b') }] }],
        }),
      ])
      const boot = isClosed ? await bootTable(world) : undefined
      await kubectl.apply(NAMES.map((pod) => podOf(world, pod, node, heard.targets)))
      try {
        await until(() => haveBegun(world, 0), PATIENCE_MILLISECONDS, 'the speakers speak')
        await heard.listen()
        await Promise.all([restartNode(node), boot && closeAtBoot(world, node, boot)])
        await rolledOut(kubectl, 'selvedge')
        await until(() => haveBegun(world, 1), PATIENCE_MILLISECONDS, 'the speakers speak again')
        await until(async () => !(await hasBootTable(world, node)), PATIENCE_MILLISECONDS, 'the table of the boot is gone')
        await sleep(SOME_TIME_MILLISECONDS)
        const [, leaked] = await heard.heard()
        // By now all is as it was before.
        await heard.listen()
        await sleep(SOME_TIME_MILLISECONDS)
        judgeWords(NAMES, await heard.heard())
        if (isClosed) judgeWords([], [{}, leaked])
        return { kind: 'pass', note: described(leaked) }
      } finally {
        await kubectl.run(['-n', world.namespaceOf('y'), 'delete', 'pod', '-l', `suite=${LABEL}`, '--grace-period=0'])
        await world.refresh()
      }
    },
  }
}

function described(denied: Heard): string {
  const counts = Object.values(denied)
  return `heard by one who may not: ${counts.reduce((sum, count) => sum + count, 0)} datagrams of ${counts.length} pods`
}

async function bootTable({ kubectl }: World): Promise<string> {
  const [agent] = await agentPods(kubectl)
  if (agent === undefined) throw new CaseFailure('there is no agent')
  return (await inAgent(kubectl, agent.metadata.name, ['boot-hold'])).text
}

/** What the unit of `selvedge boot-hold --unit` does, where there is no systemd: a node that has begun anew has no table of ours. */
async function closeAtBoot({ onNode }: World, node: string, text: string): Promise<void> {
  const script = `nft list tables | grep -q selvedge && exit 1; printf %s "$0" | nft -f -`
  const end = performance.now() + PATIENCE_MILLISECONDS
  while (performance.now() < end) {
    const isLoaded = await onNode?.(node, ['sh', '-c', script, text]).then(
      () => true,
      () => false,
    )
    if (isLoaded === true) return
    await sleep(20)
  }
  throw new CaseFailure('the table of the boot could not be loaded')
}

async function hasBootTable({ onNode }: World, node: string): Promise<boolean> {
  return ((await onNode?.(node, ['nft', 'list', 'tables'])) ?? '').includes('selvedge-boot')
}

function podOf(world: World, name: string, node: string, targets: readonly string[]) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: world.namespaceOf('y'), labels: { suite: LABEL } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      nodeSelector: { 'kubernetes.io/hostname': node },
      containers: [speaker(world, 'main', speech(name, FOR_EVER_MILLISECONDS, targets))],
      volumes: [PROBE_VOLUME],
    },
  }
}

/** Do all of them run, and have begun anew so many times? */
async function haveBegun({ kubectl, namespaceOf }: World, times: number): Promise<boolean> {
  const path = `/api/v1/namespaces/${namespaceOf('y')}/pods?labelSelector=${encodeURIComponent(`suite=${LABEL}`)}`
  const { items } = (await kubectl.request('GET', path)) as unknown as { readonly items: readonly SpeakingPod[] }
  const running = items.filter(({ status }) => {
    const [container] = status.containerStatuses ?? []
    return container?.state.running !== undefined && container.restartCount >= times
  })
  return running.length === NAMES.length
}

interface SpeakingPod {
  readonly status: {
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly state: { readonly running?: object } }[]
  }
}

export const reboots: Theme = {
  name: 'reboots',
  cases: [
    reboot('pods of a node that restarts, as it is', { isClosed: false }),
    reboot('pods of a node that restarts with the table of a boot are heard by nobody who may not', { isClosed: true }),
  ],
}
