import type { FoldedSource, RecordedEnd, RecordedFlow } from './flow-list.ts'
import { foldedText, recordedEndText } from './recorded-end-text.ts'

/** Flows of which one thing is to be said. */
export interface FlowTally {
  /** Between whom, and why, for people. */
  readonly text: string
  readonly flows: number
  /** How often they were seen. */
  readonly count: number
}

export interface Tallies {
  add(flow: RecordedFlow, reason: string): void
  /** In the order in which they were met. */
  list(): readonly FlowTally[]
}

/** Counts flows by their ends, as workloads, and a reason; of ends that nobody is any more one address stands for all. */
export function createTallies(): Tallies {
  const tallies = new Map<string, FlowTally>()
  return {
    add(flow, reason) {
      const between = (text: (end: RecordedEnd) => string) =>
        `${text(flow.source)} → ${text(flow.destination)}: ${reason}`
      const key = between((end) => (end.kind === 'unresolved' ? '' : recordedEndText(end)))
      const { text, flows, count } = tallies.get(key) ?? { text: between(recordedEndText), flows: 0, count: 0 }
      tallies.set(key, { text, flows: flows + 1, count: count + flow.count })
    },
    list: () => [...tallies.values()],
  }
}

/** Allowed flows that were too many to be kept one by one: any pod may have been meant. */
export function foldedAway(folded: readonly FoldedSource[]): readonly FlowTally[] {
  const allowed = folded.filter(({ verdict }) => verdict === 'allowed')
  return allowed.map(({ source, flows, count }) => ({ text: foldedText(source), flows, count }))
}
