import type { ChainValue, RecordedSet, RuleValue, SetValue } from './ruleset.ts'

/** The family and name of the only table that we ever touch. */
export const TABLE = 'inet selvedge'

/** Long enough to read, short enough to look at; one line an element would double the time nft takes to parse. */
const LINE = 110

/** The declaration of a set or map inside its table, without elements: they follow once all chains are known. */
export function setHeaderLines(set: SetValue): readonly string[] {
  return [
    `${keyText(set)}${set.kind === 'map' ? ' : verdict' : ''}`,
    ...(set.interval ? ['flags interval'] : []),
    ...(set.recorded === undefined ? [] : recordedLines(set.recorded)),
    ...(set.comment === undefined ? [] : [`comment "${set.comment}"`]),
  ]
}

function recordedLines({ size, timeoutSeconds }: RecordedSet): readonly string[] {
  return [`size ${size}`, 'flags dynamic,timeout', `timeout ${timeoutSeconds}s`]
}

/**
 * Some keys are declared by example, because an older nft dies on them otherwise. nft 1.1 notes at each set the expression
 * by which it was declared, or the bare type. nft 1.0.6 expects an expression there, and a bare type ends it with a
 * segmentation fault, whatever it was asked to do, where the set has one plain address as its key or is a verdict map of
 * several fields (test/kernel/other-nft.test.ts).
 */
function keyText({ kind, type }: SetValue): string {
  const isDeclaredByExample = type.length === 1 || kind === 'map'
  return isDeclaredByExample
    ? `typeof ${type.map((field) => EXAMPLES[field] ?? field).join(' . ')}`
    : `type ${type.join(' . ')}`
}

/** An expression of each type that may be part of a key. */
const EXAMPLES: Readonly<Record<string, string>> = {
  ipv4_addr: 'ip saddr',
  ipv6_addr: 'ip6 saddr',
  nf_proto: 'meta nfproto',
  inet_proto: 'meta l4proto',
  inet_service: 'th dport',
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
