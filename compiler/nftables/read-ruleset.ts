import { LOCAL_SETS, localElement } from './hold-sets.ts'
import { mapElement } from './map-elements.ts'
import { readElement } from './read-element.ts'
import { type Json, member, readField, readRule } from './read-rule.ts'
import { rule } from './rule-value.ts'
import type { Jump, RecordedSet, RuleValue, Ruleset, SetValue } from './ruleset.ts'
import { HOOKS } from './static-chains.ts'

/** Our table as it stands in the kernel. */
export interface StandingRuleset {
  readonly ruleset: Ruleset
  /** The conntrack mark under which flows are remembered now; undefined when none can be read. */
  readonly mark: number | undefined
}

/**
 * Reads what `nft -j list table inet selvedge` printed. What we never write becomes a rule or an element of its own, so
 * that a comparison finds it; undefined when the answer has no such table.
 */
export function readRuleset(listing: unknown): StandingRuleset | undefined {
  const objects = member(listing as Json, 'nftables')
  if (!Array.isArray(objects)) return undefined
  const sets = new Map<string, SetValue>()
  const chains = new Map<string, { name: string; hook: string | undefined; rules: RuleValue[] }>()
  let found = false
  const showsExamples = objects.some((object) => member(member(member(object, 'set'), 'type'), 'typeof') !== null)
  for (const object of objects) {
    found ||= member(object, 'table') !== null
    const chain = member(object, 'chain')
    const name = member(chain, 'name')
    if (typeof name === 'string') chains.set(name, { name, hook: readHook(chain), rules: [] })
    for (const kind of ['set', 'map'] as const) {
      const set = readSet(member(object, kind), kind, showsExamples)
      if (set !== undefined) sets.set(set.name, set)
    }
    const listed = member(object, 'rule')
    const owner = member(listed, 'chain')
    if (typeof owner === 'string') chains.get(owner)?.rules.push(readRuleValue(listed))
  }
  if (!found) return undefined
  return { ruleset: { sets, chains }, mark: rememberedMark(chains.get('allow')) }
}

function readHook(chain: Json): string | undefined {
  if (member(chain, 'hook') === null) return undefined
  const [type, hook, priority, policy] = ['type', 'hook', 'prio', 'policy'].map((key) => member(chain, key))
  const known = typeof hook === 'string' ? HOOKS.get(hook) : undefined
  const ours = type === 'filter' && priority === 5 && policy === 'accept'
  return (ours ? known : undefined) ?? `not ours: ${JSON.stringify([type, hook, priority, policy])}`
}

function readSet(set: Json, kind: 'set' | 'map', showsExamples: boolean): SetValue | undefined {
  const name = member(set, 'name')
  if (typeof name !== 'string') return undefined
  const key = typeNames(member(set, 'type'))
  // Declared by bare types, as an older version of ours did, it ends the nft 1.0.6 of the node: it is not what we declare.
  const isBare = showsExamples && kind === 'map' && member(member(set, 'type'), 'typeof') === null
  const type = isBare ? key.map((field) => `bare ${field}`) : key
  const listed = member(set, 'flags')
  const flags = Array.isArray(listed) ? listed : typeof listed === 'string' ? [listed] : []
  const comment = member(set, 'comment')
  const recorded = readRecorded(set)
  const declared = {
    kind,
    name,
    type,
    interval: flags.includes('interval'),
    comment: typeof comment === 'string' ? comment : undefined,
  }
  // What packets wrote is nothing to compare.
  if (recorded !== undefined) return { ...declared, recorded, elements: new Set(foreignFlags(set, flags, BOUNDS)) }
  const others = foreignFlags(set, flags, [])
  if (LOCAL_SETS.has(name)) return { ...declared, elements: readLocalElements(member(set, 'elem'), key, others) }
  return { ...declared, ...readElements(member(set, 'elem'), key, kind, others) }
}

/** The bounds of a set that packets fill; nft 1.0.6 does not list its flag `dynamic`. */
const BOUNDS: readonly Json[] = ['dynamic', 'timeout', 'size']

function readRecorded(set: Json): RecordedSet | undefined {
  const [size, timeoutSeconds] = [member(set, 'size'), member(set, 'timeout')]
  return typeof size === 'number' && typeof timeoutSeconds === 'number' ? { size, timeoutSeconds } : undefined
}

/** Elements in our spelling, behind others that equal none of ours; where those of a map lead. */
function readElements(
  listed: Json,
  key: readonly string[],
  kind: 'set' | 'map',
  others: readonly string[],
): Pick<SetValue, 'elements' | 'targets'> {
  const elements = new Set(others)
  const targets = new Map<string, Jump>()
  for (const one of Array.isArray(listed) ? listed : []) {
    const read = readElement(one, key)
    if (read === undefined) elements.add(`not ours: ${JSON.stringify(one)}`)
    else if (read.jump === undefined) elements.add(read.key)
    else {
      targets.set(read.key, read.jump)
      elements.add(mapElement(read.key, read.jump))
    }
  }
  return kind === 'map' ? { targets, elements } : { elements }
}

/** As readElements, of a set in which a note may stand beside an element. */
function readLocalElements(listed: Json, key: readonly string[], others: readonly string[]): ReadonlySet<string> {
  const elements = new Set(others)
  for (const one of Array.isArray(listed) ? listed : []) {
    const noted = member(one, 'elem')
    const [address, note] = noted === null ? [one, null] : [member(noted, 'val'), member(noted, 'comment')]
    const isOurs = noted === null || Object.keys(noted).every((field) => field === 'val' || field === 'comment')
    const read = isOurs ? readElement(address, key) : undefined
    const isRead = read !== undefined && read.jump === undefined
    elements.add(
      isRead ? localElement(read.key, typeof note === 'string' ? note : '') : `not ours: ${JSON.stringify(one)}`,
    )
  }
  return elements
}

/** Flags and properties of a set that we never write, as an element that equals none of ours. */
function foreignFlags(set: Json, flags: readonly Json[], ours: readonly Json[]): readonly string[] {
  const others = flags.filter((flag) => flag !== 'interval' && !ours.includes(flag))
  const found = ['timeout', 'gc-interval', 'size', 'policy', 'auto-merge', 'stmt'].filter(
    (key) => member(set, key) !== null && !ours.includes(key),
  )
  return others.length + found.length === 0 ? [] : [`not ours: ${JSON.stringify([...others, ...found])}`]
}

/** nft before 1.1 lists the type, later ones the expression by which it was declared. */
function typeNames(declared: Json): readonly string[] {
  const expression = member(declared, 'typeof')
  const fields = member(expression, 'concat')
  if (Array.isArray(fields)) return fields.map(typeOfField)
  if (expression !== null) return [typeOfField(expression)]
  const names: readonly Json[] = Array.isArray(declared) ? declared : [declared]
  return names.map((name) => (typeof name === 'string' ? name : `not ours: ${JSON.stringify(name)}`))
}

const FIELD_TYPES: Readonly<Record<string, string>> = {
  'ip saddr': 'ipv4_addr',
  'ip6 saddr': 'ipv6_addr',
  'meta nfproto': 'nf_proto',
  'meta l4proto': 'inet_proto',
  'th dport': 'inet_service',
  'th sport': 'inet_service',
}

function typeOfField(field: Json): string {
  return FIELD_TYPES[readField(field) ?? ''] ?? `not ours: ${JSON.stringify(field)}`
}

function readRuleValue(listed: Json): RuleValue {
  const expressions = member(listed, 'expr')
  const comment = member(listed, 'comment')
  const read = readRule(expressions) ?? rule(`not ours: ${JSON.stringify(expressions)}`)
  return typeof comment === 'string' ? { ...read, comment } : read
}

function rememberedMark(allow: { readonly rules: readonly RuleValue[] } | undefined): number | undefined {
  for (const { text } of allow?.rules ?? []) {
    const found = /ct mark set .* \| (0x[0-9a-f]+) accept/.exec(text)
    if (found?.[1] !== undefined) return Number(found[1])
  }
  return undefined
}
