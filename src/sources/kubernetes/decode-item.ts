import { decodeNamespace } from '../../../compiler/objects/decode-namespace.ts'
import { decodePod } from '../../../compiler/objects/decode-pod.ts'
import { decodePolicy } from '../../../compiler/objects/decode-policy.ts'
import type { DecodeContext } from '../../../compiler/objects/decode-context.ts'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import type { ClusterObject } from '../../../compiler/objects/objects.ts'
import { printable, quote } from '../../../compiler/objects/quote.ts'
import { type Fields, isFields } from '../../../compiler/objects/read-fields.ts'
import type { DecodeMemory } from './decode-memory.ts'
import type { ObjectName } from './object-map.ts'

export type WatchedKind = ClusterObject['kind']

export interface DecodedItem {
  /** Undefined: what came has not even a name. */
  readonly at: ObjectName | undefined
  readonly object: ClusterObject | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const NOTHING_WRONG: readonly Diagnostic[] = []

// The items of the API's lists do not say their kind, and a Namespace comes as PartialObjectMetadata.
const DECODE: Readonly<Record<WatchedKind, (fields: Fields, context: DecodeContext) => ClusterObject | undefined>> = {
  Pod: decodePod,
  Namespace: decodeNamespace,
  NetworkPolicy: decodePolicy,
}

/** Whatever the API sent for an object, trimmed; never throws. */
export function decodeItem(kind: WatchedKind, value: unknown, memory: DecodeMemory): DecodedItem {
  if (!isFields(value)) return { at: undefined, object: undefined, diagnostics: [noObject(kind, value)] }
  let diagnostics: Diagnostic[] | undefined
  const object = DECODE[kind](value, {
    internLabels: memory.internLabels,
    sharing: memory.sharing,
    report: (diagnostic) => void (diagnostics ??= []).push(diagnostic),
    place: () => undefined,
  })
  return { at: readName(kind, value), object, diagnostics: diagnostics ?? NOTHING_WRONG }
}

/** The name alone, which is all that a removal needs. */
export function readName(kind: WatchedKind, value: unknown): ObjectName | undefined {
  const metadata = isFields(value) && isFields(value['metadata']) ? value['metadata'] : {}
  const { name, namespace } = metadata as { readonly name?: unknown; readonly namespace?: unknown }
  if (typeof name !== 'string' || name === '') return undefined
  if (kind === 'Namespace') return { namespace: '', name }
  return typeof namespace === 'string' && namespace !== '' ? { namespace, name } : { namespace: 'default', name }
}

/** As diagnostics and `problems` name it: `kind namespace/name`. */
export function describeItem(kind: WatchedKind, at: ObjectName | undefined): string {
  if (at === undefined) return `${kind} without a name`
  return printable(at.namespace === '' ? `${kind} ${at.name}` : `${kind} ${at.namespace}/${at.name}`)
}

function noObject(kind: WatchedKind, value: unknown): Diagnostic {
  const problem = `the API server sends ${quote(value)} for a ${kind}`
  return { severity: 'error', code: 'wrong-type', problem, hint: '', object: describeItem(kind, undefined) }
}
