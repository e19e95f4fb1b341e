import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkHostNft } from '../../src/kernel/check-host-nft.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const KERNEL = '5.10.0'

/** A root with an nft that says this of itself, beside text that is like a version. */
function root(place: string, version: string): string {
  const program = `\x7fELF\0/lib64/ld-linux-x86-64.so.2\0GLIBC_2.2.5\0libnftables.so.1\0nftables\0${version}\0E.D.S.\0%s v%s (%s)\n\0`
  return temporaryFolder({ [place]: program })
}

test('an nft of the node that crashes on our table is named, wherever it is seen', async () => {
  for (const place of ['usr/sbin/nft', 'sbin/nft', 'usr/bin/nft']) {
    const found = await checkHostNft({ hostFolders: ['/nowhere', root(place, '0.9.8')], kernelRelease: KERNEL })
    expect(found.map(({ id }) => id)).toEqual(['host-nft-crashes'])
    expect(found[0]?.problem).toContain("the node's own nft 0.9.8")
  }
})

test.each([
  ['newer ones are fine', () => root('usr/sbin/nft', '1.0.2')],
  ['the node has none', () => temporaryFolder({ 'etc/os-release': 'ID=talos' })],
  ['the node cannot be seen', () => '/nowhere'],
  ['its root is ours', () => '/'],
  ['what is there is no nft', () => temporaryFolder({ 'usr/sbin/nft': '#!/bin/sh\necho v0.9.8\n' })],
])('%s: nothing is said', async (_, folder) => {
  expect(await checkHostNft({ hostFolders: [folder()], kernelRelease: KERNEL })).toEqual([])
})

test("a real nft's version stands in it so", async () => {
  const program = execFileSync('sh', ['-c', 'command -v nft']).toString().trim()
  const version = /v([\d.]+)/.exec(execFileSync(program, ['--version']).toString())?.[1] ?? ''
  expect(readFileSync(program, 'latin1')).toContain(`\0${version}\0`)
})
