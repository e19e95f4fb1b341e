import { readElement } from './read-element.ts'
import { type Json, member, readRule } from './read-rule.ts'
import type { RuleValue, Ruleset, SetValue } from './ruleset.ts'
import { HOOK } from './static-chains.ts'

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
  for (const object of objects) {
    found ||= member(object, 'table') !== null
    const chain = member(object, 'chain')
    const name = member(chain, 'name')
    if (typeof name === 'string') chains.set(name, { name, hook: readHook(chain), rules: [] })
    for (const kind of ['set', 'map'] as const) {
      const set = readSet(member(object, kind), kind)
      if (set !== undefined) sets.set(set.name, set)
    }
    const rule = member(object, 'rule')
    const owner = member(rule, 'chain')
    if (typeof owner === 'string') chains.get(owner)?.rules.push(readRuleValue(rule))
  }
  if (!found) return undefined
  return { ruleset: { sets, chains }, mark: rememberedMark(chains.get('allow')) }
}

function readHook(chain: Json): string | undefined {
  if (member(chain, 'hook') === null) return undefined
  const [type, hook, priority, policy] = ['type', 'hook', 'prio', 'policy'].map((key) => member(chain, key))
  const ours = type === 'filter' && hook === 'forward' && priority === 5 && policy === 'accept'
  return ours ? HOOK : `not ours: ${JSON.stringify([type, hook, priority, policy])}`
}

function readSet(set: Json, kind: 'set' | 'map'): SetValue | undefined {
  const name = member(set, 'name')
  if (typeof name !== 'string') return undefined
  const type = keyTypes(member(set, 'type'))
  const flags = member(set, 'flags')
  const elements = member(set, 'elem')
  const comment = member(set, 'comment')
  return {
    kind,
    name,
    type,
    interval: Array.isArray(flags) && flags.includes('interval'),
    comment: typeof comment === 'string' ? comment : undefined,
    elements: new Set(
      (Array.isArray(elements) ? elements : []).map(
        (one) => readElement(one, type) ?? `not ours: ${JSON.stringify(one)}`,
      ),
    ),
  }
}

/** The key's fields. nft before 1.1.2 lists their types, later ones the expression by which the set was declared, if it was. */
function keyTypes(declared: Json): readonly string[] {
  const expression = member(declared, 'typeof')
  const concatenation = member(expression, 'concat')
  if (Array.isArray(concatenation)) return concatenation.map(fieldType)
  if (expression !== null) return [fieldType(expression)]
  return (Array.isArray(declared) ? declared : [declared]).map((type) =>
    typeof type === 'string' ? type : JSON.stringify(type),
  )
}

/** The type of an expression that we declare sets by; any other one as itself, so that a comparison finds it. */
function fieldType(expression: Json): string {
  const payload = member(expression, 'payload')
  const [protocol, field] = [member(payload, 'protocol'), member(payload, 'field')]
  if (field === 'saddr' && protocol === 'ip') return 'ipv4_addr'
  if (field === 'saddr' && protocol === 'ip6') return 'ipv6_addr'
  if (field === 'dport' && protocol === 'th') return 'inet_service'
  if (member(member(expression, 'meta'), 'key') === 'l4proto') return 'inet_proto'
  return JSON.stringify(expression)
}

function readRuleValue(rule: Json): RuleValue {
  const expressions = member(rule, 'expr')
  const comment = member(rule, 'comment')
  const text = readRule(expressions) ?? `not ours: ${JSON.stringify(expressions)}`
  return typeof comment === 'string' ? { text, comment } : { text }
}

function rememberedMark(allow: { readonly rules: readonly RuleValue[] } | undefined): number | undefined {
  const found = /ct mark set .* \| (0x[0-9a-f]+) accept/.exec(allow?.rules[0]?.text ?? '')
  return found?.[1] === undefined ? undefined : Number(found[1])
}
