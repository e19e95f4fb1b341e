import type { Address } from '../../compiler/addresses/address.ts'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import type { AllowGraph } from '../../compiler/graph/allow-graph.ts'
import { judge } from '../../compiler/graph/judge.ts'
import { OUTSIDE } from '../lab/plan.ts'
import type { Probe } from '../lab/probe.ts'
import { INTERNET, PODS, RECEIVERS, SENDERS } from './story.ts'

/** May this end open a TCP connection to that one? Asked by a packet, and of the compiler. */
export interface Question {
  readonly from: string
  readonly to: string
  readonly port: number
  readonly probe: Probe
  compiled(graph: AllowGraph): boolean
}

/** Every sender to every receiver, but for itself. */
export function allQuestions(): readonly Question[] {
  return SENDERS.flatMap(({ members }) => members).flatMap((from) =>
    RECEIVERS.flatMap(({ members, port }) =>
      members.filter((to) => to !== from).map((to) => createQuestion(from, to, port)),
    ),
  )
}

export function createQuestion(from: string, to: string, port: number): Question {
  const [fromAddress, toAddress] = [addressOf(from), addressOf(to)]
  const connection = {
    source: parsed(fromAddress),
    destination: parsed(toAddress),
    transport: { protocol: 'TCP', port },
  } as const
  return {
    from,
    to,
    port,
    probe: { from: placeOf(from), fromAddress, toAddress, protocol: 'TCP', port },
    compiled: (graph) => judge(graph, connection).allowed,
  }
}

/** Where the lab has it. */
export function placeOf(name: string): string {
  return name === INTERNET.name ? OUTSIDE : name
}

export function addressOf(name: string): string {
  const found = [...PODS, INTERNET].find((each) => each.name === name)
  if (found === undefined) throw new Error(`nobody of the demo is called ${name}`)
  return found.address
}

function parsed(text: string): Address {
  const address = parseAddress(text)
  if (address === undefined) throw new Error(`${text} is no address`)
  return address
}
