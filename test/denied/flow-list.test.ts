import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flowListJson } from '../../compiler/flows/flow-list-json.ts'
import { readFlowList } from '../../compiler/flows/read-flow-list.ts'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { flowLists } from '../arbitraries/flow-lists.ts'
import { type Schema, schemaProblems } from '../support/json-schema.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'

const SCHEMA = JSON.parse(readFileSync(join(PROJECT_ROOT, 'docs', 'flows.schema.json'), 'utf8')) as Schema

const read = (text: string) => readFlowList({ file: 'f', text })

test('law: what is written is read back as it was, and keeps to the schema', () => {
  fc.assert(
    fc.property(flowLists(), fc.boolean(), (value, indented) => {
      const { list, diagnostics } = read(JSON.stringify(value, undefined, indented ? 2 : 0))
      expect(diagnostics).toEqual([])
      const written: unknown = list === undefined ? undefined : flowListJson(list)
      expect(written).toEqual(value)
      expect(schemaProblems(SCHEMA, written)).toEqual([])
    }),
  )
})

const END = '{kind: outside, address: 203.0.113.9}'
const FLOW = `source: ${END}, destination: ${END}, protocol: TCP, port: 80, count: 1, verdict: denied`
const SEEN = 'firstSeen: "2026-01-01T00:00:00Z", lastSeen: "2026-01-01T00:00:00Z"'
const HEAD =
  'apiVersion: selvedge.io/v1alpha1\nkind: FlowList\nwindow: {from: "2026-01-01T00:00:00Z", to: "2026-01-01T01:00:00Z"}\n'

function problems(text: string): readonly string[] {
  const { list, diagnostics } = read(text)
  expect(list === undefined).toBe(diagnostics.length > 0)
  return diagnostics.map(formatDiagnostic)
}

test('what people write by hand is read too', () => {
  expect(problems(`${HEAD}flows: [{${FLOW}, ${SEEN}}]\n`)).toEqual([])
})

describe('bad input is told with its place', () => {
  test.each([
    [
      `{${FLOW.replace('count', 'cuont')}, ${SEEN}}`,
      ['f:4:134: unknown field "flows[0].cuont"; did you mean "count"?', 'f:4:9: flows[0].count: Required value'],
    ],
    [
      `{${FLOW.replace('denied', 'denyed')}, ${SEEN}}`,
      [
        'f:4:153: flows[0].verdict: Unsupported value: "denyed": supported values: "allowed", "denied"; did you mean "denied"?',
      ],
    ],
    [
      `{${FLOW.replace('203.0.113.9}, dest', '203.0.113.999}, dest')}, ${SEEN}}`,
      ['f:4:43: flows[0].source.address: Invalid value: "203.0.113.999": must be an IP address'],
    ],
    [
      `{${FLOW.replace('80', '70000')}, ${SEEN}}`,
      ['f:4:130: flows[0].port: Invalid value: 70000: must be a number from 0 to 65535'],
    ],
    [
      `{${FLOW}, ${SEEN.replace('00:00Z"', '00:00+01:00"')}}`,
      [
        'f:4:172: flows[0].firstSeen: Invalid value: "2026-01-01T00:00:00+01:00": must be a time in UTC; such as "2026-01-31T12:00:00Z"',
      ],
    ],
    [`{${FLOW.replace('TCP, port: 80', 'ICMP')}, ${SEEN}}`, ['f:4:9: flows[0].icmp: Required value']],
    ['7', ['f:4:9: flows[0]: Invalid value: 7: must be a mapping']],
  ])('%s', (item, expected) => {
    expect(problems(`${HEAD}flows: [${item}]\n`)).toEqual(expected)
  })

  test.each([
    ['', ['f:1:1: the file of flows is empty']],
    [
      'kind: Pod\napiVersion: v1\n',
      ['f:1:7: the file of flows is of kind "Pod"; must have apiVersion: selvedge.io/v1alpha1 and kind: FlowList'],
    ],
    [
      'kind: FlowLists\napiVersion: v1\n',
      ['f:1:7: the file of flows is of kind "FlowLists"; did you mean "FlowList"?'],
    ],
    [
      'kind: FlowList\napiVersion: selvedge.io/v1\n',
      ['f:2:13: the file of flows has the version "selvedge.io/v1"; use "selvedge.io/v1alpha1"'],
    ],
    [
      'password: hunter2\n',
      [
        'f:1:1: the file of flows must have apiVersion: selvedge.io/v1alpha1 and kind: FlowList; such a file is what "selvedge flows -o json" prints',
      ],
    ],
    [HEAD, ['f:1:1: flows: Required value']],
    [`${HEAD}---\n${HEAD}`, ['f:5:1: the file of flows may hold one document only']],
    [
      `${HEAD.replace('T00:', 'T02:')}flows: []`,
      ['f:3:44: window.to: Invalid value: "2026-01-01T01:00:00Z": must be no earlier than "from"'],
    ],
    ['{"kind": "FlowList"', ['f:1:20: not valid YAML']],
  ])('%j', (text, expected) => {
    const found = problems(text)
    expect(found).toHaveLength(expected.length)
    for (const [index, each] of expected.entries()) expect(found[index]).toContain(each)
  })

  test('no more than a page of it', () => {
    expect(problems(`${HEAD}flows: [${Array(1000).fill('7').join()}]\n`)).toHaveLength(20)
  })

  test('law: no text makes it throw', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', ':', ',', '"', 'kind: FlowList', '\n', HEAD, 'flows: ', '\u001b')
    fc.assert(
      fc.property(
        fc.array(pieces).map((some) => some.join('')),
        (text) => {
          for (const each of problems(text)) expect(each).not.toContain('\u001b')
        },
      ),
    )
  })
})

test('given as manifests it is told to be none', () => {
  const { objects, diagnostics } = readObjects([{ file: 'f', text: HEAD }], { defaultNamespace: 'default' })
  expect(objects).toEqual([])
  expect(diagnostics.map(({ problem }) => problem).join()).toContain('FlowList')
})
