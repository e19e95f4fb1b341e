import { contentName } from './names.ts'
import type { ChainValue, SetValue } from './ruleset.ts'

/** A chain named by its rules. */
export function contentChain(prefix: string, rules: readonly string[]): ChainValue {
  return { name: contentName(prefix, rules.join('\n')), rules: rules.map((text) => ({ text })) }
}

/** A set or verdict map named by its elements. */
export function contentSet(
  kind: 'set' | 'map',
  prefix: string,
  type: readonly string[],
  elements: ReadonlySet<string>,
  interval: boolean,
): SetValue {
  return { kind, name: contentName(prefix, [...elements].sort().join('\n')), type, interval, elements }
}
