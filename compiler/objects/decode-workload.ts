import { controllerLabels } from './controller-labels.ts'
import type { DecodeContext } from './decode-context.ts'
import { decodeLabels } from './decode-labels.ts'
import { decodeIdentity, describeObject, isNameGenerated } from './decode-metadata.ts'
import { decodeNamedPorts } from './decode-named-ports.ts'
import type { FieldPath } from './field-path.ts'
import { checkDnsSubdomain } from './name-syntax.ts'
import type { Pod } from './objects.ts'
import { createProblems } from './problems.ts'
import { type Fields, readBoolean, readMapping } from './read-fields.ts'
import type { WorkloadKind } from './workload-kind.ts'

const TEMPLATE: FieldPath = ['spec', 'template']
const JOB_TEMPLATE: FieldPath = ['spec', 'jobTemplate', 'spec', 'template']

/**
 * The pod that stands for a workload: one of its template, by the workload's name, on no node and without an address
 * (whoever needs one gives it). It has the labels that its controller adds, as far as the manifest says them. Undefined when
 * the workload or its template cannot be read.
 */
export function decodeWorkload(kind: WorkloadKind, object: Fields, context: DecodeContext): Pod | undefined {
  const problems = createProblems(context, () => describeObject(kind, object, context))
  const lesser = problems.part()
  const identity = decodeIdentity(object, checkDnsSubdomain, problems)
  const path = kind === 'CronJob' ? JOB_TEMPLATE : TEMPLATE
  let template: Fields = object
  for (const [index, step] of path.entries()) {
    template = readMapping(template[String(step)], path.slice(0, index + 1), problems) ?? {}
  }
  const metadata = readMapping(template['metadata'], [...path, 'metadata'], problems) ?? {}
  const labels = decodeLabels(metadata['labels'], [...path, 'metadata', 'labels'], problems)
  const specPath = [...path, 'spec']
  const spec = readMapping(template['spec'], specPath, problems) ?? {}
  const hostNetwork = readBoolean(spec['hostNetwork'], [...specPath, 'hostNetwork'], problems)
  const ports = decodeNamedPorts(spec, specPath, lesser)
  if (identity === undefined || problems.refusal() !== undefined) return undefined
  const added = controllerLabels(kind, isNameGenerated(object) ? undefined : identity.name)
  return {
    kind: 'Pod',
    namespace: identity.namespace,
    name: identity.name,
    uid: '',
    labels: context.internLabels([...labels, ...added.known]),
    node: undefined,
    addresses: [],
    hostNetwork,
    finished: false,
    terminating: false,
    createdAt: '',
    ports,
    workload: { kind, name: identity.name },
    standIn: true,
    unknownLabels: added.unknown,
    place: context.place([]),
  }
}
