import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { PROJECT_ROOT } from '../support/project-root.ts'

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec?: {
    readonly selector?: Readonly<Record<string, unknown>>
    readonly template?: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } }
  }
}

const EXAMPLES = join(PROJECT_ROOT, 'examples')
const API_VERSIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  Namespace: 'v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  Pod: 'v1',
  Service: 'v1',
}
const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory())

function readFolder(folder: string): readonly { readonly file: string; readonly text: string }[] {
  // Tests of policies lie in a folder below: no cluster takes them.
  const entries = readdirSync(join(EXAMPLES, folder), { withFileTypes: true }).filter((entry) => entry.isFile())
  const files = entries.map(({ name }) => name).sort()
  return files.map((file) => ({ file, text: readFileSync(join(EXAMPLES, folder, file), 'utf8') }))
}

/** The objects in the order in which `kubectl apply -f` reads them: by file name, then as written. */
function readObjects(folder: string): readonly Manifest[] {
  return readFolder(folder).flatMap(({ file, text }) =>
    parseAllDocuments(text, { uniqueKeys: true, strict: true }).map((document) => {
      expect({ file, problems: [...document.errors, ...document.warnings] }).toEqual({ file, problems: [] })
      return document.toJS() as Manifest
    }),
  )
}

const nameOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`

describe.each(folders.map(({ name }) => name))('examples/%s', (folder) => {
  test('holds manifests only, each with a word on what to look at', () => {
    expect(readFolder(folder).filter(({ file, text }) => !file.endsWith('.yaml') || !text.startsWith('# '))).toEqual([])
  })

  test('has objects of known kinds, named once, with a policy among them', () => {
    const objects = readObjects(folder)
    for (const object of objects) expect(object.apiVersion).toBe(API_VERSIONS[object.kind])
    expect(new Set(objects.map(nameOf)).size).toBe(objects.length)
    // What is made to lie beside others has no policies of its own.
    if (folder !== 'dns') expect(objects.map(({ kind }) => kind)).toContain('NetworkPolicy')
  })

  test('declares each namespace before its first use, so that it can be applied as it is', () => {
    const declared = new Set<string>()
    for (const object of readObjects(folder)) {
      if (object.kind === 'Namespace') declared.add(object.metadata.name)
      else
        expect({ object: nameOf(object), declared: declared.has(object.metadata.namespace ?? '') }).toMatchObject({
          declared: true,
        })
    }
  })

  test('has deployments whose selector selects their own pods', () => {
    for (const { kind, spec } of readObjects(folder)) {
      if (kind !== 'Deployment') continue
      expect(spec?.template?.metadata.labels).toMatchObject(spec?.selector?.['matchLabels'] as object)
    }
  })
})

test('no two folders share a namespace, and the README names every folder', () => {
  const namespaces = folders.flatMap(({ name }) =>
    readObjects(name)
      .filter(({ kind }) => kind === 'Namespace')
      .map(nameOf),
  )
  expect(new Set(namespaces).size).toBe(namespaces.length)
  const readme = readFileSync(join(EXAMPLES, 'README.md'), 'utf8')
  expect(folders.filter(({ name }) => !readme.includes(`(${name}/)`))).toEqual([])
})
