import { benchRun } from './bench-run.ts'
import { flowKey } from './flow.ts'
import { notingPlans } from './noting-plans.ts'
import { ratioTable } from './report.ts'

/** What counting grants, observing, and noting what is denied cost. */
export async function compareNoting(): Promise<void> {
  for (const { title, ...plan } of notingPlans()) {
    const { machine, measurements, sender } = await benchRun({ ...plan, alike: flowKey, fewestRounds: 5, seconds: 45 })
    const rounds = measurements[0]?.under.length ?? 0
    console.log(
      `\n${title}: ${machine.facts}; CPU ${machine.cpu}; medians of about ${rounds} rounds, and the middle half\n`,
    )
    console.log(ratioTable(measurements, sender).join('\n'))
  }
}
