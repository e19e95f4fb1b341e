import type { DecodeContext } from './decode-context.ts'
import { decodeLabels } from './decode-labels.ts'
import { decodeIdentity, describeObject, metadataOf } from './decode-metadata.ts'
import { checkDnsLabel } from './name-syntax.ts'
import type { Namespace } from './objects.ts'
import { decodeMode } from './decode-mode.ts'
import { createProblems } from './problems.ts'
import type { Fields } from './read-fields.ts'

/** The label that the API server gives every Namespace, whatever its manifest says. */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name'

/** A core/v1 Namespace; undefined when its name or labels cannot be read. */
export function decodeNamespace(object: Fields, context: DecodeContext): Namespace | undefined {
  const problems = createProblems(context, () => describeObject('Namespace', object, context))
  const identity = decodeIdentity(object, checkDnsLabel, problems)
  const labels = decodeLabels(metadataOf(object)['labels'], ['metadata', 'labels'], problems)
  if (identity === undefined || problems.refusal() !== undefined) return undefined
  const { name } = identity
  // Later pairs win in the interner.
  const labelSet = context.internLabels([...labels, [NAMESPACE_NAME_LABEL, name]])
  const mode = decodeMode(object, problems)
  return { kind: 'Namespace', name, labels: labelSet, ...(mode !== undefined && { mode }), place: context.place([]) }
}
