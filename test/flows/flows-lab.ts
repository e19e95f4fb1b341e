import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { PodPlace } from '../../src/lab/topology.ts'

/** db is spoken to; web, idle and other share its node, far stands on node-2. Both nodes enforce. */
export const POD_NAMES = ['web', 'db', 'idle', 'other', 'far'] as const
export type PodName = (typeof POD_NAMES)[number]

export const NODES = ['node-1', 'node-2'] as const

export const nodeOf = (name: PodName): (typeof NODES)[number] => (name === 'far' ? 'node-2' : 'node-1')

export function addressOf(name: PodName, family: Family): string {
  const last = 10 + POD_NAMES.indexOf(name)
  const node = nodeOf(name) === 'node-1' ? 1 : 2
  return family === 'IPv4' ? `10.244.${node}.${last}` : `fd44:0:0:${node}::${last}`
}

/** The address of a pod in both families, as `pod` of the tests takes them. */
export const addressesOf = (name: PodName): readonly string[] => FAMILIES.map((family) => addressOf(name, family))

export function createFlowsLab(): Promise<Lab> {
  return createLab({
    arrangement: 'bridged',
    nodes: NODES.map((name) => ({ name })),
    pods: POD_NAMES.map((name) => ({ name, node: nodeOf(name), addresses: addressesOf(name) })),
  })
}

export function podPlace(lab: Lab, name: PodName): PodPlace {
  const place = lab.place(name)
  if (place.kind !== 'pod') throw new Error(`${name} is no pod`)
  return place
}

/** Where a frame of one pod for another goes first: to the pod on the same bridge, else to the gateway. */
export function nextMac(lab: Lab, from: PodName, to: PodName): string {
  if (nodeOf(from) === nodeOf(to)) return podPlace(lab, to).mac
  const gateway = lab.nodes.find(({ name }) => name === nodeOf(from))
  if (gateway === undefined) throw new Error(`${from} has no node`)
  return gateway.gatewayMac
}
