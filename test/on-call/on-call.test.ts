import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import type { Lab } from '../../src/lab/lab.ts'
import { describeLab } from '../lab/describe-lab.ts'
import type { FakeObject } from '../sources/kubernetes/fake-objects.ts'
import { NODES, PACKETS } from './on-call-cluster.ts'
import { createWalkedLab, startWalkedCluster } from './walked-cluster.ts'
import { walkedPage } from './walked-page.ts'

const PAGE = walkedPage('on-call.md')
const NO_TABLE = 'add table inet selvedge\ndelete table inet selvedge\n'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

test('every section of the page is walked through, and no other', () => {
  expect(PAGE.sections.map(({ title }) => title)).toEqual(Object.keys(PACKETS))
  for (const { steps } of PAGE.sections) {
    expect(new Set(steps.map(({ kind }) => kind))).toEqual(new Set(['policy', 'command', 'repair']))
  }
})

describeLab('docs/on-call.md', () => {
  let lab: Lab

  beforeAll(async () => {
    lab = await createWalkedLab()
  })
  afterEach(async () => {
    for (const node of NODES) await lab.loadRuleset(node, NO_TABLE)
  })
  afterAll(async () => {
    await lab.close()
    PAGE.save()
  })

  test.each(PAGE.sections)('$title', async ({ title, steps }) => {
    const packets = PACKETS[title] ?? []
    const { run, apply } = await startWalkedCluster(lab, 'denied', [])

    expect(await lab.probe(packets)).toEqual(packets.map(() => true))
    for (const step of steps) {
      if (step.kind === 'command') {
        PAGE.meets(step, await run(step.command))
        continue
      }
      apply([parse(step.yaml) as FakeObject])
      // The kernel has it when its packets say so.
      await expect
        .poll(() => lab.probe(packets), { timeout: 60_000, interval: 500 })
        .toEqual(packets.map(() => step.kind === 'repair'))
    }
  })
})
