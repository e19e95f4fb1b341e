import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { READINESS_REASONS } from '../../src/agent/readiness-reasons.ts'
import { DRIFT_CLASSES } from '../../compiler/nftables/drift-class.ts'
import { agentCommand } from '../../src/cli/agent-command.ts'
import { FINDING_IDS } from '../../src/kernel/finding.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { parseExposition } from '../telemetry/parse-exposition.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { sourceFiles } from './source-files.ts'

const PAGE = readFileSync(join(PROJECT_ROOT, 'docs', 'operating.md'), 'utf8')

/** The rows of the first table below a heading, as cells; an escaped bar is part of its cell. */
function rows(heading: string): readonly (readonly string[])[] {
  const section = PAGE.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? ''
  const lines = section.split('\n').filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) => {
    const cells = line.split(/(?<!\\)\|/).slice(1, -1)
    return cells.map((cell) => cell.trim().replaceAll('\\|', '|'))
  })
}

const firsts = (heading: string) => rows(heading).map(([first = '']) => first.replaceAll('`', ''))
const sorted = (values: readonly string[]) => values.toSorted()

describe('docs/operating.md says what the code does', () => {
  test('flags, with their values and defaults', () => {
    const flags = agentCommand().options.map(({ long = '' }) => long)
    const written = firsts('Flags of `selvedge agent`').map((text) => /--[a-z-]+/.exec(text)?.[0] ?? text)
    expect(sorted(written)).toEqual(sorted(flags))
    for (const option of agentCommand().options) {
      const [, stated = ''] =
        rows('Flags of `selvedge agent`').find(([first = '']) => first.includes(`${option.long}`)) ?? []
      const value = option.defaultValueDescription ?? option.defaultValue
      if (value !== undefined) expect([option.long, stated.replaceAll('`', '')]).toEqual([option.long, `${value}`])
      for (const choice of option.argChoices ?? []) expect(firsts('Flags of `selvedge agent`').join()).toContain(choice)
    }
  })

  test('readiness reasons', () => {
    expect(sorted(firsts('Readiness'))).toEqual(sorted(READINESS_REASONS))
  })

  test('findings, with their severity', () => {
    expect(sorted(firsts('Findings'))).toEqual(sorted(FINDING_IDS))
    const code = sourceFiles('src/kernel', 'src/agent')
      .map(({ text }) => text)
      .join('\n')
    for (const [id = '', severity = ''] of rows('Findings').map((cells) =>
      cells.map((cell) => cell.replaceAll('`', '')),
    )) {
      const found = [...code.matchAll(new RegExp(`id: '${id}',?\\s+severity: '(\\w+)'`, 'g'))].map(([, word]) => word)
      // The bridge's two come from a table, and have their severity once.
      if (!id.startsWith('bridge-bypass')) expect([id, ...new Set(found)]).toEqual([id, severity])
    }
  })

  test('metrics, with their labels', async () => {
    const families = parseExposition(await createMetrics({ version: '0' }).exposition())
    expect(sorted(firsts('Metrics'))).toEqual(sorted([...families.keys()]))
    const repairs = rows('Metrics').find(([name]) => name === '`selvedge_drift_repairs_total`')?.[2] ?? ''
    for (const drift of DRIFT_CLASSES) expect(repairs).toContain(`\`${drift}\``)
  })

  test('lines of the log that want a human', () => {
    const room = sourceFiles('src/agent', 'src/telemetry', 'src/cli')
      .map(({ text }) => text)
      .join('\n')
    const lines = [...room.matchAll(/\blog\??\.(?:warn|error)\(\s*'([^']+)'/g)].map(([, line]) => line ?? '')
    expect(lines.length).toBeGreaterThan(5)
    const written = firsts('Log')
    for (const line of lines) expect(written).toContain(line)
    for (const line of written.filter((text) => !text.startsWith('a '))) expect(room).toContain(`'${line}'`)
  })

  test('the status of a node with several things wrong', () => {
    const golden = readFileSync(join(PROJECT_ROOT, 'test', 'telemetry', 'golden', 'status-troubled.txt'), 'utf8')
    expect(PAGE).toContain(`\`\`\`text\n${golden}\`\`\``)
  })
})
