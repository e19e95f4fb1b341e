import { FAMILIES } from '../../compiler/addresses/address.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import { portSetOfTexts } from '../../compiler/reach/port-set.ts'
import { outsideText } from './outside-text.ts'
import { portSetText } from './port-set-text.ts'

/** One line for each pair of ends, with all its ports: `  a → b  TCP 80, 443; UDP 53`. Blocks of one meaning are one end. */
export function edgeLines(edges: readonly Edge[]): string {
  return foldedEdges(edges)
    .map(({ from, to, ports }) => `  ${from} → ${to}  ${ports}\n`)
    .join('')
}

export interface FoldedEdge {
  readonly from: string
  readonly to: string
  readonly ports: string
}

/** Edges as people read them: all ports between two ends together, and all blocks with the same ports together. */
export function foldedEdges(edges: readonly Edge[]): readonly FoldedEdge[] {
  const pairs = new Map<string, Edge[]>()
  for (const edge of edges) {
    const key = `${edge.from} → ${edge.to}`
    pairs.set(key, [...(pairs.get(key) ?? []), edge])
  }
  const rows = new Map<string, { readonly from: string[]; readonly to: string[]; readonly ports: string }>()
  for (const list of pairs.values()) {
    const [{ from, to } = { from: '', to: '' }] = list
    const ports = portsText(list)
    // Pods stay by themselves; blocks of one family join where the other end and the ports are the same.
    const key = JSON.stringify([isBlock(from) ? familyOf(from) : from, isBlock(to) ? familyOf(to) : to, ports])
    const row = rows.get(key)
    if (row === undefined) rows.set(key, { from: [from], to: [to], ports })
    else {
      if (isBlock(from)) row.from.push(from)
      if (isBlock(to)) row.to.push(to)
    }
  }
  return [...rows.values()].map(({ from, to, ports }) => ({ from: endText(from), to: endText(to), ports }))
}

/** A CIDR has a digit or colon before its slash and only a number behind it; a name of the API never looks so. */
export function isBlock(end: string): boolean {
  return /^[0-9a-f.:]+\/\d+$/.test(end) && /[.:].*\//.test(end)
}

function familyOf(cidr: string): string {
  return cidr.includes(':') ? 'IPv6' : 'IPv4'
}

function endText(ends: readonly string[]): string {
  const [first = ''] = ends
  return isBlock(first) ? outsideText(ends) : first
}

/** The ports of edges between the same two ends: `TCP 80, 443; UDP 53`, `everything but TCP 5432`, `TCP port http`. */
export function portsText(edges: readonly Edge[]): string {
  return [undefined, ...FAMILIES]
    .flatMap((family) => {
      const list = edges.filter((edge) => edge.family === family)
      const where = family === undefined ? '' : ` (${family} only)`
      const numbers = list.filter(({ ports }) => !isPortName(ports))
      const names = list.filter(({ ports }) => isPortName(ports))
      return [
        ...(numbers.length === 0 ? [] : [portSetText(portSetOfTexts(numbers), where)]),
        ...names.map(({ protocol, ports }) => `${protocol} port ${ports}${where}`),
      ]
    })
    .join('; ')
}

/** Is it the name of a port, which has a letter (RFC 6335)? */
export function isPortName(ports: string): boolean {
  return /[a-z]/.test(ports)
}
