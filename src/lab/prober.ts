import { setTimeout as sleep } from 'node:timers/promises'
import { LabPlanError } from './lab-error.ts'
import { nextHop } from './next-hop.ts'
import { buildEthernet } from './packets/build-ethernet.ts'
import { canonicalAddress } from './packets/read-address.ts'
import type { Probe, ProbeOptions } from './probe.ts'
import { buildProbePacket } from './probe-packet.ts'
import { listenForProbes, readArrivals, stopListening } from './receivers.ts'
import { sendFrames } from './send-frames.ts'
import { createSourcePorts } from './source-ports.ts'
import type { Place, Topology } from './topology.ts'

export type Prober = (probes: readonly Probe[], options?: ProbeOptions) => Promise<readonly boolean[]>

/** A probe that is ready to go. */
interface Shot {
  /** Place in the list that was asked. */
  readonly index: number
  /** Unique in the lab, not in the call: a packet that was late for the last call must not answer this one. */
  readonly number: number
  readonly namespace: string
  readonly device: string
  readonly frame: Uint8Array
  readonly receiver: Place
}

/** Places that listen, with how many probes were meant for them since they started from zero. */
type Noted = Map<Place, number>

/** Many, as tcpreplay mostly waits for its socket to close. Loss is told from denial by sending again. */
const SENDERS_AT_ONCE = 12

/** Reading a receiver costs by what it has noted; beyond this many probes it starts from zero. */
const NOTED_AT_MOST = 20_000

/**
 * The function that sends probes and tells, in their order, which arrived. One call waits for the one before.
 * Throws LabPlanError for a probe that names no place of the lab or has no port, LabCommandError when a program fails.
 */
export function createProber(topology: Topology): Prober {
  const sourcePort = createSourcePorts()
  const noted: Noted = new Map()
  let lastCall: Promise<unknown> = Promise.resolve()
  let nextNumber = 1
  return async (probes, options = {}) => {
    const firstNumber = nextNumber
    nextNumber += probes.length
    const shots = probes.map((probe, index) => ({ index, ...aim(topology, probe, firstNumber + index, sourcePort) }))
    const call = lastCall.then(() => fire(shots, options, noted))
    lastCall = call.catch(() => undefined)
    return call
  }
}

function aim(
  topology: Topology,
  probe: Probe,
  number: number,
  sourcePort: ReturnType<typeof createSourcePorts>,
): Omit<Shot, 'index'> {
  const from = placeOf(topology, probe.from)
  const hop = nextHop(topology, from, probe.toAddress, probe.via)
  const fromAddress = probe.fromAddress ?? hop.sourceAddress
  if (fromAddress === '') throw new LabPlanError(`${probe.from} has no address of the family of ${probe.toAddress}`)
  if (probe.protocol !== 'ICMP' && probe.port === undefined)
    throw new LabPlanError(`a ${probe.protocol} probe needs a port`)
  const packet = buildProbePacket({
    probe,
    fromAddress,
    sourcePort: probe.sourcePort ?? sourcePort(fromAddress, probe.protocol),
    number,
  })
  return {
    number,
    namespace: from.namespace,
    device: hop.device,
    frame: buildEthernet({ source: hop.sourceMac, destination: hop.destinationMac }, packet),
    receiver: receiverOf(topology, probe),
  }
}

async function fire(shots: readonly Shot[], options: ProbeOptions, noted: Noted): Promise<readonly boolean[]> {
  const arrived = new Array<boolean>(shots.length).fill(false)
  await prepareReceivers(shots, noted)
  try {
    let missing = shots
    for (let attempt = 0; attempt < (options.attempts ?? 2) && missing.length > 0; attempt++) {
      await sendShots(missing)
      await sleep(options.settleMilliseconds ?? 15)
      missing = await takeArrivals(missing, arrived)
    }
  } finally {
    await releaseNodes(noted)
  }
  return arrived
}

/** Pods and the outside keep listening from call to call, which is most of what a small call would cost. */
async function prepareReceivers(shots: readonly Shot[], noted: Noted): Promise<void> {
  const expected = Map.groupBy(shots, (shot) => shot.receiver)
  const fresh = [...expected.keys()].filter((receiver) => (noted.get(receiver) ?? Infinity) > NOTED_AT_MOST)
  for (const receiver of fresh) noted.delete(receiver)
  await listenForProbes(fresh)
  for (const [receiver, meant] of expected) noted.set(receiver, (noted.get(receiver) ?? 0) + meant.length)
}

/** A node's tables are what is under test: none of ours stays there. */
async function releaseNodes(noted: Noted): Promise<void> {
  const nodes = [...noted.keys()].filter((receiver) => receiver.kind === 'node')
  for (const node of nodes) noted.delete(node)
  await stopListening(nodes)
}

/** Notes which shots arrived and returns those that did not. Only the places that are waited for are asked. */
async function takeArrivals(shots: readonly Shot[], arrived: boolean[]): Promise<readonly Shot[]> {
  const receivers = [...new Set(shots.map((shot) => shot.receiver))]
  const numbers = await readArrivals(receivers)
  const arrivals = new Map(receivers.map((receiver, index) => [receiver, numbers[index]]))
  return shots.filter((shot) => {
    arrived[shot.index] = arrivals.get(shot.receiver)?.has(shot.number) ?? false
    return !arrived[shot.index]
  })
}

async function sendShots(shots: readonly Shot[]): Promise<void> {
  const groups = [...Map.groupBy(shots, (shot) => `${shot.namespace} ${shot.device}`).values()]
  const sendNext = async (): Promise<void> => {
    for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
      const [first] = group
      if (first === undefined) continue
      const frames = group.map((shot) => shot.frame)
      await sendFrames(first.namespace, first.device, frames)
    }
  }
  await Promise.all(Array.from({ length: SENDERS_AT_ONCE }, sendNext))
}

function receiverOf(topology: Topology, probe: Probe): Place {
  if (probe.to !== undefined) return placeOf(topology, probe.to)
  return topology.owners.get(canonicalAddress(probe.toAddress)) ?? topology.outside
}

function placeOf(topology: Topology, name: string): Place {
  const place = topology.places.get(name)
  if (place === undefined) throw new LabPlanError(`no place of the lab is called ${name}`)
  return place
}
