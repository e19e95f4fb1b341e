import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts'))
const judging = files.filter((file) => !file.endsWith('.test.ts') && file !== 'verdict-table.ts')

/** Every specifier of an import, an export from, or an import() in the source. */
function importsOf(source: string): readonly string[] {
  return [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, specifier = '']) => specifier)
}

test('the import reader sees every form', () => {
  const forms = ["import { a } from './a.ts'", "import './b.ts'", "export * from './c.ts'", "await import('./d.ts')"]
  expect(importsOf(forms.join('\n'))).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts'])
})

test.each(judging)('%s imports nothing but its own folder', (file) => {
  const outside = importsOf(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')).filter((specifier) => {
    return !/^\.\/[a-z-]+\.ts$/.test(specifier)
  })
  expect(outside).toEqual([])
})

test.each(files)('%s does not reach the compiler', (file) => {
  const reached = importsOf(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')).filter((specifier) => {
    return /(^|\/)(compiler|src)\//.test(specifier)
  })
  expect(reached).toEqual([])
})
