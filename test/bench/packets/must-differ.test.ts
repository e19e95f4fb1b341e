import { expect, test } from 'vitest'
import { mustDiffer } from './must-differ.ts'
import { notingPlans } from './noting-plans.ts'
import { ruleVariants } from './rule-variants.ts'

const ruleset = (name: string, text: string) => ({ name, text, growing: undefined })

test('two rulesets of one text are refused, but for one that says it is noise', () => {
  expect(() => mustDiffer([ruleset('a', 'x'), ruleset('b', 'y'), ruleset('a again (noise)', 'x')])).not.toThrow()
  expect(() => mustDiffer([ruleset('a', 'x'), ruleset('b', 'y'), ruleset('c', 'x')])).toThrow(
    '"c" is the same text as "a"',
  )
})

test('what noting and each rule cost is asked of rulesets that differ', () => {
  const plans = notingPlans()
  expect(plans.map(({ title }) => title)).toEqual([
    'A counter on each rule that grants',
    'Observing what is allowed',
    'Denied packets',
  ])
  const rulesets = plans.map(({ baseline, cases }) => [...new Set([baseline, ...cases.map((one) => one.ruleset)])])
  expect(rulesets.map((list) => list.length)).toEqual([3, 3, 4])
  for (const list of rulesets) mustDiffer(list)
  const [{ baseline } = { baseline: ruleset('none', '') }] = plans
  const variants = ruleVariants(baseline).map((one) => one.ruleset)
  expect(new Set(variants.map(({ text }) => text)).size).toBe(variants.length)
  mustDiffer([baseline, ...variants])
})
