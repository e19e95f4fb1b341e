import { nearestWord } from './did-you-mean.ts'
import { requiredValue, wrongType } from './field-problems.ts'
import { type KnownKind, knownKind, knownKindNames } from './known-kinds.ts'
import { groupOf } from './other-engines.ts'
import type { Problem } from './problems.ts'
import { quote } from './quote.ts'
import { type Fields, isFields } from './read-fields.ts'

/** What a document is, by its apiVersion and kind alone. */
export type Recognised =
  | { readonly is: 'known'; readonly known: KnownKind; readonly fields: Fields }
  | { readonly is: 'unknown'; readonly apiVersion: string; readonly kind: string }
  | { readonly is: 'wrong'; readonly problems: readonly Problem[] }

/** Groups of Kubernetes itself: there, a known kind in another version is a mistake rather than something foreign. */
const OWN_GROUPS = ['', 'apps', 'batch', 'extensions', 'networking.k8s.io']

/** Looks at apiVersion and kind of anything. */
export function recogniseObject(value: unknown): Recognised {
  if (!isFields(value)) {
    // Without its value: whatever this is, it may be somebody's secret.
    const text = 'no Kubernetes object: must be a mapping with apiVersion and kind'
    return { is: 'wrong', problems: [{ code: 'wrong-type', path: [], text }] }
  }
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown }
  const problems: Problem[] = []
  if (kind === undefined || kind === null || kind === '')
    problems.push(requiredValue(['kind'], "Object 'Kind' is missing"))
  else if (typeof kind !== 'string') problems.push(wrongType(['kind'], kind, 'a string'))
  if (apiVersion === undefined || apiVersion === null || apiVersion === '') {
    const known = typeof kind === 'string' ? knownKind(kind) : undefined
    problems.push(
      requiredValue(
        ['apiVersion'],
        "Object 'apiVersion' is missing",
        known && `write "apiVersion: ${known.apiVersion}"`,
      ),
    )
  } else if (typeof apiVersion !== 'string') problems.push(wrongType(['apiVersion'], apiVersion, 'a string'))
  if (typeof kind !== 'string' || typeof apiVersion !== 'string' || problems.length > 0)
    return { is: 'wrong', problems }
  const known = knownKind(kind)
  if (known?.apiVersion === apiVersion) return { is: 'known', known, fields: value }
  const isOwn = OWN_GROUPS.includes(groupOf(apiVersion)) || isMeantAsPolicy(kind, apiVersion)
  if (known !== undefined && isOwn) return { is: 'wrong', problems: [noMatch(apiVersion, known)] }
  const misspelt = misspeltKind(kind, apiVersion)
  return misspelt ?? { is: 'unknown', apiVersion, kind }
}

function noMatch(apiVersion: string, { kind, apiVersion: right }: KnownKind): Problem {
  const text = `no matches for kind ${quote(kind)} in version ${quote(apiVersion)}`
  return { code: 'unknown-version', path: ['apiVersion'], text, hint: `use "${right}"` }
}

/** `NetworkPolcy` in networking.k8s.io/v1 is no foreign kind to pass over: a policy would be missing, and with it its denial. */
function misspeltKind(kind: string, apiVersion: string): Recognised | undefined {
  const candidates = knownKindNames().filter((name) => name.length > 4)
  const isPolicy = isMeantAsPolicy(kind, apiVersion)
  const nearest = isPolicy ? POLICY : nearestWord(kind, candidates)
  const right = nearest === undefined ? undefined : knownKind(nearest)?.apiVersion
  if (nearest === undefined || right === undefined || (right !== apiVersion && !isPolicy)) return undefined
  const text = `no matches for kind ${quote(kind)} in version ${quote(apiVersion)}`
  const hint = `did you mean "${nearest}"${right === apiVersion ? '' : ` of "${right}"`}?`
  return { is: 'wrong', problems: [{ code: 'unknown-kind', path: ['kind'], text, hint }] }
}

const POLICY = 'NetworkPolicy'
const GROUP = 'networking.k8s.io'

/** `networking/v1` and `NetworkPolicies` are mistakes, but somebody's own group may have a kind of that name. */
function isMeantAsPolicy(kind: string, apiVersion: string): boolean {
  const group = groupOf(apiVersion)
  const isOfSomebody = group.includes('.') && !group.endsWith('k8s.io') && nearestWord(group, [GROUP]) === undefined
  const singular = kind.replace(/ies$/i, 'y')
  return !isOfSomebody && nearestWord(singular, [POLICY]) !== undefined
}
