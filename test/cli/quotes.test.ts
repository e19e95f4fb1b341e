import { expect, test } from 'vitest'
import { blockKinds, quotedLines, requote } from './quotes.ts'

const NAME = { old: 'a'.repeat(20), now: 'b'.repeat(20), other: 'c'.repeat(20) }
const page = (body: string) => `# Title\n\n\`\`\`nft x\n${body}\`\`\`\n\n\`\`\`yaml\na: 1\n\`\`\`\n`
const printed = [
  'chain c4-' + NAME.now + ' {',
  '  ip saddr @p4-' + NAME.other + ' return',
  '}',
  'chain c4-' + NAME.now + ' {',
  '  ip saddr @p4-' + NAME.now + ' return',
  '}',
  'ct mark & 0x00000001',
].join('\n')

test('what is quoted exactly comes out as it went in, whatever its indentation', () => {
  const exact = page(
    `    chain c4-${NAME.now} {\n      ip saddr @p4-${NAME.now} return\n    }\n  …\nct mark & 0x00000001\n`,
  )
  expect(requote(exact, { 'nft x': printed })).toBe(exact)
})

test('made names and marks are brought up to date, by the formula where it stands', () => {
  const old = page(`chain c4-${NAME.old} {\n  ip saddr @p4-${NAME.now} return\n}\n…\nct mark & 0x00000002\n`)
  const now = page(`chain c4-${NAME.now} {\n  ip saddr @p4-${NAME.now} return\n}\n…\nct mark & 0x00000001\n`)
  expect(requote(old, { 'nft x': printed })).toBe(now)
})

test('a line that is not printed, and lines that are not printed together, are an error', () => {
  for (const body of ['ct mark & 0x1\n', `ip saddr @p4-${NAME.now} accept\n`, '}\nct mark & 0x00000001\n}\n']) {
    expect(() => requote(page(body), { 'nft x': printed })).toThrow('nft x: not printed any more')
  }
})

test('other blocks stay as they are, and are known by their kind', () => {
  expect(requote(page('nothing\n'), {})).toBe(page('nothing\n'))
  expect(blockKinds(page('nothing\n'))).toEqual(new Set(['nft x', 'yaml']))
  expect(quotedLines(page('  a\n…\nb\n'), 'nft x')).toEqual(new Set(['a', '…', 'b', '']))
})
