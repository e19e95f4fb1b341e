import type { ChainValue, RuleValue, SetValue } from './ruleset.ts'

/** The family and name of the only table that we ever touch. */
export const TABLE = 'inet selvedge'

/** Long enough to read, short enough to look at; one line an element would double the time nft takes to parse. */
const LINE = 110

/** The declaration of a set or map inside its table, without elements: they follow once all chains are known. */
export function setHeaderLines(set: SetValue): readonly string[] {
  return [
    `${keyText(set.type)}${set.kind === 'map' ? ' : verdict' : ''}`,
    ...(set.interval ? ['flags interval'] : []),
    ...(set.comment === undefined ? [] : [`comment "${set.comment}"`]),
  ]
}

/**
 * A set of one address is declared by example. nft 1.0.6 crashes on any table that holds a set of one plain address type
 * which nft 1.1 wrote: it finds there what such sets are declared by since, and expects an expression.
 */
function keyText(type: readonly string[]): string {
  if (type.length > 1) return `type ${type.join(' . ')}`
  return type[0] === 'ipv4_addr' ? 'typeof ip saddr' : 'typeof ip6 saddr'
}

/** `elements = { … }`, broken into lines; nothing for an empty set. Sorted, so that equal sets are equal text. */
export function elementLines(elements: Iterable<string>): readonly string[] {
  const sorted = [...elements].sort()
  if (sorted.length === 0) return []
  const lines: string[] = []
  let line = ''
  for (const [index, element] of sorted.entries()) {
    const text = index === sorted.length - 1 ? element : `${element},`
    if (line !== '' && line.length + text.length + 1 > LINE) {
      lines.push(line)
      line = text
    } else line = line === '' ? text : `${line} ${text}`
  }
  lines.push(line)
  if (lines.length === 1) return [`elements = { ${lines[0]} }`]
  return ['elements = {', ...lines.map((one) => `  ${one}`), '}']
}

/** The rule as nft reads it. */
export function ruleText({ text, comment }: RuleValue): string {
  return comment === undefined ? text : `${text} comment "${comment}"`
}

/** A set's block within `table … { }`. */
export function setBlock(set: SetValue): readonly string[] {
  return [`${set.kind} ${set.name} {`, ...indent([...setHeaderLines(set), ...elementLines(set.elements)]), '}']
}

/** A chain's block within `table … { }`. */
export function chainBlock(chain: ChainValue): readonly string[] {
  const hook = chain.hook === undefined ? [] : [chain.hook]
  return [`chain ${chain.name} {`, ...indent([...hook, ...chain.rules.map(ruleText)]), '}']
}

export function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`))
}
