import { jumpText } from './rule-value.ts'
import type { Jump, SetValue } from './ruleset.ts'

const BETWEEN = ' : '
/** No key has this in it. */
const BEHIND_KEY = / : | comment "/

/** The element of a verdict map that leads this key there. */
export function mapElement(key: string, jump: Jump): string {
  return `${key}${BETWEEN}${jumpText(jump)}`
}

/** The targets of a verdict map, and its elements printed from them. */
export function mapContent(targets: ReadonlyMap<string, Jump>): {
  readonly targets: ReadonlyMap<string, Jump>
  readonly elements: ReadonlySet<string>
} {
  return { targets, elements: new Set([...targets].map(([key, jump]) => mapElement(key, jump))) }
}

/** What nft wants to hear when an element is deleted: its key, without where it leads in a map, or what is noted beside it. */
export function elementKey(element: string): string {
  return element.split(BEHIND_KEY, 1)[0] ?? element
}

/** The set under another name; a map leads to chains of other names. */
export function renameSet(set: SetValue, rename: (name: string) => string): SetValue {
  const renamed = { ...set, name: rename(set.name), elements: set.elements }
  if (set.targets === undefined) return renamed
  const targets = new Map([...set.targets].map(([key, { verdict, chain }]) => [key, { verdict, chain: rename(chain) }]))
  return { ...renamed, ...mapContent(targets) }
}
