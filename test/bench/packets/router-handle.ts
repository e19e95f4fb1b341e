import { enterNamespace } from '../../../src/lab/namespaces.ts'
import { mustRun } from '../../../src/lab/run-command.ts'
import { sendFrames } from '../../../src/lab/send-frames.ts'
import { received } from './device-counters.ts'
import type { Flow } from './flow.ts'
import { replyFrame, requestFrame } from './flow-frames.ts'
import type { Router } from './routers.ts'
import { type Sender, startSender } from './sender.ts'

/** One router with its sender. */
export interface RouterHandle {
  readonly router: Router
  readonly sender: Sender
  /** Packets that reached the sink. */
  arrived(): number
  /** Entries of its conntrack table. */
  flows(): Promise<number>
  /** Empties the table. */
  flush(): Promise<void>
  /** Sends a first request of each flow and its answer. Throws when not all of them stand as answered afterwards. */
  establish(flows: readonly Flow[], sourcePort: number): Promise<void>
}

export interface HandleSettings {
  readonly senderNamespace: string
  readonly sinkNamespace: string
  /** A process inside the sink's namespace. */
  readonly sinkProcess: number
  readonly cpu: number
}

export async function openRouter(router: Router, settings: HandleSettings): Promise<RouterHandle> {
  const { senderNamespace, sinkNamespace, sinkProcess, cpu } = settings
  const sender = await startSender(senderNamespace, router.into, cpu)
  const inside = (...argv: readonly string[]): Promise<string> => mustRun(enterNamespace(router.namespace, argv))
  return {
    router,
    sender,
    arrived: () => received(sinkProcess, router.outOf),
    flows: async () => Number(await inside('cat', '/proc/sys/net/netfilter/nf_conntrack_count')),
    flush: async () => {
      await inside('conntrack', '-F')
    },
    establish: async (flows, sourcePort) => {
      await sender.send(flows.map((flow) => requestFrame(flow, sourcePort)))
      const replies = flows.map((flow) => replyFrame(flow, sourcePort))
      await sendFrames(sinkNamespace, router.outOf, replies)
      const entries = (await inside('conntrack', '-L', '-f', 'ipv4')) + (await inside('conntrack', '-L', '-f', 'ipv6'))
      const answered = entries.split('\n').filter((line) => line.includes('udp') && !line.includes('UNREPLIED'))
      if (answered.length !== flows.length) throw new Error(`${answered.length} of ${flows.length} flows:\n${entries}`)
    },
  }
}
