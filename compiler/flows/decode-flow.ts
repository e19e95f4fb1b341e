import { canonicalAddress } from '../addresses/canonical-address.ts'
import type { FlowProtocol } from '../nftables/flow-record.ts'
import type { FieldPath } from '../objects/field-path.ts'
import { wrongType } from '../objects/field-problems.ts'
import type { Workload } from '../objects/objects.ts'
import type { Problems } from '../objects/problems.ts'
import { type Fields, readBoolean, readString } from '../objects/read-fields.ts'
import { isMissing, readNumber, readPart, readText, readTime, readRequiredWord } from './flow-fields.ts'
import type { FlowVerdict, FoldedSource, RecordedEnd, RecordedFlow } from './flow-list.ts'
import type { ServiceDoor } from './services-behind.ts'

export const VERDICTS: readonly FlowVerdict[] = ['allowed', 'denied']

/** One item of `flows`; undefined when it is refused. */
export function decodeFlow(value: unknown, path: FieldPath, all: Problems): RecordedFlow | undefined {
  const problems = all.part()
  const fields = readPart(value, 'flow', path, problems)
  if (fields === undefined) return undefined
  const source = decodeEnd(fields['source'], [...path, 'source'], problems)
  const destination = decodeEnd(fields['destination'], [...path, 'destination'], problems)
  const service = decodeDoor(fields['service'], [...path, 'service'], problems)
  const carries = decodeCarries(fields, path, problems)
  const count = readNumber(fields['count'], [0, Infinity], [...path, 'count'], problems)
  const verdict = readRequiredWord(fields['verdict'], VERDICTS, [...path, 'verdict'], problems)
  const way = fields['direction']
  const direction = isMissing(way)
    ? undefined
    : readRequiredWord(way, ['ingress', 'egress', 'unknown'], [...path, 'direction'], problems)
  const reason = readString(fields['reason'], [...path, 'reason'], problems)
  const firstSeen = readTime(fields['firstSeen'], [...path, 'firstSeen'], problems)
  const lastSeen = readTime(fields['lastSeen'], [...path, 'lastSeen'], problems)
  const lateAnswer = readBoolean(fields['lateAnswer'], [...path, 'lateAnswer'], problems)
  const uncertain = readBoolean(fields['uncertain'], [...path, 'uncertain'], problems)
  const unconfirmed = readBoolean(fields['unconfirmed'], [...path, 'unconfirmed'], problems)
  if (source === undefined || destination === undefined || carries === undefined) return undefined
  if (verdict === undefined || problems.refusals() > 0) return undefined
  return {
    source,
    destination,
    ...(service === undefined ? {} : { service }),
    carries,
    count,
    verdict,
    ...(direction === undefined ? {} : { direction }),
    ...(reason === undefined ? {} : { reason }),
    firstSeen,
    lastSeen,
    lateAnswer,
    uncertain,
    unconfirmed,
  }
}

/** One item of `folded`; undefined when it is refused. */
export function decodeFolded(value: unknown, path: FieldPath, all: Problems): FoldedSource | undefined {
  const problems = all.part()
  const fields = readPart(value, 'folded', path, problems)
  if (fields === undefined) return undefined
  const number = (field: string) => readNumber(fields[field], [0, Infinity], [...path, field], problems)
  const source = decodeEnd(fields['source'], [...path, 'source'], problems)
  const verdict = readRequiredWord(fields['verdict'], VERDICTS, [...path, 'verdict'], problems)
  const folded = {
    node: readText(fields['node'], [...path, 'node'], problems),
    flows: number('flows'),
    ports: number('ports'),
    addresses: number('addresses'),
    count: number('count'),
    firstSeen: readTime(fields['firstSeen'], [...path, 'firstSeen'], problems),
    lastSeen: readTime(fields['lastSeen'], [...path, 'lastSeen'], problems),
  }
  if (source === undefined || verdict === undefined || problems.refusals() > 0) return undefined
  return { ...folded, source, verdict }
}

function decodeEnd(value: unknown, path: FieldPath, problems: Problems): RecordedEnd | undefined {
  const fields = readPart(value, 'end', path, problems)
  if (fields === undefined) return undefined
  const kind = readRequiredWord(fields['kind'], ['pod', 'node', 'outside', 'unresolved'], [...path, 'kind'], problems)
  const written = readText(fields['address'], [...path, 'address'], problems)
  const address = canonicalAddress(written)
  if (written !== '' && address === undefined)
    problems.refuse(wrongType([...path, 'address'], written, 'an IP address'))
  if (kind === undefined || address === undefined) return undefined
  const text = (field: string) => readText(fields[field], [...path, field], problems)
  switch (kind) {
    case 'pod': {
      const workload = decodeWorkload(fields['workload'], [...path, 'workload'], problems)
      const pod = { kind, address, namespace: text('namespace'), name: text('name') } as const
      return workload === undefined ? pod : { ...pod, workload }
    }
    case 'node':
      return { kind, address, name: text('name') }
    case 'outside':
    case 'unresolved':
      return { kind, address }
  }
}

/** `Deployment/web`. */
function decodeWorkload(value: unknown, path: FieldPath, problems: Problems): Workload | undefined {
  const text = readString(value, path, problems)
  if (text === undefined) return undefined
  const [kind = '', name = '', ...more] = text.split('/')
  if (kind !== '' && name !== '' && more.length === 0) return { kind, name }
  problems.refuse(wrongType(path, text, 'a kind and a name', 'such as "Deployment/web"'))
  return undefined
}

function decodeDoor(value: unknown, path: FieldPath, problems: Problems): ServiceDoor | undefined {
  if (isMissing(value)) return undefined
  const fields = readPart(value, 'service', path, problems)
  if (fields === undefined) return undefined
  const [namespace, name] = ['namespace', 'name'].map((field) => readText(fields[field], [...path, field], problems))
  const port = readNumber(fields['port'], [1, 65535], [...path, 'port'], problems)
  return namespace === undefined || name === undefined ? undefined : { namespace, name, port }
}

function decodeCarries(fields: Fields, path: FieldPath, problems: Problems): FlowProtocol | undefined {
  const protocols = ['TCP', 'UDP', 'SCTP', 'ICMP', 'other'] as const
  const protocol = readRequiredWord(fields['protocol'], protocols, [...path, 'protocol'], problems)
  const number = (field: string, most: number, from: Fields = fields, at: FieldPath = path) =>
    readNumber(from[field], [0, most], [...at, field], problems)
  switch (protocol) {
    case undefined:
      return undefined
    case 'TCP':
    case 'UDP':
    case 'SCTP':
      return { protocol, port: number('port', 65535) }
    case 'ICMP': {
      const at = [...path, 'icmp']
      const icmp = readPart(fields['icmp'], 'icmp', at, problems)
      return icmp && { protocol, type: number('type', 255, icmp, at), code: number('code', 255, icmp, at) }
    }
    case 'other':
      return { protocol, number: number('number', 255) }
  }
}
