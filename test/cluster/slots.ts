import { isInSubnet } from '../../src/lab/subnet.ts'
import { readAddress } from '../../src/lab/packets/read-address.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { LabPlan } from '../../src/lab/plan.ts'
import type { Probe } from '../../src/lab/probe.ts'
import { canonical } from '../arbitraries/block-edges.ts'
import type { Connection } from '../oracle/connection.ts'

/**
 * Two nodes, bridged, with so many dual-stack slots each. A slot is the lab's half of a pod: an address where packets
 * come from and go to, whichever pod of the API has it just now, or none. They begin at 10.244.N.10 and fd44:0:0:N::a,
 * as the random pods do.
 */
export function planOfSlots(slotsPerNode: number): LabPlan {
  const nodes = [1, 2].map((number) => ({
    name: `node-${number}`,
    podSubnets: [`10.244.${number}.0/24`, `fd44:0:0:${number}::/64`],
  }))
  const pods = nodes.flatMap(({ name }, node) =>
    Array.from({ length: slotsPerNode }, (_, slot) => ({
      name: `slot-${node + 1}-${slot}`,
      node: name,
      addresses: slotAddresses(node + 1, slot),
    })),
  )
  return { arrangement: 'bridged', nodes, pods }
}

/** The addresses of a slot, counted from 0, of a node, counted from 1. */
export function slotAddresses(node: number, slot: number): readonly [string, string] {
  return [`10.244.${node}.${10 + slot}`, `fd44:0:0:${node}::${(10 + slot).toString(16)}`]
}

/**
 * The connection as a raw packet between slots, or between one and the outside; undefined when it cannot cross a node:
 * within one slot, between strangers, or with an address of a pod subnet behind which nothing stands.
 */
export function probeBetweenSlots(lab: Lab, { source, destination, protocol, port }: Connection): Probe | undefined {
  if (protocol === 'other') return undefined
  const [from, to] = [source, destination].map((address) => placeOf(lab, address))
  if (from === undefined || to === undefined || from === to) return undefined
  return {
    from,
    fromAddress: source,
    toAddress: destination,
    to,
    protocol,
    ...(port === undefined ? {} : { port }),
  }
}

/** The name of the slot or `outside`; undefined for what a pod subnet has no slot for. */
function placeOf(lab: Lab, address: string): string | undefined {
  const slot = lab.pods.find(({ addresses }) => addresses.includes(canonical(address)))
  if (slot !== undefined) return slot.name
  const bytes = readAddress(address)
  const isPod = lab.nodes.some(({ podSubnets }) =>
    Object.values(podSubnets).some((subnet) => isInSubnet(subnet, bytes)),
  )
  return isPod ? undefined : 'outside'
}
