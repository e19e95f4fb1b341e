import { deepStrictEqual, ok } from 'node:assert'
import fc from 'fast-check'
import type { Change } from '../../compiler/engine/change.ts'
import type { FlowRecord } from '../../compiler/nftables/flow-record.ts'
import { NO_RECORDS } from '../../compiler/nftables/flow-record.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { createAddressHistory } from '../../src/agent/address-history.ts'
import { createFlowBook } from '../../src/agent/flow-book.ts'
import { recordKey } from '../../src/agent/record-key.ts'

/** What happens on a node: pods take and leave two addresses, packets are denied, and now and then somebody looks. */
export type Story = readonly Event[]

type Event =
  | { readonly kind: 'takes' | 'leaves'; readonly end: 0 | 1 }
  | { readonly kind: 'packets'; readonly port: 0 | 1; readonly count: number }
  | { readonly kind: 'look' | 'table anew' }

const end = fc.constantFrom(0 as const, 1 as const)
const arbitraryStory: fc.Arbitrary<Story> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('takes' as const, 'leaves' as const), end }),
    fc.record({ kind: fc.constant('packets' as const), port: end, count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constantFrom('look' as const, 'table anew' as const) }),
  ),
  { minLength: 1, maxLength: 40 },
)

const ADDRESSES = ['10.0.0.1', '10.0.0.2'] as const
const address = (index: 0 | 1) => ({ family: 'IPv4', value: 0x0a_00_00_01n + BigInt(index) }) as const

/** What was counted, by the pods of both ends and the port: by the book, and as it was. */
function play(story: Story, looksBeforeChanges: boolean): { readonly told: Counts; readonly truth: Counts } {
  let at = 0
  let next = 0
  const owners: (Pod | undefined)[] = [undefined, undefined]
  /** Who had it last: whoever calls an address that nobody has means that one. */
  const meant: (Pod | undefined)[] = [undefined, undefined]
  const kernel = new Map<string, FlowRecord & { readonly at: number }>()
  const truth = new Map<string, number>()
  const history = createAddressHistory({
    podOf: (key) => owners.find((pod) => pod !== undefined && `${pod.namespace}/${pod.name}` === key),
    ownerOf: (text) => owners[ADDRESSES.indexOf(text as (typeof ADDRESSES)[number])],
    now: () => at,
  })
  const book = createFlowBook(() => at, history)

  function look(): void {
    const flows = [...kernel.values()].map(({ at: last, ...flow }) => ({ ...flow, age: (at - last) / 1000 }))
    book.take('denied', { ...NO_RECORDS, flows })
    const handed = book.handedOver('denied')
    for (const flow of handed) kernel.delete(recordKey(flow))
    book.takenOut('denied', handed)
  }

  function change(index: 0 | 1, pod: Pod | undefined): void {
    if (looksBeforeChanges) look()
    const before = owners[index]
    const changes: Change[] = [
      ...(before === undefined ? [] : [{ type: 'remove', kind: 'Pod', namespace: 'n', name: before.name } as const]),
      ...(pod === undefined ? [] : [{ type: 'put', object: pod } as const]),
    ]
    for (const one of changes) {
      history.take([one])
      owners[index] = one.type === 'put' ? pod : undefined
    }
    meant[index] = pod ?? meant[index]
  }

  for (const event of story) {
    // Longer than ages are rounded.
    at += 5_000
    switch (event.kind) {
      case 'takes':
        next += 1
        change(event.end, madeUpPod(next, ADDRESSES[event.end]))
        break
      case 'leaves':
        change(event.end, undefined)
        break
      case 'packets': {
        const carries = { protocol: 'TCP', port: event.port } as const
        const ends = { source: address(0), destination: address(1), carries, directed: true, fate: 'denied' } as const
        const key = recordKey({ ...ends, packets: 0 })
        const packets = (kernel.get(key)?.packets ?? 0) + event.count
        kernel.set(key, { ...ends, packets, age: 0, at })
        count(truth, [...meant, event.port], event.count)
        break
      }
      case 'look':
        look()
        break
      case 'table anew':
        look()
        kernel.clear()
        book.tableIsNew()
    }
  }
  at += 5_000
  look()
  const told = new Map<string, number>()
  for (const { from, to, carries, packets } of book.flows('denied')) {
    count(told, [from, to, 'port' in carries ? carries.port : -1], packets)
  }
  return { told, truth }
}

type Counts = ReadonlyMap<string, number>

function count(counts: Map<string, number>, of: readonly (Pod | number | undefined)[], more: number): void {
  const key = of.map((part) => (typeof part === 'object' ? part.uid : String(part))).join(' ')
  counts.set(key, (counts.get(key) ?? 0) + more)
}

function madeUpPod(index: number, at: string): Pod {
  const name = `pod-${index}`
  return { kind: 'Pod', namespace: 'n', name, uid: name, addresses: [at], finished: false } as unknown as Pod
}

/**
 * Where somebody looked before an address changed hands, each packet is told of the pods that it was between; where nobody did, none is
 * lost or told twice, and none of a pod that never had the address in time.
 */
export function packetsHaveOwners(parameters: fc.Parameters<[Story]>): { readonly handedOver: number } {
  const met = { handedOver: 0 }
  fc.assert(
    fc.property(arbitraryStory, (story) => {
      const { told, truth } = play(story, true)
      // A pod that came after a packet, and before whom nobody had the address, may be taken for the one that was meant.
      const known = [...truth].filter(([key]) => !key.includes('undefined'))
      for (const [key, packets] of known) ok((told.get(key) ?? 0) >= packets, `${key}: ${told.get(key)} of ${packets}`)
      if (known.length === truth.size) deepStrictEqual(told, truth)
      if (known.length > 1) met.handedOver += 1
      const unlooked = play(story, false)
      deepStrictEqual(sum(unlooked.told), sum(unlooked.truth))
    }),
    parameters,
  )
  return met
}

function sum(counts: Counts): number {
  return [...counts.values()].reduce((total, packets) => total + packets, 0)
}
