import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { pagePattern } from '../support/page-pattern.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'

/** A page of docs whose commands a test types. */
export interface WalkedPage {
  readonly sections: readonly PageSection[]
  /** A command has printed this; it has to be what the page shows. A run that writes the page notes it instead. */
  readonly meets: (step: CommandStep, printed: string) => void
  /** Writes what was noted. */
  readonly save: () => void
}

/** What the page tells one after the other: the policy in force, a command with what it prints, a repair. */
export type PageStep = { readonly kind: 'policy' | 'repair'; readonly yaml: string } | CommandStep

/** `at`: where in the page its output begins. */
export interface CommandStep {
  readonly kind: 'command'
  readonly command: string
  readonly printed: string
  readonly at: number
}

export interface PageSection {
  readonly title: string
  readonly steps: readonly PageStep[]
}

/** `docs/NAME`. `comparable`: the text less what is each run's own, beside ages, counts and the widths that they make. */
export function walkedPage(name: string, comparable: (text: string) => string = (text) => text): WalkedPage {
  const file = join(PROJECT_ROOT, 'docs', name)
  const page = readFileSync(file, 'utf8')
  const noted: { readonly step: CommandStep; readonly printed: string }[] = []
  const isWriting = process.env['UPDATE_GOLDEN'] === '1'
  return {
    sections: pageSections(page),
    meets(step, printed) {
      if (isWriting && !step.printed.includes('…\n')) noted.push({ step, printed })
      else {
        const [is, shown] = [printed, step.printed].map((text) => withoutAges(comparable(text)))
        expect(is, step.command).toMatch(pagePattern(shown ?? ''))
      }
    },
    save() {
      if (!isWriting) return
      const text = noted
        .toSorted((left, right) => right.step.at - left.step.at)
        .reduce((whole, { step: { at, printed: before }, printed }) => {
          return whole.slice(0, at) + printed + whole.slice(at + before.length)
        }, page)
      writeFileSync(file, text)
    },
  }
}

function pageSections(page: string): readonly PageSection[] {
  const heads = [...page.matchAll(/^## (.+)$/gm)]
  return heads.map(({ 1: title = '', index }, position) => ({
    title,
    steps: stepsBetween(page, index, heads[position + 1]?.index ?? page.length),
  }))
}

function stepsBetween(page: string, start: number, end: number): readonly PageStep[] {
  const blocks = [...page.slice(start, end).matchAll(/^```(.+)\n([^]*?)^```$/gm)]
  return blocks.map(({ 1: info = '', 2: body = '', index }): PageStep => {
    if (info === 'yaml policy' || info === 'yaml repair') {
      return { kind: info === 'yaml policy' ? 'policy' : 'repair', yaml: body }
    }
    const [, command = ''] = /^\$ (.+)\n/.exec(body) ?? []
    if (info !== 'console' || command === '') throw new Error(`a block that nothing compares: ${info}`)
    const head = `$ ${command}\n`
    return {
      kind: 'command',
      command,
      printed: body.slice(head.length),
      at: start + index + `\`\`\`${info}\n`.length + head.length,
    }
  })
}

/** Ages and counts are each run's own, and so is how wide they make the columns. */
function withoutAges(printed: string): string {
  return printed
    .split('\n')
    .map((line) => line.replace(/^\d+[smh] +\d+[smh] +[\d,]+ /, 'AGE AGE N ').replaceAll(/ {2,}(?=\S)/g, '  '))
    .map((line) => (/^(AGE|LAST) /.test(line) ? line.replaceAll(/ +/g, ' ') : line))
    .join('\n')
}
