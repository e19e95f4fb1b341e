import { enterNamespace } from '../../../src/lab/namespaces.ts'
import { mustRun } from '../../../src/lab/run-command.ts'
import type { Flow, FlowState } from './flow.ts'
import type { FlowCaptures } from './flow-captures.ts'
import type { Router, Routers } from './routers.ts'

export interface BurstSettings {
  readonly routers: Routers
  readonly captures: FlowCaptures
  /** What makes a command run on the measuring CPU, undisturbed. */
  readonly pinned: readonly string[]
}

export interface Burst {
  readonly router: Router
  readonly flow: Flow
  readonly state: FlowState
  readonly packets: number
}

export interface BurstResult {
  /** Of the sending loop, for one packet. */
  readonly nanoseconds: number
  /** How many packets reached the sink. */
  readonly arrived: number
  /** How many flows the router's conntrack table got meanwhile. */
  readonly flows: number
  /** What the programs said, for a message. */
  readonly report: string
}

/**
 * Sends one burst through a router; for new flows its conntrack table is emptied first. veth hands a packet on within
 * the sender's own system call, so the time of the sending loop is the time of the whole path. Throws LabCommandError.
 */
export async function sendBurst(
  settings: BurstSettings,
  { router, flow, state, packets }: Burst,
): Promise<BurstResult> {
  const { routers, captures, pinned } = settings
  const flush = `${enter(router.namespace)} conntrack -F 2>&1`
  const received = `sed -n 's/^ *${router.outOf}: *[0-9]* *\\([0-9]*\\).*/\\1/p' /proc/net/dev`
  const script = [
    ...(state === 'new' ? [flush] : []),
    `count() { ${enter(routers.sink)} ${received}; ${enter(router.namespace)} ${READ_FLOWS}; }`,
    'echo before $(count)',
    `${enter(routers.sender)} ${pinned.join(' ')} ${replay(router.into, packets, captures.requests(flow, state))}`,
    'echo after $(count)',
  ]
  const report = await mustRun(['sh', '-e'], { input: script.join('\n') })
  const seconds = Number(/ sent in ([\d.]+) seconds/.exec(report)?.[1])
  const counts = [...report.matchAll(/^(?:before|after) (\d+) (\d+)$/gm)].map(([, packetCount, flowCount]) => ({
    packets: Number(packetCount),
    flows: Number(flowCount),
  }))
  const [before, after] = counts
  if (before === undefined || after === undefined || !(seconds > 0)) throw new Error(`cannot be read:\n${report}`)
  return {
    nanoseconds: (seconds * 1e9) / packets,
    arrived: after.packets - before.packets,
    flows: after.flows - before.flows,
    report,
  }
}

const READ_FLOWS = 'cat /proc/sys/net/netfilter/nf_conntrack_count'

/** Sends a first request and its answer. Throws LabCommandError when the answered flow does not stand afterwards. */
export async function establish(settings: BurstSettings, router: Router, flow: Flow): Promise<void> {
  const { routers, captures } = settings
  const script = [
    `${enter(routers.sender)} ${replay(router.into, 1, captures.requests(flow, 'established'))}`,
    `${enter(routers.sink)} ${replay(router.outOf, 1, captures.reply(flow))}`,
    `flows=$(${enter(router.namespace)} conntrack -L -f ${flow.source.includes(':') ? 'ipv6' : 'ipv4'} -s ${flow.source})`,
    `case "$flows" in ''|*UNREPLIED*) echo "not established: $flows" >&2; exit 1;; esac`,
  ]
  await mustRun(['sh', '-e'], { input: script.join('\n') })
}

function enter(namespace: string): string {
  return enterNamespace(namespace, []).join(' ')
}

/** The shell words that send the first frames of a capture. Without its statistics of flows, which cost per flow. */
function replay(device: string, frames: number, file: string): string {
  return `tcpreplay --preload-pcap --topspeed --no-flow-stats --limit=${frames} -i ${device} '${file}'`
}
