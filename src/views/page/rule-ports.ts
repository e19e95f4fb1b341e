import type { NamedPort, PolicyRule } from '../../../compiler/objects/objects.ts'
import { EVERY_PORT, type PortSet, portSetOfGrant, unionPortSets } from '../../../compiler/reach/port-set.ts'

/** What a rule by itself allows towards a destination that owns these names; `undefined`: no pod. */
export function rulePorts({ ports }: PolicyRule, destination: readonly NamedPort[] | undefined): PortSet {
  if (ports === 'any') return EVERY_PORT
  return unionPortSets(
    ports.map((port) =>
      portSetOfGrant(port.kind === 'all' ? { kind: 'protocol', protocol: port.protocol } : port, destination),
    ),
  )
}

/** Does the rule mean other numbers at other destinations? */
export function hasNames({ ports }: PolicyRule): boolean {
  return ports !== 'any' && ports.some(({ kind }) => kind === 'name')
}
