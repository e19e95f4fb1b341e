import { canonicalAddress } from '../addresses/canonical-address.ts'
import type { HostPort, NamedPort, Pod } from './objects.ts'
import { PROTOCOLS } from './protocol.ts'
import { type Fields, isFields } from './read-fields.ts'

/**
 * What a pod, or a workload's template, says of the node that it runs on, which ports it declares without a name, and by which labels
 * a workload knows its pods: no policy depends on it, so only people's commands read it, and the agent keeps nothing of it. Lenient:
 * what is odd is not there.
 */
export function decodePodHost(pod: Pod, object: Fields): Pod {
  const isCron = pod.standIn === true && pod.workload?.kind === 'CronJob'
  const own = at(object, isCron ? ['spec', 'jobTemplate', 'spec'] : ['spec'])
  const containers = containerPorts(pod.standIn === true ? at(own, ['template', 'spec']) : own)
  const ports = containers.flatMap(hostPort)
  const nameless = containers.flatMap(namelessPort)
  const addresses = pod.standIn === true ? [] : hostAddresses(at(object, ['status']))
  const selector = pod.standIn === true ? textPairs(at(own, ['selector', 'matchLabels'])) : NO_SELECTOR
  if (ports.length + nameless.length + addresses.length + selector.size === 0) return pod
  const host = ports.length + addresses.length === 0 ? {} : { host: { addresses, ports } }
  return {
    ...pod,
    ...(nameless.length === 0 ? {} : { namelessPorts: nameless }),
    ...host,
    ...(selector.size === 0 ? {} : { selector }),
  }
}

const NO_SELECTOR: ReadonlyMap<string, string> = new Map()

/** status.hostIPs, or status.hostIP (core/v1 PodStatus). */
function hostAddresses(status: Fields): readonly string[] {
  const several = items(status, 'hostIPs').map((item) => item['ip'])
  const texts = several.length > 0 ? several : [status['hostIP']]
  return texts.flatMap((text) => (typeof text === 'string' ? (canonicalAddress(text) ?? []) : []))
}

/** A core/v1 ContainerPort. */
interface ContainerPort extends Omit<NamedPort, 'name'> {
  readonly fields: Fields
}

/** Of containers and of sidecars. */
function containerPorts(spec: Fields): readonly ContainerPort[] {
  const sidecars = items(spec, 'initContainers').filter((container) => container['restartPolicy'] === 'Always')
  return [...items(spec, 'containers'), ...sidecars].flatMap((container) =>
    items(container, 'ports').flatMap((fields): readonly ContainerPort[] => {
      const protocol = PROTOCOLS.find((known) => known === (fields['protocol'] ?? 'TCP'))
      const number = fields['containerPort']
      return protocol === undefined || typeof number !== 'number' ? [] : [{ protocol, number, fields }]
    }),
  )
}

/** The port of the node that leads to it. */
function hostPort({ protocol, number, fields }: ContainerPort): readonly HostPort[] {
  const { hostPort: own, hostIP } = fields
  if (typeof own !== 'number' || own === 0) return []
  const address = typeof hostIP === 'string' ? canonicalAddress(hostIP) : undefined
  const everywhere = address === undefined || address === '0.0.0.0' || address === '::'
  return [{ protocol, hostPort: own, number, address: everywhere ? undefined : address }]
}

function namelessPort({ protocol, number, fields: { name } }: ContainerPort): readonly Omit<NamedPort, 'name'>[] {
  return name === undefined || name === null || name === '' ? [{ protocol, number }] : []
}

function textPairs(fields: Fields): ReadonlyMap<string, string> {
  return new Map(Object.entries(fields).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}

function at(fields: Fields, path: readonly string[]): Fields {
  let value: unknown = fields
  for (const step of path) value = isFields(value) ? value[step] : undefined
  return isFields(value) ? value : {}
}

function items(fields: Fields, key: string): readonly Fields[] {
  const value = fields[key]
  return Array.isArray(value) ? value.filter(isFields) : []
}
