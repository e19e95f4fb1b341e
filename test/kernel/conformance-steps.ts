import { expect, test } from 'vitest'
import type { Arrangement } from '../../src/lab/plan.ts'
import { clusterOfStep, readCyclonusCases } from '../conformance/cyclonus-cases.ts'
import { connectionsOfStep } from '../conformance/cyclonus-connections.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { type Expected, labFor, loadEverywhere, probeOf, wrongVerdicts } from './compile-in-lab.ts'

const steps = readCyclonusCases().flatMap(({ id, steps: own }) =>
  own.map((step, index) => ({ name: `${id}.${index}`, step })),
)

/** Steps with the same pods share a lab: only labels and policies change. */
const byPods = Map.groupBy(steps, ({ step }) => step.pods.map(({ ns, name, ip }) => `${ns}/${name} ${ip}`).join())

/** Every step of the public table, loaded into the kernel and asked by packets: the same tests for both arrangements. */
export function testConformance(arrangement: Arrangement): void {
  describeLab('the public conformance cases in the kernel', () => {
    test(`all steps, ${arrangement}`, { timeout: 900_000 }, async () => {
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
      console.log(`${arrangement}: ${steps.length} steps, ${probed} verdicts by packets, ${wrong.length} wrong`)
      expect(wrong.slice(0, 20)).toEqual([])
      expect(steps.length).toBe(256)
    })
  })
}
