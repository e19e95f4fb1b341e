import { expect, test } from 'vitest'
import type { Arrangement } from '../../src/lab/plan.ts'
import { clusterOfStep, readCyclonusCases } from '../conformance/cyclonus-cases.ts'
import { connectionsOfStep } from '../conformance/cyclonus-connections.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { patient } from '../support/patience.ts'
import { type Expected, labFor, loadEverywhere, probeOf, wrongVerdicts } from './compile-in-lab.ts'

const steps = readCyclonusCases().flatMap(({ id, steps: own }) =>
  own.map((step, index) => ({ name: `${id}.${index}`, step })),
)

/** Every step of the public table, or each of so many, loaded into the kernel and asked by packets, in either arrangement. */
export function testConformance(arrangement: Arrangement, each = 1): void {
  describeLab('the public conformance cases in the kernel', () => {
    const title = each === 1 ? 'all steps' : `one of each ${each} steps`
    test(`${title}, ${arrangement}`, { timeout: patient(900_000) }, async () => {
      expect(steps.length).toBe(256)
      const chosen = steps.filter((_, index) => index % each === 0)
      // Steps with the same pods share a lab: only labels and policies change.
      const byPods = Map.groupBy(chosen, ({ step }) =>
        step.pods.map(({ ns, name, ip }) => `${ns}/${name} ${ip}`).join(),
      )
      const wrong: string[] = []
      let probed = 0
      for (const group of byPods.values()) {
        const first = group[0]
        if (first === undefined) continue
        await using lab = await labFor(clusterOfStep(first.step), arrangement)
        for (const { name, step } of group) {
          const cluster = clusterOfStep(step)
          await loadEverywhere(lab, cluster)
          const expected = connectionsOfStep(step).flatMap(({ connection, title, allowed }): Expected[] => {
            const probe = probeOf(cluster, connection)
            return probe === undefined ? [] : [{ title: `step ${name}: ${title}`, probe, allowed }]
          })
          probed += expected.length
          wrong.push(...(await wrongVerdicts(lab, expected)))
        }
      }
      console.log(`${arrangement}: ${chosen.length} steps, ${probed} verdicts by packets, ${wrong.length} wrong`)
      expect(wrong.slice(0, 20)).toEqual([])
      expect(probed).toBeGreaterThan(chosen.length)
    })
  })
}
