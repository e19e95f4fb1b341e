import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listManifests } from '../../../src/sources/files/list-manifests.ts'
import { LARGEST_FILE, readManifest } from '../../../src/sources/files/read-manifest.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

async function listOne(folder: string) {
  const [file] = (await listManifests([folder], () => undefined)).files.values()
  if (file === undefined) throw new Error('no file was listed')
  return file
}

test('a file that is another than the one looked at is not read', async () => {
  const folder = temporaryFolder({ 'a.yaml': 'a: b' })
  const file = await listOne(folder)
  expect(readManifest(file)).toEqual({ kind: 'text', text: 'a: b' })
  writeFileSync(join(folder, 'a.yaml'), 'a: c, longer')
  expect(readManifest(file)).toEqual({ kind: 'changed' })
})

test('neither is one that no string would hold', async () => {
  const file = await listOne(temporaryFolder({ 'a.yaml': 'a: b' }))
  const read = readManifest({ ...file, bytes: BigInt(LARGEST_FILE) + 1n })
  expect(read).toMatchObject({ kind: 'failed', code: 'too-large', forGood: true })
})

test('UTF-16 with its mark is read, and what is neither is told for good', async () => {
  const folder = temporaryFolder({ 'a.yaml': '' })
  writeFileSync(join(folder, 'a.yaml'), Buffer.from('\ufeffa: ä', 'utf16le'))
  expect(readManifest(await listOne(folder))).toEqual({ kind: 'text', text: 'a: ä' })
  writeFileSync(join(folder, 'a.yaml'), Buffer.from([0x61, 0xff, 0x62]))
  expect(readManifest(await listOne(folder))).toMatchObject({ kind: 'failed', code: 'not-text', forGood: true })
})
