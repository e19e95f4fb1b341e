import type { RecordedEnd } from '../../compiler/flows/flow-list.ts'
import { ageText } from './age-text.ts'
import { toldEndText } from './told-end-text.ts'
import { wrap } from './text-table.ts'

/** A source of too many flows, as a scan of ports leaves it; ages in seconds. */
export interface ShownFolded {
  readonly from: RecordedEnd
  readonly flows: number
  readonly ports: number
  readonly addresses: number
  readonly packets: number
  readonly lastAge: number
}

/** A line for each, below a line that says what they are. */
export function foldedLines(folded: readonly ShownFolded[], width: number): readonly string[] {
  if (folded.length === 0) return []
  const lines = folded.flatMap(({ from, flows, ports, addresses, packets, lastAge }) => {
    const what = [counted(flows, 'flow'), 'to', counted(ports, 'port'), 'of', counted(addresses, 'address', 'es')]
    const text = `${what.join(' ')}, ${counted(packets, 'packet')}, the last ${ageText(lastAge)} ago`
    return wrap(`${toldEndText(from)}: ${text}`, width)
  })
  return ['Too many to be kept one by one, as of a scan of ports:', ...lines]
}

function counted(count: number, noun: string, plural = 's'): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : plural}`
}
