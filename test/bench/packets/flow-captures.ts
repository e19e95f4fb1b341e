import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cleanUpOnExit } from '../../../src/lab/clean-up-on-exit.ts'
import { buildEthernet } from '../../../src/lab/packets/build-ethernet.ts'
import { buildIP } from '../../../src/lab/packets/build-ip.ts'
import { buildPcap } from '../../../src/lab/packets/build-pcap.ts'
import { buildUdp } from '../../../src/lab/packets/build-udp.ts'
import { PROTOCOL_NUMBERS } from '../../../src/lab/packets/protocol-numbers.ts'
import { type Flow, flowKey, type FlowState } from './flow.ts'
import { MACS } from './routers.ts'

/** Capture files that tcpreplay sends; each is made once, in a folder that goes with the process. */
export interface FlowCaptures {
  /** As many packets as asked for when this was created. */
  requests(flow: Flow, state: FlowState): string
  /** One packet that answers the established flow. */
  reply(flow: Flow): string
  close(): void
}

const FIRST_SOURCE_PORT = 10_000

/** `packets`: how many a file of requests holds, at most 50,000: each new flow has a source port of its own. */
export function createFlowCaptures(packets: number): FlowCaptures {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-bench-'))
  const made = new Map<string, string>()
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const cancelCleanUp = cleanUpOnExit(remove)

  function capture(key: string, frames: () => readonly Uint8Array[]): string {
    const known = made.get(key)
    if (known !== undefined) return known
    const file = join(folder, `${made.size}.pcap`)
    writeFileSync(file, buildPcap(frames()))
    made.set(key, file)
    return file
  }

  return {
    requests: (flow, state) =>
      capture(`${flowKey(flow)} ${state}`, () => {
        const first = request(flow, FIRST_SOURCE_PORT)
        return Array.from({ length: packets }, (_, index) =>
          state === 'established' ? first : request(flow, FIRST_SOURCE_PORT + index),
        )
      }),
    reply: (flow) => capture(`${flowKey(flow)} reply`, () => [reply(flow, FIRST_SOURCE_PORT)]),
    close: () => {
      remove()
      cancelCleanUp()
    },
  }
}

function request({ source, destination, destinationPort }: Flow, sourcePort: number): Uint8Array {
  const fields = { source, destination, sourcePort, destinationPort, protocolNumber: PROTOCOL_NUMBERS.UDP }
  return buildEthernet({ source: MACS.sender, destination: MACS.routerIn }, buildIP(fields, buildUdp(fields)))
}

function reply(flow: Flow, requestPort: number): Uint8Array {
  const fields = {
    source: flow.destination,
    destination: flow.source,
    sourcePort: flow.destinationPort,
    destinationPort: requestPort,
    protocolNumber: PROTOCOL_NUMBERS.UDP,
  }
  return buildEthernet({ source: MACS.sink, destination: MACS.routerOut }, buildIP(fields, buildUdp(fields)))
}
