import type { Lab } from '../../src/lab/lab.ts'
import { readCounters } from '../kernel/counters.ts'

/** What tells the flows apart: a key that requests show in one way and replies in another. */
export interface FlowKeys {
  /** nft type of the key. */
  readonly type: string
  /** nft expressions that make the key of a request, and of a reply. */
  readonly request: string
  readonly reply: string
  /** The key of each flow, as an element of that type, with the flow's name. */
  readonly flows: ReadonlyMap<string, string>
}

/** A place where packets are counted, and what is done with them there. */
export interface CountingHook {
  readonly name: string
  /** An nft chain specification, such as `type filter hook forward priority 4;`. */
  readonly hook: string
  /** Rules behind the counting. */
  readonly rules?: readonly string[]
}

export type Way = 'request' | 'reply'

export interface CounterTable {
  /** Packets by hook and way, for each flow by its name. */
  read(): Promise<ReadonlyMap<string, FlowCount>>
  close(): Promise<void>
}

/** How many packets of a flow came by a hook; 0 for what no hook is called. */
export type FlowCount = (hook: string, way: Way) => number

const WAYS: readonly Way[] = ['request', 'reply']

/** Counts the packets of each flow at each hook, by look-ups only, so that many flows cost what one does. */
export async function countFlows(
  lab: Lab,
  where: string,
  table: string,
  keys: readonly FlowKeys[],
  hooks: readonly CountingHook[],
): Promise<CounterTable> {
  await lab.nft(where, ['-f', '-'], tableText(table, keys, hooks))
  const names = keys.flatMap(({ flows }) => [...flows.values()])
  return {
    async read() {
      const counters = await readCounters(lab, where, table)
      return new Map(names.map((name, index) => [name, (hook, way) => counters[counterName(hook, way, index)] ?? 0]))
    },
    close: async () => {
      await lab.nft(where, ['delete', 'table', ...table.split(' ')])
    },
  }
}

function counterName(hook: string, way: Way, index: number): string {
  return `${hook}-${way}-${index}`
}

function tableText(table: string, keys: readonly FlowKeys[], hooks: readonly CountingHook[]): string {
  const lines: string[] = []
  for (const { name: hook, hook: specification, rules = [] } of hooks) {
    const lookups: string[] = []
    let first = 0
    for (const [number, { type, flows, ...expressions }] of keys.entries()) {
      for (const way of WAYS) {
        const elements = [...flows.keys()].map((key, index) => `${key} : "${counterName(hook, way, first + index)}"`)
        const map = `${hook}-${way}-by-${number}`
        lines.push(
          ...elements.map((_, index) => `counter ${counterName(hook, way, first + index)} { }`),
          `map ${map} { type ${type} : counter; elements = { ${elements.join(', ')} }; }`,
        )
        lookups.push(`counter name ${expressions[way]} map @${map}`)
      }
      first += flows.size
    }
    lines.push(`chain ${hook} { ${specification} policy accept;`, ...lookups, ...rules, '}')
  }
  return `table ${table} {\n${lines.join('\n')}\n}\n`
}
