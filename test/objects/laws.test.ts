import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { decodeObject } from '../../compiler/objects/decode-object.ts'
import { type Diagnostic, formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { createLabelInterner } from '../../compiler/objects/label-set.ts'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { readText } from './read-text.ts'

const numRuns = Number(process.env['FC_RUNS'] ?? 300)

const selector = {
  matchLabels: { app: 'web' },
  matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }],
}
const podSpec = {
  hostNetwork: false,
  nodeName: 'n',
  containers: [{ ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }] }],
}
const template = { metadata: { labels: { app: 'web' } }, spec: podSpec }
const metadata = { name: 'a', namespace: 'b', labels: { app: 'web' }, annotations: { c: 'd' } }

/** Valid objects with every field that is read. */
const VALID: readonly unknown[] = [
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: {
      podSelector: selector,
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [{ podSelector: selector, namespaceSelector: selector }],
          ports: [{ port: 80, endPort: 90, protocol: 'UDP' }],
        },
      ],
      egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ port: 'http' }] }],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      uid: 'u',
      creationTimestamp: '2026-01-02T03:04:05Z',
      deletionTimestamp: '2026-01-02T03:04:05Z',
      ownerReferences: [{ kind: 'Job', name: 'j', controller: true }],
    },
    spec: { ...podSpec, initContainers: [{ restartPolicy: 'Always', ports: [{ name: 'm', containerPort: 1 }] }] },
    status: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] },
  },
  { apiVersion: 'v1', kind: 'Namespace', metadata },
  { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template } },
  { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: { jobTemplate: { spec: { template } } } },
]

const hostile = fc.oneof(
  fc.anything(),
  fc.constantFrom<unknown>(
    null,
    '',
    0,
    -1,
    65536,
    1.5,
    Number.NaN,
    Infinity,
    true,
    [],
    {},
    [null],
    { '': null },
    'a\nb',
    '\u001b[31m',
    '\u202e',
    'é',
  ),
  fc.string({ unit: 'binary' }),
)

/** Replaces, removes or adds one thing somewhere in a copy. */
function mutate(value: unknown, [choice, ...path]: readonly number[], replacement: unknown): unknown {
  if (choice === undefined || typeof value !== 'object' || value === null) return replacement
  if (Array.isArray(value)) {
    const index = choice % (value.length + 1)
    return value.toSpliced(index, index < value.length ? 1 : 0, mutate(value[index], path, replacement))
  }
  const keys = Object.keys(value)
  const key = keys[choice % (keys.length + 1)] ?? `unknown${choice}`
  return { ...value, [key]: mutate((value as Record<string, unknown>)[key], path, replacement) }
}

const path = fc.array(fc.nat({ max: 20 }), { maxLength: 9 })
const mutated = fc
  .tuple(fc.constantFrom(...VALID), fc.array(fc.tuple(path, hostile), { minLength: 1, maxLength: 3 }))
  .map(([valid, changes]) =>
    changes.reduce<unknown>((value, [way, replacement]) => mutate(value, way, replacement), valid),
  )

function decode(value: unknown): { object: ClusterObject | undefined; told: readonly Diagnostic[] } {
  const told: Diagnostic[] = []
  const report = (diagnostic: Diagnostic) => void told.push(diagnostic)
  const object = decodeObject(value, { internLabels: createLabelInterner(), report, place: () => undefined })
  return { object, told }
}

/** For JSON of objects with labels and addresses in them; a place belongs to the text, not to the object. */
function plain(key: string, value: unknown): unknown {
  if (key === 'place') return undefined
  if (value instanceof Map) return [...value]
  return typeof value === 'bigint' ? String(value) : value
}

/** Every text in a plain value. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

describe('decoding', () => {
  test('takes the valid objects as they are', () => {
    for (const value of VALID) {
      const { object, told } = decode(value)
      expect(told).toEqual([])
      expect(object).toBeDefined()
    }
  })

  test('never throws on anything', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true, withMap: true }),
        (value) => {
          expect(decode(value).object).toBeUndefined()
        },
      ),
      { numRuns },
    )
  })

  test('never throws on a valid object with something wrong, tells of it in printable lines, and lets nothing hostile through', () => {
    fc.assert(
      fc.property(mutated, (value) => {
        const { object, told } = decode(value)
        for (const diagnostic of told) expect(formatDiagnostic(diagnostic)).toMatch(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u)
        if (object === undefined) expect(told).not.toEqual([])
        const texts = textsOf(JSON.parse(JSON.stringify(object ?? {}, plain)))
        // The key of a LabelSet separates with what no label can hold.
        const parts = texts.flatMap((text) => text.split('\0')).flatMap((text) => text.split('\x01'))
        for (const text of parts) expect(text).toMatch(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u)
      }),
      { numRuns },
    )
  })

  test('gives the same objects and problems for JSON and for YAML', () => {
    const place = /^f:\d+:\d+: /
    const strip = ({ diagnostics, objects }: ReturnType<typeof readText>) => ({
      lines: diagnostics.map((diagnostic) => formatDiagnostic(diagnostic).replace(place, '')).sort(),
      objects: JSON.stringify(objects, plain),
    })
    const json = fc
      .tuple(fc.constantFrom(...VALID), path, fc.jsonValue())
      .map(([valid, way, value]) => mutate(valid, way, value))
    fc.assert(
      fc.property(json, (value) => {
        // Quoted, because YAML 1.1 reads more bare words as something else than the writer knows of.
        const yaml = stringify(value, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE' })
        const left = strip(readText(JSON.stringify(value)))
        expect(strip(readText(yaml))).toEqual(left)
        expect(strip(readText(JSON.stringify(value, null, 2)))).toEqual(left)
      }),
      { numRuns },
    )
  })

  test('never throws on any text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '---\n',
        '\n',
        '  ',
        '- ',
        'kind: Pod\n',
        ': ',
        '&a ',
        '*a ',
        '<<',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '|',
        '>',
        '%',
        '#',
        '\t',
        '!!',
        '? ',
        ',',
      ),
      fc.string({ maxLength: 5 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        for (const diagnostic of readText(pieces.join('')).diagnostics) {
          expect(formatDiagnostic(diagnostic)).toMatch(/^f:\d+:\d+: [\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u)
        }
      }),
      { numRuns: numRuns * 10 },
    )
  })
})
