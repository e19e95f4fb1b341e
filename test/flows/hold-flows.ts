import type { Lab } from '../../src/lab/lab.ts'
import { type Flood, startFlood } from '../flood/start-flood.ts'
import { type Flow, isRaw, KINDS } from './flow.ts'
import { addressOf, NODES, type PodName } from './flows-lab.ts'
import { openingFrames, rawFrame } from './raw-frames.ts'

/** Of each pod and second, over all its raw flows. */
const FRAMES_PER_SECOND = 400

/** Servers for the flows on sockets, and a session of each; they live as long as the lab. */
export async function openSessions(lab: Lab, flows: readonly Flow[]): Promise<void> {
  const onSockets = flows.filter((flow) => !isRaw(flow))
  for (const [server, served] of Map.groupBy(onSockets, (flow) => flow.server)) {
    for (const manner of ['echo', 'push'] as const) {
      const kinds = served.map(({ kind }) => KINDS[kind]).filter((kind) => kind.manner === manner)
      const portsOf = (protocol: string) => [
        ...new Set(kinds.filter((kind) => kind.protocol === protocol).map(({ port }) => port)),
      ]
      await lab.serve(server, { tcp: portsOf('TCP'), udp: portsOf('UDP'), manner })
    }
  }
  await Promise.all(
    onSockets.map(({ client, server, family, kind }) => {
      const { protocol, port, manner } = KINDS[kind]
      if (protocol === 'SCTP' || manner === undefined) throw new Error(`${kind} has no sockets`)
      return lab.session({ from: client, toAddress: addressOf(server, family), port, protocol, manner })
    }),
  )
}

/**
 * Establishes the raw flows, all of them step by step. Conntrack forgets an association whose handshake rests for 3 s,
 * which a busy machine may need.
 */
export async function openRawFlows(lab: Lab, flows: readonly Flow[]): Promise<void> {
  const patience = ['wait', 'echoed'].map(
    (state) => `/proc/sys/net/netfilter/nf_conntrack_sctp_timeout_cookie_${state}`,
  )
  for (const node of NODES) await lab.exec(node, ['sh', '-c', `echo 60 | tee ${patience.join(' ')}`])
  const openings = flows
    .filter(isRaw)
    .flatMap((flow) => openingFrames(lab, flow).map(([sender, frame], step) => ({ step, from: flow[sender], frame })))
  for (const [, frames] of Map.groupBy(openings, ({ step }) => step)) {
    await Promise.all(
      [...Map.groupBy(frames, ({ from }) => from)].map(([from, sent]) =>
        lab.sendFrames(
          from,
          sent.map(({ frame }) => frame),
        ),
      ),
    )
  }
}

/** Lets both ends of all raw flows speak until it is closed. */
export async function speakRaw(lab: Lab, flows: readonly Flow[]): Promise<Flood> {
  const spoken = flows
    .filter(isRaw)
    .flatMap((flow) =>
      (['client', 'server'] as const).map((sender) => ({ from: flow[sender], frame: rawFrame(lab, flow, sender) })),
    )
  const floods = await Promise.all(
    [...Map.groupBy(spoken, ({ from }): PodName => from)].map(([from, frames]) =>
      startFlood(
        lab,
        frames.map(({ frame }) => frame),
        { from, framesPerSecond: FRAMES_PER_SECOND },
      ),
    ),
  )
  return {
    async close() {
      await Promise.all(floods.map((flood) => flood.close()))
    },
  }
}
