import type { PageData, PageDirection, PagePorts } from '../page-data.ts'

/** A port to filter by; `other` is ICMP. Without protocol any of the three will do. */
export interface WantedPort {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | 'any' | 'other'
  readonly port: number
}

/** Answers about classes, from the lists of the page. */
export interface ReachIndex {
  /** What one may reach of the other, as a position in `reaches`; 0: nothing. */
  at(from: number, to: number): number
  /** The rules that let it pass in one direction, and only such: each of them alone would allow a part of it. */
  rules(direction: PageDirection, from: number, to: number): readonly number[]
  /** For each of `reaches`, whether it holds the port. */
  reachesWith(wanted: WantedPort | undefined): readonly boolean[]
  holds(set: number, wanted: WantedPort | undefined): boolean
}

export function createReachIndex(data: PageData): ReachIndex {
  const { reaches, rules, portSets, policies } = data
  const count = data.rowOf.length
  const rows = data.rows.map((runs) => {
    const row = new Uint32Array(count)
    let start = 0
    for (let index = 0; index < runs.length; index += 2) {
      const end = start + (runs[index] ?? 0)
      row.fill(runs[index + 1] ?? 0, start, end)
      start = end
    }
    return row
  })
  const admitted = data.admitted.map((list) => new Set(list))
  const protocols = ['TCP', 'UDP', 'SCTP'] as const

  const at = (from: number, to: number): number => rows[data.rowOf[from] ?? -1]?.[to] ?? 0

  function meet(left: PagePorts | undefined, right: PagePorts | undefined): boolean {
    if (left === undefined || right === undefined) return false
    if (left.other && right.other) return true
    return protocols.some((protocol) => overlap(left[protocol], right[protocol]))
  }

  function overlap(left: readonly number[], right: readonly number[]): boolean {
    for (let one = 0; one < left.length; one += 2) {
      for (let other = 0; other < right.length; other += 2) {
        if ((left[one] ?? 0) <= (right[other + 1] ?? 0) && (right[other] ?? 0) <= (left[one + 1] ?? 0)) return true
      }
    }
    return false
  }

  function holds(set: number, wanted: WantedPort | undefined): boolean {
    const ports = portSets[set]
    if (ports === undefined) return false
    if (wanted === undefined) return true
    if (wanted.protocol === 'other') return ports.other
    return protocols.some((protocol) => {
      const isMeant = wanted.protocol === 'any' || wanted.protocol === protocol
      return isMeant && overlap(ports[protocol], [wanted.port, wanted.port])
    })
  }

  return {
    at,
    holds,
    rules(direction, from, to) {
      const sets = reaches[at(from, to)]?.sets ?? []
      const own = direction === 'egress' ? from : to
      const peer = direction === 'egress' ? to : from
      const candidates = (data.isolatedBy[direction][own] ?? []).flatMap(
        (policy) => policies[policy]?.rules[direction] ?? [],
      )
      return candidates.filter((position) => {
        const rule = rules[position]
        if (rule === undefined) return false
        const ports = portSets[typeof rule.ports === 'number' ? rule.ports : (rule.ports[to] ?? -1)]
        return sets.some(
          (set, family) => admitted[rule.admits[family] ?? -1]?.has(peer) === true && meet(portSets[set], ports),
        )
      })
    },
    reachesWith: (wanted) => reaches.map(({ sets }) => sets.some((set) => holds(set, wanted))),
  }
}
