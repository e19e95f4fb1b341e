import type { DecodeContext } from './decode-context.ts'
import type { FieldPath } from './field-path.ts'
import { invalidValue, requiredValue } from './field-problems.ts'
import { checkDnsLabel, type NameCheck } from './name-syntax.ts'
import type { Problems } from './problems.ts'
import { printable } from './quote.ts'
import { type Fields, isFields, readMapping, readString } from './read-fields.ts'

export interface Identity {
  readonly namespace: string
  readonly name: string
}

const METADATA: FieldPath = ['metadata']
const NAME: FieldPath = ['metadata', 'name']
const GENERATE_NAME: FieldPath = ['metadata', 'generateName']
const NAMESPACE: FieldPath = ['metadata', 'namespace']

/**
 * metadata.name and metadata.namespace; undefined when either is refused, because nothing can be said of an object that
 * cannot be named. A missing namespace is the context's default, as with kubectl. With generateName the API server appends
 * five characters that nobody knows yet; here the name is what stands before its last dash.
 */
export function decodeIdentity(object: Fields, checkName: NameCheck, problems: Problems): Identity | undefined {
  const metadata = readMapping(object['metadata'], METADATA, problems)
  if (metadata === undefined) return undefined
  const name = readName(metadata['name'], NAME, checkName, problems)
  const namespace = readName(metadata['namespace'], NAMESPACE, checkDnsLabel, problems)
  const called = name === '' ? readGenerateName(metadata['generateName'], checkName, problems) : name
  if (called === '') problems.refuse(requiredValue(NAME, 'name or generateName is required'))
  if (called === undefined || called === '' || namespace === undefined) return undefined
  return { name: called, namespace: namespace === '' ? defaultNamespace(problems.context) : namespace }
}

/** Has it a generateName and no name? Two of these are never one object. */
export function isNameGenerated(object: Fields): boolean {
  const { name, generateName } = metadataOf(object) as { name?: unknown; generateName?: unknown }
  return (name === undefined || name === null || name === '') && typeof generateName === 'string'
}

/** Empty when it is missing; undefined when it is refused. The API server looks at it as at a name that goes on. */
function readGenerateName(value: unknown, check: NameCheck, problems: Problems): string | undefined {
  const goesOn: NameCheck = (text) => check(text.replace(/-$/, 'x'))
  const text = readName(value, GENERATE_NAME, goesOn, problems)
  return text === undefined || text === '' ? text : text.replace(/[-.]+$/, '')
}

/** The fields of metadata; none when it is of a wrong type, which {@link decodeIdentity} tells. */
export function metadataOf(object: Fields): Fields {
  return isFields(object['metadata']) ? object['metadata'] : {}
}

/** As `kind namespace/name`, however broken the object is: for diagnostics only. */
export function describeObject(kind: string, object: Fields, context: DecodeContext): string {
  const metadata = metadataOf(object)
  const name = typeof metadata['name'] === 'string' ? printable(metadata['name']) : ''
  if (kind === 'Namespace') return `${kind} ${name}`.trimEnd()
  const written = metadata['namespace']
  const namespace = typeof written === 'string' && written !== '' ? printable(written) : defaultNamespace(context)
  return `${kind} ${namespace}/${name}`
}

function defaultNamespace(context: DecodeContext): string {
  return context.defaultNamespace ?? 'default'
}

/** Empty when it is missing; undefined when it is refused. */
function readName(value: unknown, path: FieldPath, check: NameCheck, problems: Problems): string | undefined {
  const refusals = problems.refusals()
  const text = readString(value, path, problems) ?? ''
  if (text !== '') for (const problem of check(text)) problems.refuse(invalidValue(path, text, problem))
  return problems.refusals() === refusals ? text : undefined
}
