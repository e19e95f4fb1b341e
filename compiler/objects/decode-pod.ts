import type { DecodeContext } from './decode-context.ts'
import { decodeLabels } from './decode-labels.ts'
import { decodeIdentity, describeObject, metadataOf } from './decode-metadata.ts'
import { decodeNamedPorts } from './decode-named-ports.ts'
import { decodeOwner } from './decode-owner.ts'
import { decodePodAddresses } from './decode-pod-addresses.ts'
import type { FieldPath } from './field-path.ts'
import { invalidValue } from './field-problems.ts'
import { checkDnsSubdomain } from './name-syntax.ts'
import type { Pod } from './objects.ts'
import { createProblems, type Problems } from './problems.ts'
import { type Fields, isFields, readBoolean, readMapping, readString } from './read-fields.ts'

const UID = /^[\x21-\x7e]{0,128}$/
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?$/
/** The kubelet's mark on mirrors (kubernetes/pkg/kubelet/types: ConfigMirrorAnnotationKey): the static pod's uid. */
const MIRROR = 'kubernetes.io/config.mirror'

/**
 * A core/v1 Pod. Undefined when it cannot be named, or when its labels, node or hostNetwork cannot be read: what policy
 * says of it is then unknown. A port, address or owner that cannot be read is told and left out.
 */
export function decodePod(object: Fields, context: DecodeContext): Pod | undefined {
  const problems = createProblems(context, () => describeObject('Pod', object, context))
  const lesser = problems.part()
  const identity = decodeIdentity(object, checkDnsSubdomain, problems)
  const metadata = metadataOf(object)
  const labels = decodeLabels(metadata['labels'], ['metadata', 'labels'], problems)
  const spec = readMapping(object['spec'], ['spec'], problems) ?? {}
  const hostNetwork = readBoolean(spec['hostNetwork'], ['spec', 'hostNetwork'], problems)
  const node = readText(spec['nodeName'], ['spec', 'nodeName'], problems)
  if (node !== '')
    for (const problem of checkDnsSubdomain(node)) problems.refuse(invalidValue(['spec', 'nodeName'], node, problem))
  const status = readMapping(object['status'], ['status'], problems) ?? {}
  const phase = readText(status['phase'], ['status', 'phase'], problems)
  const deleted = readText(metadata['deletionTimestamp'], ['metadata', 'deletionTimestamp'], problems)
  const ports = decodeNamedPorts(spec, ['spec'], lesser)
  const addresses = decodePodAddresses(status, lesser)
  const uid = readPattern(metadata['uid'], ['metadata', 'uid'], UID, 'must be printable and without blanks', lesser)
  const createdPath: FieldPath = ['metadata', 'creationTimestamp']
  const createdAt = readPattern(metadata['creationTimestamp'], createdPath, TIME, 'must be an RFC 3339 time', lesser)
  if (identity === undefined || problems.refusal() !== undefined) {
    decodeOwner(metadata, new Map(), lesser)
    return undefined
  }
  const labelSet = context.internLabels(labels)
  const workload = decodeOwner(metadata, labelSet.labels, lesser)
  const staticUid = workload?.kind === 'Node' ? mirrorMark(metadata['annotations']) : undefined
  const { sharing } = context
  return {
    kind: 'Pod',
    namespace: sharing?.text(identity.namespace) ?? identity.namespace,
    name: identity.name,
    uid,
    labels: labelSet,
    node: node === '' ? undefined : (sharing?.text(node) ?? node),
    addresses,
    hostNetwork,
    finished: phase === 'Succeeded' || phase === 'Failed',
    terminating: deleted !== '',
    createdAt,
    ports: sharing?.ports(ports) ?? ports,
    workload: workload && (sharing?.workload(workload) ?? workload),
    // Few pods have it, and a field costs memory on each.
    ...(staticUid === undefined ? {} : { staticUid }),
    place: context.place([]),
  }
}

function readText(value: unknown, path: FieldPath, problems: Problems): string {
  return readString(value, path, problems) ?? ''
}

/** A string of a given form; empty when it is missing or has another. */
function readPattern(value: unknown, path: FieldPath, form: RegExp, detail: string, problems: Problems): string {
  const text = readText(value, path, problems)
  if (form.test(text)) return text
  problems.refuse(invalidValue(path, text, detail))
  return ''
}

/** Undefined unless it can be a uid; nothing else of the annotations is looked at. */
function mirrorMark(annotations: unknown): string | undefined {
  const mark = isFields(annotations) ? annotations[MIRROR] : undefined
  return typeof mark === 'string' && mark !== '' && UID.test(mark) ? mark : undefined
}
