import type { Connection } from '../oracle/connection.ts'
import type { CyclonusStep } from './cyclonus-cases.ts'

export interface ExpectedConnection {
  readonly connection: Connection
  /** For a failing test to say: `x/a>y/b TCP/80`. */
  readonly title: string
  readonly allowed: boolean
}

/** Every verdict of a step: each ordered pair of different pods, on each protocol and port that was probed. */
export function connectionsOfStep(step: CyclonusStep): readonly ExpectedConnection[] {
  return Object.entries(step.allowed).flatMap(([probe, pairs]) => {
    const allowed = new Set(pairs)
    const [protocol = '', port = ''] = probe.split('/')
    return step.pods.flatMap((from) =>
      step.pods
        .filter((to) => to !== from)
        .map((to) => {
          const pair = `${from.ns}/${from.name}>${to.ns}/${to.name}`
          return {
            title: `${pair} ${probe}`,
            allowed: allowed.has(pair),
            connection: {
              source: from.ip,
              destination: to.ip,
              protocol: protocol as 'TCP' | 'UDP' | 'SCTP',
              port: Number(port),
            },
          }
        }),
    )
  })
}
