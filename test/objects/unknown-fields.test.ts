import { describe, expect, test } from 'vitest'
import { editDistance, nearestWord } from '../../compiler/objects/did-you-mean.ts'
import { linesOf, policyOf, policyText, specProblems } from './read-text.ts'

describe('an unknown field is an error wherever it stands', () => {
  test.each([
    ['{ingres: []}', 'unknown field "spec.ingres"; did you mean "ingress"?'],
    ['{podselector: {}}', 'unknown field "spec.podselector"; did you mean "podSelector"?'],
    ['{policyType: []}', 'unknown field "spec.policyType"; did you mean "policyTypes"?'],
    [
      '{matchLabels: {}}',
      'unknown field "spec.matchLabels"; "matchLabels" belongs in podSelector or namespaceSelector',
    ],
    ['{from: []}', 'unknown field "spec.from"; "from" belongs in an item of spec.ingress'],
    ['{name: a}', 'unknown field "spec.name"; "name" belongs in metadata'],
    ['{rules: []}', 'unknown field "spec.rules"; known fields: podSelector, policyTypes, ingress, egress'],
    ['{ingress: [{to: []}]}', 'unknown field "spec.ingress[0].to"; "to" belongs in an item of spec.egress'],
    ['{egress: [{port: 80}]}', 'unknown field "spec.egress[0].port"; did you mean "ports"?'],
    [
      '{egress: [{podSelector: {}}]}',
      'unknown field "spec.egress[0].podSelector"; "podSelector" belongs in spec, or an item of from or to',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 1.0.0.0/8}, cidr: x}]}]}',
      'unknown field "spec.egress[0].to[0].cidr"; "cidr" belongs in ipBlock',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 1.0.0.0/8, exept: []}}]}]}',
      'unknown field "spec.egress[0].to[0].ipBlock.exept"; did you mean "except"?',
    ],
    ['{egress: [{ports: [{prot: TCP}]}]}', 'unknown field "spec.egress[0].ports[0].prot"; did you mean "port"?'],
    ['{podSelector: {app: web}}', 'unknown field "spec.podSelector.app"; known fields: matchLabels, matchExpressions'],
    [
      '{podSelector: {matchExpressions: [{key: a, operator: Exists, value: b}]}}',
      'unknown field "spec.podSelector.matchExpressions[0].value"; did you mean "values"?',
    ],
    ['{"a\\nb": 1}', 'unknown field "spec[a\\u{a}b]"; known fields: podSelector, policyTypes, ingress, egress'],
    ['{__proto__: 1}', 'unknown field "spec.__proto__"; known fields: podSelector, policyTypes, ingress, egress'],
  ])('%s', (spec, line) => {
    expect(specProblems(spec)).toEqual([line])
    // Within a rule it may narrow what the rest allows, so its direction closes; above it could only select fewer pods.
    const closes = line.includes('spec.ingress[') || line.includes('spec.egress[')
    const direction = line.includes('spec.egress[') ? 'egress' : 'ingress'
    expect(policyOf(spec)).toMatchObject({ [direction]: { kind: closes ? 'closed' : 'rules' } })
  })

  test('at the top, with the place of its name', () => {
    const text = policyText('{}').replace('spec:', 'sepc:')
    expect(linesOf(text)).toEqual(['f:4:1: unknown field "sepc"; did you mean "spec"?'])
    expect(linesOf(`${policyText('{}')}ingress: [{}]\n`)).toEqual([
      'f:5:1: unknown field "ingress"; "ingress" belongs in spec',
    ])
  })
})

describe('the nearest word', () => {
  test.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['prots', 'ports', 1],
    ['ca', 'abc', 3],
  ])('distance of "%s" and "%s" is %i', (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance)
    expect(editDistance(right, left)).toBe(distance)
  })

  test.each([
    ['x', ['to', 'a'], undefined],
    ['INGRESS', ['egress', 'ingress'], 'ingress'],
    ['a'.repeat(1_000_000), ['ingress'], undefined],
  ])('%.10s', (word, candidates, expected) => {
    expect(nearestWord(word, candidates)).toBe(expected)
  })
})
