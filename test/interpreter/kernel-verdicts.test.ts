import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numRuns } from '../support/runs.ts'
import { describeKernel } from './describe-kernel.ts'
import { applyTransaction, createTable, type Packet, runPacket, type Table, type Tracked } from './interpreter.ts'
import { createKernelAsker } from './kernel-asker.ts'
import { type Flight, NOTRACK_PORT } from './kernel-flights.ts'
import { outputRulesets } from './kernel-rulesets.ts'
import { makePacket } from './make-packet.ts'

const LONE: Tracked = { state: 'untracked', direction: undefined, mark: 0 }
const FRESH: Tracked = { state: 'new', direction: 'original', mark: 0 }

/** Says which packets of the flight the kernel should have let out, conntrack included. */
function predict(table: Table, flight: Flight): Pick<Flight, 'request' | 'answer'> {
  const { source, sourcePort, destination, destinationPort } = flight
  const packet = makePacket({
    family: source.includes(':') ? 'IPv6' : 'IPv4',
    source,
    sourcePort,
    destination,
    destinationPort,
    protocol: 17,
    hopLimit: 64,
  })
  const back: Packet = {
    ...packet,
    source: destination,
    sourcePort: destinationPort,
    destination: source,
    destinationPort: sourcePort,
  }
  const tracked = destinationPort !== NOTRACK_PORT
  const pass = (one: Packet, state: Tracked) => runPacket(table, one, tracked ? state : LONE, 'output')
  const request = pass(packet, FRESH)
  const left = request.verdict === 'accept'
  // A request that did not leave is forgotten, so that its answer begins a connection.
  const answer = pass(back, left ? { state: 'established', direction: 'reply', mark: request.mark } : FRESH)
  return { request: left, answer: answer.verdict === 'accept' }
}

describeKernel('the real kernel', () => {
  test('gives random chains, sets and maps the verdicts that the interpreter gives', async () => {
    const runs = numRuns(100)
    const counts = { passed: 0, stopped: 0 }
    const kernel = createKernelAsker()
    try {
      await fc.assert(
        fc.asyncProperty(outputRulesets(), async (text) => {
          const table = createTable()
          applyTransaction(table, text)
          const flights = await kernel.fly(text)
          expect(flights.map((flight) => ({ ...flight, ...predict(table, flight) }))).toEqual(flights)
          for (const { request } of flights) counts[request ? 'passed' : 'stopped'] += 1
        }),
        { numRuns: runs },
      )
    } finally {
      await kernel.stop()
    }
    // Neither verdict may be so rare that agreeing on it means nothing.
    expect(counts.passed).toBeGreaterThan(runs - 50)
    expect(counts.stopped).toBeGreaterThan(runs - 50)
  }, 600_000)
})
