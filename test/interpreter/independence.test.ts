import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const FOLDER = import.meta.dirname
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts'))
const interpreting = files.filter((file) => !/\.test\.ts$|^(describe-kernel|kernel-.*)\.ts$/.test(file))

function importsOf(file: string): readonly string[] {
  const source = readFileSync(`${FOLDER}/${file}`, 'utf8')
  return [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, specifier = '']) => specifier)
}

test.each(files)('%s does not reach what it judges', (file) => {
  expect(importsOf(file).filter((specifier) => /(^|\/)(compiler|src)\//.test(specifier))).toEqual([])
})

test.each(interpreting)('%s imports nothing but its own folder and Node', (file) => {
  expect(importsOf(file).filter((specifier) => !/^(\.\/[a-z0-9-]+\.ts|node:(net|buffer))$/.test(specifier))).toEqual([])
})
