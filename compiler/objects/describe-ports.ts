import type { RulePort } from './objects.ts'

/** The ports of a rule in words: `TCP 80, 443-445, UDP dns`. */
export function describePorts(ports: readonly RulePort[]): string {
  return ports
    .map((port) => {
      switch (port.kind) {
        case 'all':
          return `every ${port.protocol} port`
        case 'range':
          return `${port.protocol} ${port.from === port.to ? port.from : `${port.from}-${port.to}`}`
        case 'name':
          return `${port.protocol} ${port.name}`
      }
    })
    .join(', ')
}
