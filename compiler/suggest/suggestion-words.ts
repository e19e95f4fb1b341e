import type { WorkloadPods } from '../flows/workload-pods.ts'
import { DIRECTIONS } from '../objects/direction.ts'
import type { Edge } from '../reach/edge.ts'
import { isolationOf, type Subject } from './subjects.ts'

/** So many openings stand above a policy; all of them are told beside it. */
const MOST_LINES = 20

/** The comment above a policy: what it is, and what it opens that was not seen. */
export function headOf(opens: readonly Edge[]): readonly string[] {
  if (opens.length === 0) return []
  const rest = opens.length - MOST_LINES
  return [
    'Opens beyond what was seen:',
    ...opens.slice(0, MOST_LINES).map((edge) => `  ${openingText(edge)}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ]
}

/** `shop/web → shop/db 5432/TCP`; `*` is every port, and without protocol everything. */
export function openingText({ from, to, protocol, ports, family }: Edge): string {
  const what =
    protocol === '*' ? 'everything' : protocol === 'other' ? 'ICMP and other protocols' : `${ports}/${protocol}`
  return `${from} → ${to} ${what}${family === undefined ? '' : ` (${family} only)`}`
}

/** Why these have no policy. */
export function namelessText({ id }: WorkloadPods): string {
  return `${id}: no label that lasts tells its pods from those of others`
}

export function isolatedTexts(subjects: readonly Subject[]): readonly string[] {
  return subjects.flatMap((subject) =>
    DIRECTIONS.flatMap((direction) => {
      const ids = subject.workloads.map(({ id }) => id).join(', ')
      switch (isolationOf(subject, direction)) {
        case 'all':
          return [`${ids}: its ${direction} is isolated by policies that stand`]
        case 'some':
          return [`${ids}: the ${direction} of some of its pods is isolated by policies that stand`]
        case 'none':
          return []
      }
    }),
  )
}
