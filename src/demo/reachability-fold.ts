import { type End, type Mark, markOf, type Reachability, type Receiver, type Way } from './reachability.ts'

/** Rows, columns and the one mark of each cell. */
export interface Folded {
  readonly senders: readonly End[]
  readonly receivers: readonly Receiver[]
  markAt(sender: End, receiver: End): Mark
}

/** As few rows and columns as tell the whole truth: an end is taken apart where its members differ. */
export function foldWays({ senders, receivers, ways }: Reachability): Folded {
  const known = new Map(ways.map((way) => [keyOf(way.from, way.to), way]))
  const marksAt = (sender: End, receiver: End): ReadonlySet<Mark> => {
    const found = sender.members.flatMap((from) => receiver.members.map((to) => known.get(keyOf(from, to))))
    return new Set(found.filter((way) => way !== undefined).map(markOf))
  }
  const isMixed = (sender: End, receiver: End): boolean => marksAt(sender, receiver).size > 1

  let [rows, columns] = [senders, receivers]
  for (;;) {
    const cells = rows.flatMap((row) => columns.map((column) => ({ row, column })))
    const mixed = cells.find(({ row, column }) => isMixed(row, column))
    if (mixed === undefined) break
    const { row, column } = mixed
    const columnDecides = apart(column).every((one) => !isMixed(row, one))
    if (row.members.length === 1 || (columnDecides && column.members.length > 1)) {
      columns = columns.flatMap((each) => (each === column ? apart(each) : [each]))
    } else rows = rows.flatMap((each) => (each === row ? apart(each) : [each]))
  }
  return {
    senders: rows,
    receivers: columns,
    markAt: (sender, receiver) => [...marksAt(sender, receiver)][0] ?? '·',
  }
}

function apart<Each extends End>(end: Each): readonly Each[] {
  return end.members.map((member) => ({ ...end, name: member, members: [member] }))
}

/** No name of a pod holds a line end. */
function keyOf(from: Way['from'], to: Way['to']): string {
  return `${from}\n${to}`
}
