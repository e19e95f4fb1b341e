import { expect, test } from 'vitest'
import { reachCsv } from '../../src/views/reach-csv.ts'

test.each([
  ['=1+1', "'=1+1"],
  ['+cmd', "'+cmd"],
  ['-cmd', "'-cmd"],
  ['@sum', "'@sum"],
])('a field that begins as a formula, %s, is text', (from, field) => {
  const [, row] = reachCsv([{ from, to: 'shop/db', ports: 'TCP 80', why: [] }]).split('\r\n')
  expect(row).toBe(`"${field}",shop/db,TCP 80,`)
})

test('quotes, commas and line ends stay inside of their field', () => {
  const why = [{ reference: undefined, name: 'shop/db ingress[0]', place: 'a"b,\n=c.yaml:3' }]
  const text = reachCsv([{ from: 'a/b', to: 'c/d', ports: 'TCP 80, 81', why }])
  expect(text).toBe('from,to,ports,because\r\na/b,c/d,"TCP 80, 81","shop/db ingress[0] (a""b,\n=c.yaml:3)"\r\n')
})
