import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import { buildPcap } from '../../src/lab/packets/build-pcap.ts'
import { buildProbePacket } from '../../src/lab/probe-packet.ts'
import { listenForProbes, readArrivals } from '../../src/lab/receivers.ts'
import type { PodPlace } from '../../src/lab/topology.ts'
import { onTestFinished } from 'vitest'
import { waitFor } from './wait-for.ts'

/** Packets from one pod to another of the same bridge, in both families, for as long as the traffic runs. */
export interface Flow {
  readonly from: string
  readonly to: string
  readonly port: number
  /** One flow, the same ports all the time, UDP; without it every packet begins a flow, UDP and TCP in turn. */
  readonly sourcePort?: number
  /** Sent only once that flow has begun: answers that came before the question would turn the flow around. */
  readonly answers?: string
}

export interface Traffic {
  /** Resolves when so many more packets of each kind have been sent. */
  more(packets: number): Promise<void>
  /** Resolves when what a flow sends, in both families and protocols, passes, or is lost. Its sender needs a flow that passes. */
  until(flow: string, verdict: 'passed' | 'lost'): Promise<void>
  /** Ends it and tells what became of the packets. Twice gives the same answer. */
  stop(): Promise<TrafficReport>
}

export interface TrafficReport {
  /**
   * What became of each flow, in the order of sending: `passed`, `lost`, `passed lost` (all up to some packet passed,
   * none after it), `lost passed lost`. Families and protocols that differ stand one beside the other: `lost | passed`.
   */
  readonly courses: Readonly<Record<string, string>>
  readonly sent: Readonly<Record<string, number>>
  /** For each flow, the instants (of performance.now) at which packets that passed were sent. */
  readonly passedAt: Readonly<Record<string, readonly number[]>>
}

/** Packets of one kind: one flow, one family, one protocol. */
interface Strand {
  readonly flow: string
  readonly from: PodPlace
  readonly to: PodPlace
  readonly family: Family
  readonly protocol: 'TCP' | 'UDP'
  readonly port: number
  readonly sourcePort: number | undefined
  readonly answers: string | undefined
  readonly packets: { readonly number: number; readonly at: number }[]
}

/** So many packets of one kind in a row say what becomes of them. */
const ENOUGH = 6
const TICK_MILLISECONDS = 6
const FIRST_PORT = 2_000
const PORTS = 60_000
/** Of the whole process: a packet that was late for one traffic must not count for the next. */
let lastNumber = 0
let lastPort = 0

/**
 * Starts sending, each strand about 80 packets a second, from as many tcpreplay processes as there are senders. Receivers
 * note what arrives at their door and drop it there (src/lab/receivers.ts): a busy machine loses nothing to full sockets.
 * Do not use `lab.probe` towards the same pods meanwhile.
 */
export async function startTraffic(lab: Lab, flows: Readonly<Record<string, Flow>>): Promise<Traffic> {
  const strands = Object.entries(flows).flatMap(([name, flow]) => strandsOf(lab, name, flow))
  const receivers = [...new Set(strands.map(({ to }) => to))]
  const senders = new Map(
    [...new Set(strands.map(({ from }) => from))].map((place) => [place, startSender(lab, place)]),
  )
  await listenForProbes(receivers)

  const waiting = new Set(strands.filter(({ answers }) => answers !== undefined))
  let turn = 0
  const tick = () => {
    turn += 1
    const frames = new Map<PodPlace, Uint8Array[]>()
    const at = performance.now()
    strands.forEach((strand, index) => {
      // Half of them each time.
      if ((turn + index) % 2 === 0 || waiting.has(strand)) return
      lastNumber += 1
      strand.packets.push({ number: lastNumber, at })
      frames.set(strand.from, [...(frames.get(strand.from) ?? []), frameOf(strand, lastNumber)])
    })
    for (const [from, some] of frames) senders.get(from)?.send(some)
  }
  const timer = setInterval(tick, TICK_MILLISECONDS)
  onTestFinished(() => clearInterval(timer))
  const arrivedSoFar = async () => {
    const arrivals = await readArrivals(receivers)
    const arrived = new Map(receivers.map((receiver, index) => [receiver, arrivals[index]]))
    return ({ to }: Strand, number: number) => arrived.get(to)?.has(number) ?? false
  }

  let report: Promise<TrafficReport> | undefined
  const end = async (): Promise<TrafficReport> => {
    clearInterval(timer)
    await Promise.all([...senders.values()].map((sender) => sender.end()))
    // What is in flight between two namespaces of one machine is there at once, or a little later on a busy one.
    await sleep(100)
    return reportOf(strands, await arrivedSoFar())
  }

  await waitFor('what is to be answered has begun', async () => {
    const passed = await arrivedSoFar()
    const runs = (strand: Strand) => strand.packets.some(({ number }) => passed(strand, number))
    for (const answer of waiting) {
      const asked = strands.filter(({ flow, family }) => flow === answer.answers && family === answer.family)
      if (asked.every(runs)) waiting.delete(answer)
    }
    return waiting.size === 0
  })
  return {
    async more(packets) {
      const wanted = strands.map((strand) => strand.packets.length + packets)
      while (strands.some((strand, index) => strand.packets.length < (wanted[index] ?? 0)))
        await sleep(TICK_MILLISECONDS)
    },
    async until(flow, verdict) {
      const first = lastNumber
      await waitFor(`${flow} is ${verdict}`, async () => {
        const before = await arrivedSoFar()
        const passed = await arrivedSoFar()
        return strands.every((strand) => {
          if (strand.flow !== flow) return true
          // What a sender put out before something of it that has arrived is there by now, or lost: never a matter of time.
          const siblings = strands.filter(({ from }) => from === strand.from)
          const arrived = siblings.flatMap((each) => each.packets.filter(({ number }) => before(each, number)))
          const newest = Math.max(...arrived.map(({ number }) => number), 0)
          const some = strand.packets.filter(({ number }) => number > first && number < newest).slice(-ENOUGH)
          return some.length === ENOUGH && some.every(({ number }) => passed(strand, number) === (verdict === 'passed'))
        })
      })
    },
    stop: () => (report ??= end()),
  }
}

function strandsOf(lab: Lab, flow: string, { from, to, port, sourcePort, answers }: Flow): readonly Strand[] {
  const [source, target] = [lab.place(from), lab.place(to)]
  if (source.kind !== 'pod' || target.kind !== 'pod' || source.node !== target.node)
    throw new Error(`${flow} is not between two pods of one node`)
  const protocols = sourcePort === undefined ? (['UDP', 'TCP'] as const) : (['UDP'] as const)
  return FAMILIES.flatMap((family) =>
    protocols.map((protocol) => ({
      flow,
      from: source,
      to: target,
      family,
      protocol,
      port,
      sourcePort,
      answers,
      packets: [],
    })),
  )
}

function frameOf({ from, to, family, protocol, port, sourcePort }: Strand, number: number): Uint8Array {
  const [fromAddress, toAddress] = [addressOf(from, family), addressOf(to, family)]
  lastPort = (lastPort + 1) % PORTS
  const packet = buildProbePacket({
    probe: { from: from.name, fromAddress, toAddress, protocol, port },
    fromAddress,
    sourcePort: sourcePort ?? FIRST_PORT + lastPort,
    number,
  })
  return buildEthernet({ source: from.mac, destination: to.mac }, packet)
}

function addressOf({ name, addresses }: PodPlace, family: Family): string {
  const address = addresses.find((each) => each.includes(':') === (family === 'IPv6'))
  if (address === undefined) throw new Error(`${name} has no ${family} address`)
  return address
}

/** A tcpreplay that puts out what it is given as it is given it. */
function startSender(lab: Lab, place: PodPlace) {
  const [file = '', ...rest] = lab.command(place.name, ['tcpreplay', '--topspeed', '-i', 'eth0', '-'])
  const subprocess = execa(file, rest, { stdin: 'pipe', reject: false, cleanup: true })
  const header = buildPcap([])
  const { stdin } = subprocess
  // Its end says what was wrong.
  stdin.on('error', () => {})
  stdin.write(header)
  let count = 0
  return {
    send(frames: readonly Uint8Array[]): void {
      count += frames.length
      stdin.write(buildPcap(frames).subarray(header.length))
    },
    async end(): Promise<void> {
      stdin.end()
      const { stdout, stderr } = await subprocess
      const sent = Number(/Successful packets:\s+(\d+)/.exec(stdout)?.[1])
      if (sent !== count) throw new Error(`${place.name}: ${sent} of ${count} frames were sent\n${stdout}${stderr}`)
    },
  }
}

function reportOf(strands: readonly Strand[], passed: (strand: Strand, number: number) => boolean): TrafficReport {
  const flows = [...Map.groupBy(strands, ({ flow }) => flow)]
  return {
    courses: Object.fromEntries(
      flows.map(([flow, all]) => {
        const courses = all.map((strand) => courseOf(strand.packets.map(({ number }) => passed(strand, number))))
        return [flow, [...new Set(courses)].sort().join(' | ')]
      }),
    ),
    sent: Object.fromEntries(
      flows.map(([flow, all]) => [flow, all.reduce((sum, { packets }) => sum + packets.length, 0)]),
    ),
    passedAt: Object.fromEntries(
      flows.map(([flow, all]) => {
        const packets = all.flatMap((strand) => strand.packets.filter(({ number }) => passed(strand, number)))
        return [flow, packets.map(({ at }) => at).sort((left, right) => left - right)]
      }),
    ),
  }
}

function courseOf(passed: readonly boolean[]): string {
  const words = passed.map((each) => (each ? 'passed' : 'lost'))
  return words.filter((word, index) => word !== words[index - 1]).join(' ')
}
