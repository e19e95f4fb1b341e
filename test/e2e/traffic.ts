import type { Manner } from './probe/protocol.ts'
import { CaseFailure, type Way } from './ways.ts'

/** New connections all the time, and for what is allowed also one session that is held. */
export async function duringTraffic(ways: readonly Way[], action: () => Promise<void>): Promise<string> {
  const flows = ways.flatMap((way, index) =>
    (way.allowed ? (['knock', 'hold'] as const) : (['knock'] as const)).map((manner) => ({
      way,
      manner,
      name: `${manner} ${index}`,
    })),
  )
  for (const { way, manner, name } of flows) {
    await way.from.session().ask<'start'>({ kind: 'start', name, manner, target: way.target })
  }
  let tallies: readonly string[]
  try {
    await action()
  } finally {
    tallies = (await Promise.all(flows.map(stop))).flat()
  }
  if (tallies.length > 0) throw new CaseFailure(tallies.join('\n'))
  return `${flows.length} flows`
}

interface Flow {
  readonly way: Way
  readonly manner: Manner
  readonly name: string
}

/** What is wrong with a flow, if anything. */
async function stop({ way, manner, name }: Flow): Promise<readonly string[]> {
  const { sent, answered, longestGap, broken } = await way.from.session().ask<'stop'>({ kind: 'stop', name })
  const right = sent > 0 && broken === undefined && answered === (way.allowed ? sent : 0)
  const { protocol, host, port } = way.target
  return right
    ? []
    : [
        `${manner} ${way.from.name} to ${way.to} ${protocol} ${host} ${port}, ${way.allowed ? 'allowed' : 'denied'}: ` +
          `${answered} of ${sent} answered, longest gap ${longestGap} ms ${broken ?? ''}`,
      ]
}
