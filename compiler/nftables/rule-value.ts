import type { Jump, Lookup, Recording, RuleValue, Statement } from './ruleset.ts'

/** A rule of these statements, in order; empty ones are left out. No text among them names a chain, a set or a map. */
export function rule(...statements: readonly Statement[]): RuleValue {
  return ruleOf(statements)
}

/** The same of a list. Neighbouring texts become one, so that a rule is equal to the one that is read back. */
export function ruleOf(statements: readonly Statement[]): RuleValue {
  const kept: Statement[] = []
  for (const statement of statements) {
    const last = kept.at(-1)
    if (statement === '') continue
    if (typeof last === 'string' && typeof statement === 'string') kept[kept.length - 1] = `${last} ${statement}`
    else kept.push(statement)
  }
  return { text: kept.map(statementText).join(' '), statements: kept }
}

/** Does the packet's field (several joined by ` . `) stand in the set? */
export function inSet(field: string, name: string): Lookup {
  return { field, into: 'set', name }
}

/** The packet goes where the verdict map says; a packet that is not in it goes on to the next rule. */
export function byMap(field: string, name: string): Lookup {
  return { field, into: 'map', name }
}

/** The packet's field is noted and counted in the set; nothing else happens to it. */
export function recordIn(name: string, field: string): Recording {
  return { field, recordIn: name }
}

export function jump(chain: string): Jump {
  return { verdict: 'jump', chain }
}

export function goTo(chain: string): Jump {
  return { verdict: 'goto', chain }
}

export function jumpText({ verdict, chain }: Jump): string {
  return `${verdict} ${chain}`
}

/** The sets and maps that the rule looks into; not those that it writes to. */
export function lookupsOf({ statements }: RuleValue): readonly Lookup[] {
  return statements.filter(isLookup)
}

/** The chains that the rule itself leads to; those behind a verdict map are the map's. */
export function jumpsOf({ statements }: RuleValue): readonly Jump[] {
  return statements.filter(isJump)
}

/** The same rule about chains, sets and maps of other names. */
export function renameInRule(value: RuleValue, rename: (name: string) => string): RuleValue {
  const statements = value.statements.map((statement): Statement => {
    if (isLookup(statement)) return { ...statement, name: rename(statement.name) }
    if (isRecording(statement)) return { ...statement, recordIn: rename(statement.recordIn) }
    return isJump(statement) ? { ...statement, chain: rename(statement.chain) } : statement
  })
  return { ...ruleOf(statements), ...(value.comment === undefined ? {} : { comment: value.comment }) }
}

function statementText(statement: Statement): string {
  if (isLookup(statement)) return `${statement.field} ${statement.into === 'map' ? 'vmap ' : ''}@${statement.name}`
  if (isRecording(statement)) return `update @${statement.recordIn} { ${statement.field} counter }`
  return isJump(statement) ? jumpText(statement) : statement
}

export function isLookup(statement: Statement): statement is Lookup {
  return typeof statement === 'object' && 'into' in statement
}

export function isJump(statement: Statement): statement is Jump {
  return typeof statement === 'object' && 'verdict' in statement
}

export function isRecording(statement: Statement): statement is Recording {
  return typeof statement === 'object' && 'recordIn' in statement
}
