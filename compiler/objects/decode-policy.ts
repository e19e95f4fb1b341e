import type { DecodeContext } from './decode-context.ts'
import { decodeLabels } from './decode-labels.ts'
import { decodeIdentity, describeObject, metadataOf } from './decode-metadata.ts'
import { decodePolicyTypes } from './decode-policy-types.ts'
import { decodeRule, type RuleList } from './decode-rule.ts'
import { decodeSelector } from './decode-selector.ts'
import { checkDnsSubdomain } from './name-syntax.ts'
import { wholeNamespace } from './namespace-closed.ts'
import type { Policy, PolicyDirection, PolicyRule } from './objects.ts'
import { decodeMode, isMonitored } from './decode-mode.ts'
import { createProblems, type Problems } from './problems.ts'
import { type Fields, readList, readMapping, readString } from './read-fields.ts'
import { EVERYTHING } from './selector.ts'
import { checkFields } from './unknown-fields.ts'
import { withoutSpareRoom } from './without-spare-room.ts'

/**
 * A networking.k8s.io/v1 NetworkPolicy. Undefined when its name or namespace cannot be read. A refused podSelector closes
 * every pod of the namespace in the directions that the policy may have: any of them may be meant. Any other refused part
 * closes its direction. So a broken policy never opens anything, whatever it was before it broke.
 */
export function decodePolicy(object: Fields, context: DecodeContext): Policy | undefined {
  const problems = createProblems(context, () => describeObject('NetworkPolicy', object, context))
  checkFields(object, 'policy', [], problems)
  const identity = decodeIdentity(object, checkDnsSubdomain, problems)
  checkMetadata(metadataOf(object), problems)
  const selection = problems.part()
  const spec = readMapping(object['spec'], ['spec'], selection)
  if (spec !== undefined) checkFields(spec, 'spec', ['spec'], problems)
  const podSelector = spec && decodeSelector(spec['podSelector'], ['spec', 'podSelector'], selection)
  const directions = decodeDirections(spec ?? {}, problems)
  if (identity === undefined) return undefined
  const { name } = identity
  const namespace = context.sharing?.text(identity.namespace) ?? identity.namespace
  const mode = decodeMode(object, problems)
  const policy = {
    kind: 'NetworkPolicy',
    namespace,
    name,
    ...(mode !== undefined && { mode }),
    ...(isMonitored(object) && { monitored: true as const }),
    place: context.place([]),
  } as const
  if (podSelector !== undefined) return { ...policy, podSelector, ...directions }
  const unreadable = selection.refusal() ?? 'spec.podSelector'
  const closed: PolicyDirection = { kind: 'closed', reason: `${unreadable}; ${wholeNamespace(namespace)}` }
  return {
    ...policy,
    podSelector: EVERYTHING,
    unreadable,
    // Of a spec that is none of its directions can be told.
    ingress: spec === undefined || directions.ingress !== undefined ? closed : undefined,
    egress: spec === undefined || directions.egress !== undefined ? closed : undefined,
  }
}

/** Labels and most annotations of a policy mean nothing to us, but wrong ones keep it out of a cluster. */
function checkMetadata(metadata: Fields, problems: Problems): void {
  decodeLabels(metadata['labels'], ['metadata', 'labels'], problems)
  const annotations = readMapping(metadata['annotations'], ['metadata', 'annotations'], problems)
  for (const [key, value] of Object.entries(annotations ?? {})) {
    readString(value, ['metadata', 'annotations', key], problems)
  }
}

function decodeDirections(spec: Fields, whole: Problems): Pick<Policy, 'ingress' | 'egress'> {
  const typesProblems = whole.part()
  const types = decodePolicyTypes(spec['policyTypes'], typesProblems)
  const ingress = decodeDirection(spec, 'ingress', whole.part())
  const egress = decodeDirection(spec, 'egress', whole.part())
  const reason = typesProblems.refusal()
  if (reason !== undefined) return { ingress: { kind: 'closed', reason }, egress: { kind: 'closed', reason } }
  if (types !== undefined) {
    return { ingress: types.ingress ? ingress : undefined, egress: types.egress ? egress : undefined }
  }
  const hasEgress = egress.kind === 'closed' || egress.rules.length > 0
  return { ingress, egress: hasEgress ? egress : undefined }
}

function decodeDirection(spec: Fields, list: RuleList, problems: Problems): PolicyDirection {
  const rules: PolicyRule[] = []
  for (const [index, item] of (readList(spec[list], ['spec', list], problems) ?? []).entries()) {
    const rule = decodeRule(item, list, index, problems)
    if (rule !== undefined) rules.push(rule)
  }
  const reason = problems.refusal()
  return reason === undefined ? { kind: 'rules', rules: withoutSpareRoom(rules) } : { kind: 'closed', reason }
}
