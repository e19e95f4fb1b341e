import { expect, test } from 'vitest'
import { pagePattern } from './page-pattern.ts'

test('a page shows an output where every line is there, and … stands for any whole lines', () => {
  expect('a.b\n').toMatch(pagePattern('a.b\n'))
  expect('a-b\n').not.toMatch(pagePattern('a.b\n'))
  expect('one\n1\n2\nlast\n').toMatch(pagePattern('one\n…\nlast\n'))
  expect('one\nlast\n').toMatch(pagePattern('one\n…\nlast\n'))
  expect('one\n1\nthe last\n').not.toMatch(pagePattern('one\n…\nlast\n'))
  expect('one\nlast\nmore\n').not.toMatch(pagePattern('one\n…\nlast\n'))
  expect('one\nand\nmore').toMatch(pagePattern('one\n…'))
})
