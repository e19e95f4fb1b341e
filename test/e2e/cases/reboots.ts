import { setTimeout as sleep } from 'node:timers/promises'
import { type Case, skipped, type Theme } from '../case.ts'
import { agentPods, inAgent, signalAgents } from '../agents.ts'
import { rolledOut } from '../installation.ts'
import {
  closeSpeakers,
  deleteSpeakers,
  type Heard,
  judgeWords,
  speaker,
  speakingPod,
  speakingPods,
  speech,
  witnesses,
} from '../speakers.ts'
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
 * and to one who may not, both on the other node. The kubelet starts everything at once, and pods have to wait for Flannel: so an
 * agent usually wins. Here it is frozen as soon as it is there, and comes too late.
 */
function reboot(name: string, { isClosed }: Reboot): Case {
  return {
    name,
    run: async (world) => {
      const { kubectl, nodes, onNode, restartNode } = world
      if (restartNode === undefined || onNode === undefined) return skipped('needs --restart-node and --node-command')
      const [node] = nodes
      const heard = witnesses(world, 'x/b', 'z/b')
      await closeSpeakers(world, LABEL, 'b')
      const boot = isClosed ? await bootTable(world) : ''
      await kubectl.apply(NAMES.map((pod) => podOf(world, pod, node, heard.targets)))
      try {
        await until(() => haveBegun(world, 0), PATIENCE_MILLISECONDS, 'the speakers speak')
        await heard.listen()
        await Promise.all([restartNode(node), beginLate(world, node, boot)])
        await until(() => haveBegun(world, 1), PATIENCE_MILLISECONDS, 'the speakers speak again')
        await sleep(SOME_TIME_MILLISECONDS)
        await signalAgents(world, 'CONT')
        await rolledOut(kubectl, 'selvedge')
        await until(
          async () => !(await hasBootTable(world, node)),
          PATIENCE_MILLISECONDS,
          'the table of the boot is gone',
        )
        await sleep(SOME_TIME_MILLISECONDS)
        const [, leaked] = await heard.heard()
        // By now all is as it was before.
        await heard.listen()
        await sleep(SOME_TIME_MILLISECONDS)
        judgeWords(NAMES, await heard.heard())
        if (isClosed) judgeWords([], [{}, leaked])
        return { kind: 'pass', note: described(leaked) }
      } finally {
        await deleteSpeakers(world, LABEL)
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

/** In a node that has begun anew, which has no table of ours: what the unit of `selvedge boot-hold --unit` does; and then no agent for a while. */
const LATE = `nft list tables | grep -q 'inet selvedge$' && exit 1
[ -z "$0" ] || printf %s "$0" | nft -f - || exit 1
while ! found=$(pgrep -f '[/]usr/bin/selvedge agent'); do sleep 0.02; done
kill -STOP $found`

async function beginLate({ onNode }: World, node: string, boot: string): Promise<void> {
  const end = performance.now() + PATIENCE_MILLISECONDS
  while (performance.now() < end) {
    const isDone = await onNode?.(node, ['sh', '-c', LATE, boot]).then(
      () => true,
      () => false,
    )
    if (isDone === true) return
    await sleep(20)
  }
  throw new CaseFailure('the node could not be entered before its agent')
}

async function hasBootTable({ onNode }: World, node: string): Promise<boolean> {
  return ((await onNode?.(node, ['nft', 'list', 'tables'])) ?? '').includes('selvedge-boot')
}

function podOf(world: World, name: string, node: string, targets: readonly string[]) {
  const containers = [speaker(world, 'main', speech(name, FOR_EVER_MILLISECONDS, targets))]
  return speakingPod(world, LABEL, { name, node, spec: { containers } })
}

/** Do all of them run, and have begun anew so many times? */
async function haveBegun(world: World, times: number): Promise<boolean> {
  const running = (await speakingPods<StartedPod>(world, LABEL)).filter(({ status }) => {
    const [container] = status.containerStatuses ?? []
    return container?.state.running !== undefined && container.restartCount >= times
  })
  return running.length === NAMES.length
}

interface StartedPod {
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly restartCount: number
      readonly state: { readonly running?: object }
    }[]
  }
}

export const reboots: Theme = {
  name: 'reboots',
  cases: [
    reboot('pods of a node that restarts, and whose agent comes late', { isClosed: false }),
    reboot('the same with the table of a boot: they are heard by nobody who may not', { isClosed: true }),
  ],
}
