import { styleText } from 'node:util'
import type { Reachability } from './reachability.ts'
import { foldWays } from './reachability-fold.ts'
import { table } from '../views/text-table.ts'

export interface ReachabilityTableOptions {
  /** The caller knows about NO_COLOR and pipes. */
  readonly color: boolean
  /** Columns that the table may take; where they are too few, names are shortened. */
  readonly width: number
}

/** Who reaches whom: a row a sender, a column a receiver with its port, and a mark that needs no colour. */
export function reachabilityTable(
  reachability: Reachability,
  { color, width }: ReachabilityTableOptions,
): readonly string[] {
  const { senders, receivers, markAt } = foldWays(reachability)
  const titles = receivers.map(({ name, port }) => `${name}:${port}`)
  const rows = senders.map((sender) => [sender.name, ...receivers.map((receiver) => markAt(sender, receiver))])
  const [head = '', ...lines] = table(['from \\ to', ...titles], rows, width)
  if (!color) return [head, ...lines]
  return [paint('bold', head), ...lines.map(paintMarks)]
}

/** What changed stands out. */
function paintMarks(line: string): string {
  return line.replaceAll(/✗→✓|✓→✗|✓|✗/g, (mark) => {
    const tone = mark.endsWith('✓') ? 'green' : 'red'
    return mark.length > 1 ? paint(['bold', 'inverse', tone], mark) : paint(tone, mark)
  })
}

function paint(tone: Parameters<typeof styleText>[0], text: string): string {
  return styleText(tone, text, { validateStream: false })
}
