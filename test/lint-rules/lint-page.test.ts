import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ALL_RULES } from '../../compiler/lint/all-rules.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { findingsOfExample } from './told.ts'

interface Section {
  readonly name: string
  readonly head: string
  readonly reason: string
  readonly example: string
}

/** `## name`, the severity and summary, the reason, one example. */
function sections(): readonly Section[] {
  const [, ...parts] = readFileSync(join(PROJECT_ROOT, 'docs', 'lint.md'), 'utf8').split(/^## /m)
  return parts.map((part) => {
    const [text = '', example = ''] = part.split(/```yaml\n|```\n?$/m)
    const [name = '', head = '', ...reason] = text.trim().split('\n\n')
    return { name, head, reason: reason.join('\n\n'), example }
  })
}

test('docs/lint.md has every rule, in order, with its severity and summary and a reason', () => {
  expect(sections().map(({ name, head }) => ({ name, head }))).toEqual(
    ALL_RULES.map(({ name, severity, summary }) => ({
      name,
      head: `**${severity}**: ${summary}${summary.endsWith('?') ? '' : '.'}`,
    })),
  )
  expect(sections().filter(({ reason }) => reason.length < 60)).toEqual([])
})

test('rules have names in order, none twice', () => {
  const names = ALL_RULES.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)].sort())
})

test.each(sections())('the example of $name fires it and nothing else', ({ name, example }) => {
  const findings = findingsOfExample(name, example)
  expect(findings.map(({ rule }) => rule)).toEqual([name])
  // Every finding has a place, and a hint at what to do.
  expect(findings.filter(({ place, hint }) => place === undefined || hint === '')).toEqual([])
})
