import { describe, expect, test } from 'vitest'
import { readDocuments } from '../../compiler/objects/read-documents.ts'

/** What kubectl 1.32 makes of a bare word (`kubectl label --local -o json`). */
const KUBECTL: readonly (readonly [string, unknown])[] = [
  ['y', true],
  ['n', false],
  ['yes', true],
  ['on', true],
  ['Off', false],
  ['NO', false],
  ['TRUE', true],
  ['tRUE', 'tRUE'],
  ['~', null],
  ['NULL', null],
  ['010', 8],
  ['0o10', 8],
  ['0x10', 16],
  ['0b11', 3],
  ['-0b1', -1],
  ['+5', 5],
  ['1_000', 1000],
  ['0777_', 511],
  ['08', 8],
  ['0080', 80],
  ['0_8', 8],
  ['0x', '0x'],
  ['1e3', 1000],
  ['012e3', 12000],
  ['.5', 0.5],
  ['1.', 1],
  ['1_0.5', 10.5],
  ['._5', '._5'],
  ['12e3456', '12e3456'],
  ['1:30', '1:30'],
  ['2001-01-01', '2001-01-01'],
  ['!!str 5', '5'],
  ['"yes"', 'yes'],
  ["'010'", '010'],
]

describe('a bare word means what kubectl makes of it', () => {
  test.each(KUBECTL)('%s', (word, expected) => {
    const { documents, diagnostics } = readDocuments('f', `a: ${word}\n`)
    expect(diagnostics).toEqual([])
    expect(documents[0]?.value).toEqual({ a: expected })
  })

  test('keys are strings', () => {
    expect(readDocuments('f', 'yes: 1\n5: 2\n').documents[0]?.value).toEqual({ yes: 1, 5: 2 })
  })
})
