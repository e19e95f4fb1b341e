import { expect, test } from 'vitest'
import { askedCluster } from '../laws/ask-cluster.ts'
import { hold } from '../policy-test/hold.ts'
import { clusterOfStep, type CyclonusStep, readCyclonusCases } from './cyclonus-cases.ts'

/** The verdicts of a step as a person would write them: for each pod and port, who may connect, and who may not. */
function testsOfStep(step: CyclonusStep): readonly object[] {
  return Object.entries(step.allowed).flatMap(([probe, pairs]) => {
    const [protocol = '', port = ''] = probe.split('/')
    const ports = [`${port}/${protocol}`]
    const allowed = new Set(pairs)
    return step.pods.flatMap((to) => {
      const others = step.pods.filter((from) => from !== to).map((from) => `${from.ns}/${from.name}`)
      const target = `${to.ns}/${to.name}`
      const by = Object.groupBy(others, (from) => (allowed.has(`${from}>${target}`) ? 'allow' : 'deny'))
      return (['allow', 'deny'] as const).flatMap((expect) => {
        const from = by[expect] ?? []
        return from.length === 0 ? [] : [{ from, to: target, ports, expect }]
      })
    })
  })
}

const steps = readCyclonusCases().flatMap(({ id, description, steps }) =>
  steps.map((step, index) => ({ title: `case ${id}, step ${index + 1}: ${description}`, step })),
)

test('the public table as policy tests: every one holds, and each step fails when one verdict is turned', () => {
  expect(steps).toHaveLength(256)
  let verdicts = 0
  for (const [index, { title, step }] of steps.entries()) {
    const cluster = askedCluster(clusterOfStep(step))
    const tests = testsOfStep(step)
    verdicts += tests.length
    const wrong = hold(cluster, tests).filter(({ status }) => status !== 'passed')
    expect({ title, wrong: wrong.map(({ assertion, problem }) => `${assertion.name} ${problem}`) }).toEqual({
      title,
      wrong: [],
    })
    // One client more on the wrong side: another test of each step.
    const turned = tests[(index * 7) % tests.length] as { from: readonly string[]; expect: string }
    const [result] = hold(cluster, [
      { ...turned, from: [turned.from.at(-1)], expect: turned.expect === 'allow' ? 'deny' : 'allow' },
    ])
    expect({ title, status: result?.status }).toEqual({ title, status: 'failed' })
  }
  expect(verdicts).toBeGreaterThan(10_000)
})
