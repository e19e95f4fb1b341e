import { checkPortNumber } from './check-port-number.ts'
import { decodeProtocol } from './decode-protocol.ts'
import type { FieldPath } from './field-path.ts'
import { invalidValue, requiredValue, wrongType } from './field-problems.ts'
import { checkPortName } from './name-syntax.ts'
import type { NamedPort } from './objects.ts'
import type { Problems } from './problems.ts'
import { type Fields, readList, readMapping, readString } from './read-fields.ts'
import { withoutSpareRoom } from './without-spare-room.ts'

const NO_PORTS: readonly NamedPort[] = []

/**
 * The port names of a PodSpec that policies can refer to: of its containers, then of its sidecars (init containers with
 * restartPolicy Always). Of one name and protocol the first wins. A port that is refused is left out.
 */
export function decodeNamedPorts(spec: Fields, path: FieldPath, problems: Problems): readonly NamedPort[] {
  const ports: NamedPort[] = []
  collect(spec, 'containers', path, problems, ports)
  collect(spec, 'initContainers', path, problems, ports)
  return ports.length === 0 ? NO_PORTS : withoutSpareRoom(ports)
}

type ContainerList = 'containers' | 'initContainers'

function collect(spec: Fields, list: ContainerList, path: FieldPath, problems: Problems, into: NamedPort[]): void {
  const listPath = [...path, list]
  for (const [index, item] of (readList(spec[list], listPath, problems) ?? []).entries()) {
    const containerPath = [...listPath, index]
    const container = readMapping(item, containerPath, problems)
    if (container === undefined) continue
    if (list === 'initContainers' && container['restartPolicy'] !== 'Always') continue
    const portsPath = [...containerPath, 'ports']
    for (const [portIndex, portItem] of (readList(container['ports'], portsPath, problems) ?? []).entries()) {
      const port = decodeContainerPort(portItem, [...portsPath, portIndex], problems)
      if (port === undefined || into.some(({ name, protocol }) => name === port.name && protocol === port.protocol))
        continue
      into.push(port)
    }
  }
}

/** A core/v1 ContainerPort; undefined when it is refused or has no name. */
function decodeContainerPort(value: unknown, path: FieldPath, problems: Problems): NamedPort | undefined {
  const refusals = problems.refusals()
  const fields = readMapping(value, path, problems)
  if (fields === undefined) return undefined
  const number = readNumber(fields['containerPort'], [...path, 'containerPort'], problems)
  const protocol = decodeProtocol(fields['protocol'], [...path, 'protocol'], problems)
  const name = readString(fields['name'], [...path, 'name'], problems) ?? ''
  if (name === '') return undefined
  for (const problem of checkPortName(name)) problems.refuse(invalidValue([...path, 'name'], name, problem))
  if (number === undefined || protocol === undefined || problems.refusals() > refusals) return undefined
  return { name, protocol, number }
}

function readNumber(value: unknown, path: FieldPath, problems: Problems): number | undefined {
  if (value === undefined || value === null) problems.refuse(requiredValue(path, ''))
  else if (typeof value !== 'number') problems.refuse(wrongType(path, value, 'an integer'))
  else if (checkPortNumber(value, path, problems)) return value
  return undefined
}
