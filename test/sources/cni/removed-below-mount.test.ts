import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { mustRun } from '../../../src/lab/run-command.ts'
import { PROJECT_ROOT } from '../../support/project-root.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { cacheText } from './cni-node.ts'

const SOURCE = pathToFileURL(join(PROJECT_ROOT, 'src', 'sources', 'cni', 'create-cni-source.ts')).href

/** In a mount namespace of its own: the folder of the node is bound to where the container has it; then the program runs. */
const BOUND = 'mount --bind "$1/node" "$1/container"; exec "$2" --input-type=module --eval "$3" "$1"'

interface Told {
  /** Kinds of changes that were told. */
  readonly types: readonly string[]
  readonly holds: readonly string[]
  readonly caches: readonly { readonly kind: string; readonly reason?: string }[]
  readonly losses: readonly string[]
}

/** What a source tells that sees the folder by a mount, or one in it; what is mounted is removed on the node before it starts, or after. */
async function toldOf(removed: 'before' | 'after', below = ''): Promise<Told> {
  const folder = temporaryFolder()
  for (const name of ['node', 'container']) mkdirSync(join(folder, name, below), { recursive: true })
  const text = cacheText({ id: 'a', addresses: ['10.244.1.5'], netns: undefined })
  writeFileSync(join(folder, 'node', below, 'cbr0-a-eth0'), text)
  const program = `
    import { rmSync } from 'node:fs'
    import { createCniSource } from ${JSON.stringify(SOURCE)}
    const folder = process.argv[1]
    const told = { types: [], holds: [], caches: [], losses: [] }
    const remove = () => rmSync(folder + '/node', { recursive: true })
    if (${removed === 'before'}) remove()
    const end = () => { source.stop(); console.log(JSON.stringify(told)) }
    const source = createCniSource({
      mode: 'auto',
      blocks: [{ family: 'IPv4', first: 0x0af40100n, prefix: 24 }],
      excepts: [],
      cacheFolder: folder + '/container/${below}',
      places: { netns: folder + '/none', networks: folder + '/none', proc: folder + '/none' },
      isRunning: () => false,
    })
    source.start({
      changes: (changes) => {
        told.types.push(...changes.map(({ type }) => type))
        told.holds.push(...changes.flatMap((one) => (one.type === 'hold' ? [one.subnets.kind] : [])))
      },
      state: ({ cache }) => told.caches.push(cache),
      lost: (reason) => { told.losses.push(reason); setTimeout(end, 200) },
    })
    if (${removed === 'after'}) remove()
    else end()`
  return JSON.parse(
    await mustRun(['unshare', '--mount', 'sh', '-ec', BOUND, 'sh', folder, process.execPath, program]),
  ) as Told
}

test('a folder that is removed below a mount is lost: it looks empty, and no sandbox leaves', async () => {
  const told = await toldOf('after')
  expect(told.types).toEqual(['hold', 'put'])
  expect(told.caches).toEqual([{ kind: 'readable', isWatched: true }])
  expect(told.losses).toEqual([expect.stringContaining('it was removed on the node')])
})

test('so is the one in it, as the manifests mount it', async () => {
  const told = await toldOf('after', 'results')
  expect(told.types).toEqual(['hold', 'put'])
  expect(told.losses).toHaveLength(1)
})

test('one that was removed before is no empty one: under auto nothing is held by it', async () => {
  const told = await toldOf('before')
  expect(told.holds).not.toContain('on')
  expect(told.caches).toMatchObject([{ kind: 'unreadable', reason: expect.stringContaining('removed on the node') }])
  expect(told.losses).toEqual([])
})
