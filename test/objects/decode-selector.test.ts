import { describe, expect, test } from 'vitest'
import { policyOf, specProblems } from './read-text.ts'

const specOf = (selector: string) => `{podSelector: ${selector}}`
const AT = 'spec.podSelector'
const LONG = 'x'.repeat(64)
const VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
  'and must start and end with an alphanumeric character'
const NAME =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

describe('selectors in normal form', () => {
  test.each([
    ['null', ''],
    ['{}', ''],
    ['{matchLabels: null, matchExpressions: null}', ''],
    ['{matchLabels: {b: "2", a: "1"}}', 'a=1, b=2'],
    ['{matchExpressions: [{key: a, operator: In, values: ["1"]}], matchLabels: {a: "1"}}', 'a=1'],
    ['{matchExpressions: [{key: a, operator: NotIn, values: [z, x, z]}]}', 'a notin (x,z)'],
    ['{matchExpressions: [{key: a, operator: Exists, values: []}, {key: b, operator: DoesNotExist}]}', '!b, a'],
    ['{matchLabels: {example.com/app.tier_1: ""}}', 'example.com/app.tier_1='],
    [`{matchLabels: {${'k'.repeat(63)}: ${'v'.repeat(63)}}}`, `${'k'.repeat(63)}=${'v'.repeat(63)}`],
  ])('%s', (selector, key) => {
    expect(specProblems(specOf(selector))).toEqual([])
    expect(policyOf(specOf(selector))?.podSelector.key).toBe(key)
  })

  test('a null value is the empty value, with a warning', () => {
    expect(specProblems(specOf('{matchLabels: {app: }}'))).toEqual([
      'warning: spec.podSelector.matchLabels.app: null is read as the empty value; write "" if that is meant',
    ])
    expect(policyOf(specOf('{matchLabels: {app: }}'))?.podSelector.key).toBe('app=')
  })
})

describe('selectors that the API server refuses', () => {
  const boolean = 'must be a string; put it in quotes (bare true, false, yes, no, on, off, y and n are booleans)'
  test.each([
    ['{matchLabels: {a: true}}', [`${AT}.matchLabels.a: Invalid value: true: ${boolean}`]],
    ['{matchLabels: {a: on}}', [`${AT}.matchLabels.a: Invalid value: true: ${boolean}`]],
    ['{matchLabels: {x/a: 1}}', [`${AT}.matchLabels[x/a]: Invalid value: 1: must be a string; put it in quotes: "1"`]],
    ['{matchLabels: {a: b c}}', [`${AT}.matchLabels.a: Invalid value: "b c": ${VALUE}`]],
    ['{matchLabels: {a: "b\\n"}}', [`${AT}.matchLabels.a: Invalid value: "b\\u{a}": ${VALUE}`]],
    [`{matchLabels: {a: ${LONG}}}`, [`${AT}.matchLabels.a: Invalid value: "${LONG}": must be no more than 63 bytes`]],
    ['{matchLabels: {a b: c}}', [`${AT}.matchLabels: Invalid value: "a b": name part ${NAME}`]],
    ['{matchLabels: {"": c}}', [`${AT}.matchLabels: Invalid value: "": name part must be non-empty`]],
    ['{matchLabels: {/a: c}}', [`${AT}.matchLabels: Invalid value: "/a": prefix part must be non-empty`]],
    [
      '{matchLabels: {a/b/c: d}}',
      [
        `${AT}.matchLabels: Invalid value: "a/b/c": a valid label key ${NAME} with an optional DNS subdomain prefix and '/'`,
      ],
    ],
    [
      `{matchLabels: {${LONG}: a}}`,
      [`${AT}.matchLabels: Invalid value: "${LONG}": name part must be no more than 63 bytes`],
    ],
    [
      '{matchExpressions: [{key: a, operator: in, values: [b]}]}',
      [`${AT}.matchExpressions[0].operator: Invalid value: "in": not a valid selector operator; did you mean "In"?`],
    ],
    [
      '{matchExpressions: [{key: a, operator: Equals, values: [b]}]}',
      [
        `${AT}.matchExpressions[0].operator: Invalid value: "Equals": not a valid selector operator; ` +
          'one of In, NotIn, Exists, DoesNotExist',
      ],
    ],
    [
      '{matchExpressions: [{key: a, operator: In}]}',
      [`${AT}.matchExpressions[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`],
    ],
    [
      '{matchExpressions: [{key: a, operator: Exists, values: [b]}]}',
      [
        `${AT}.matchExpressions[0].values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'; ` +
          'leave values out, or use In or NotIn',
      ],
    ],
    [
      '{matchExpressions: [null]}',
      [
        `${AT}.matchExpressions[0].operator: Invalid value: "": not a valid selector operator; one of In, NotIn, Exists, DoesNotExist`,
        `${AT}.matchExpressions[0].key: Invalid value: "": name part must be non-empty`,
      ],
    ],
    [
      '{matchExpressions: [{key: 1, operator: In, values: [a b, 2]}]}',
      [
        `${AT}.matchExpressions[0].key: Invalid value: 1: must be a string; put it in quotes: "1"`,
        `${AT}.matchExpressions[0].values[0]: Invalid value: "a b": ${VALUE}`,
        `${AT}.matchExpressions[0].values[1]: Invalid value: 2: must be a string; put it in quotes: "2"`,
      ],
    ],
    ['[]', [`${AT}: Invalid value: [...]: must be a mapping; write it without the leading "- "`]],
    ['app=web', [`${AT}: Invalid value: "app=web": must be a mapping`]],
    [
      '{matchExpressions: {key: a}}',
      [`${AT}.matchExpressions: Invalid value: {...}: must be a list; start each item with "- "`],
    ],
  ])('%s', (selector, lines) => {
    expect(specProblems(specOf(selector))).toEqual(lines)
    const policy = policyOf(specOf(selector))
    expect(policy, 'nobody knows whom it selects').toMatchObject({
      podSelector: { key: '' },
      ingress: { kind: 'closed' },
    })
    expect(policy?.unreadable).toBe(lines[0]?.split('; ')[0])
    const peer = `{ingress: [{from: [{podSelector: ${selector}}]}]}`
    expect(policyOf(peer)?.ingress?.kind, 'as a peer it closes the direction').toBe('closed')
  })
})
