import { contentName } from './names.ts'
import { mapContent } from './map-elements.ts'
import type { ChainValue, Jump, RuleValue, SetValue } from './ruleset.ts'

/** A chain named by its rules. */
export function contentChain(prefix: string, rules: readonly RuleValue[]): ChainValue {
  return { name: contentName(prefix, rules.map(({ text }) => text).join('\n')), rules }
}

/** A set named by its elements. */
export function contentSet(
  prefix: string,
  type: readonly string[],
  elements: ReadonlySet<string>,
  interval: boolean,
): SetValue {
  return { kind: 'set', name: nameOf(prefix, elements), type, interval, elements }
}

/** A verdict map named by its elements. */
export function contentMap(
  prefix: string,
  type: readonly string[],
  targets: ReadonlyMap<string, Jump>,
  interval: boolean,
): SetValue {
  const content = mapContent(targets)
  return { kind: 'map', name: nameOf(prefix, content.elements), type, interval, ...content }
}

function nameOf(prefix: string, elements: ReadonlySet<string>): string {
  return contentName(prefix, [...elements].sort().join('\n'))
}
