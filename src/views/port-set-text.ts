import { EVERY_PORT, isNoPort, type PortSet, subtractPortSets } from '../../compiler/reach/port-set.ts'
import { PROTOCOLS } from '../../compiler/objects/protocol.ts'

/**
 * A set of ports as people read it, by what is in it or, where that is shorter, by what is not. `where` is what holds for
 * all of it, such as ` (IPv4 only)`.
 */
export function portSetText(set: PortSet, where = ''): string {
  const missing = subtractPortSets(EVERY_PORT, set)
  if (isNoPort(missing)) return `everything${where}`
  const [said, kept] = [wordsOf(set), wordsOf(missing)]
  // One family's ports stand beside the other's: each protocol says whose it is.
  if (!set.other || said.count < kept.count) return said.words.map((word) => `${word}${where}`).join('; ')
  return `everything but ${kept.words.join(' and ')}${where}`
}

/** A word or two for each protocol, and how many ranges that are. */
function wordsOf({ ranges, other }: PortSet): { readonly words: readonly string[]; readonly count: number } {
  const named = PROTOCOLS.flatMap((protocol) => {
    const list = ranges[protocol]
    if (list.length === 0) return []
    const ports = list.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
    return [`${protocol} ${ports === '0-65535' ? 'all ports' : ports}`]
  })
  const count = PROTOCOLS.reduce((sum, protocol) => sum + ranges[protocol].length, other ? 1 : 0)
  return { words: [...named, ...(other ? ['other protocols'] : [])], count }
}
