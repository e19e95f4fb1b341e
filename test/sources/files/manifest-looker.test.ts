import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder, writeFileAt } from '../../support/temporary-folder.ts'
import { createManifestLooker } from '../../../src/sources/files/manifest-looker.ts'
import { follow, POD_CIDR } from './follower.ts'
import { documents, namespace, pod, policy, workload } from './manifests.ts'

const A = 'NetworkPolicy shop/a'
const B = 'NetworkPolicy shop/b'
const C = 'NetworkPolicy shop/c'

describe('what is read', () => {
  test('manifests of folders and their subfolders, none that are hidden or that editors leave', async () => {
    const text = policy('x')
    const folder = temporaryFolder({
      'a.yaml': policy('a'),
      'deep/er/b.yml': policy('b'),
      'c.json': '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "c"}}',
      '.hidden.yaml': text,
      '.git/x.yaml': text,
      '.#a.yaml': text,
      '#a.yaml#': text,
      '~a.yaml': text,
      'a.yaml~': text,
      'a.yaml.swp': text,
      '.a.yaml.swp': text,
      'notes.txt': text,
    })
    symlinkSync('notes.txt', join(folder, 'notes'))
    symlinkSync('../notes.txt', join(folder, 'deep/d.yaml'))
    const follower = follow([folder])
    await follower.settle()
    expect(follower.names()).toEqual(['Namespace c', A, B, 'NetworkPolicy shop/x'])
    expect(follower.lines()).toEqual([])
  })

  test('a file that is named itself, whatever its name is; once, however often it is named', async () => {
    const folder = temporaryFolder({ 'rules.txt': policy('a'), 'b.yaml': policy('b') })
    const follower = follow([join(folder, 'rules.txt'), folder, join(folder, 'deeper/../b.yaml')])
    await follower.settle()
    expect(follower.names()).toEqual([A, B])
    expect(follower.lines()).toEqual([])
    expect([join(folder, 'rules.txt'), folder].map(follower.objectsOf)).toEqual([1, 1])
  })

  test('the first look tells nothing: nobody knows yet who is writing; the second tells all, and is complete', async () => {
    const follower = follow([temporaryFolder({ 'a.yaml': policy('a') })])
    const first = await follower.look()
    expect([first.changes, first.settled, first.complete]).toEqual([[], false, false])
    const second = await follower.look()
    expect([second.changes.length, second.settled, second.complete]).toEqual([1, true, true])
  })

  test('a look at what stands tells nothing, and neither does a touched file or a line more', async () => {
    const folder = temporaryFolder({
      'a.yaml': documents(policy('a'), pod('p', '10.244.0.9'), workload('DaemonSet', 'b')),
    })
    const follower = follow([folder])
    await follower.settle()
    const before = follower.objects.get(A)
    expect(await follower.settle()).toEqual([])
    utimesSync(join(folder, 'a.yaml'), 1, 1)
    expect(await follower.settle()).toEqual([])
    const longer = `# a line more\n${documents(policy('a'), pod('p', '10.244.0.9'), workload('DaemonSet', 'b'))}`
    writeFileSync(join(folder, 'a.yaml'), longer)
    expect(await follower.settle()).toEqual([])
    expect(follower.objects.get(A)).toBe(before)
  })

  test('an edit tells what it changes and no more', async () => {
    const folder = temporaryFolder({ 'a.yaml': documents(policy('a'), policy('b'), namespace('shop')) })
    const follower = follow([folder])
    await follower.settle()
    writeFileSync(join(folder, 'a.yaml'), documents(policy('b', '{podSelector: {}, egress: [{}]}'), namespace('shop')))
    const changes = await follower.settle()
    expect(changes).toMatchObject([
      { type: 'remove', kind: 'NetworkPolicy', namespace: 'shop', name: 'a' },
      { type: 'put', object: { name: 'b' } },
    ])
    writeFileSync(join(folder, 'a.yaml'), documents(policy('b', '{podSelector: {}, egress: [{}]}')))
    expect(await follower.settle()).toEqual([{ type: 'remove', kind: 'Namespace', namespace: '', name: 'shop' }])
  })
})

describe('files on the move', () => {
  test('a file that is truncated and written anew never loses its objects', async () => {
    const folder = temporaryFolder({ 'a.yaml': documents(policy('a'), policy('b')) })
    const follower = follow([folder])
    await follower.settle()
    writeFileSync(join(folder, 'a.yaml'), '')
    for (let looks = 0; looks < 5; looks += 1) expect((await follower.look()).changes).toEqual([])
    expect(follower.codes()).toEqual(['empty-file'])
    for (const part of [policy('a'), '---\n', policy('b')]) {
      appendFileSync(join(folder, 'a.yaml'), part)
      expect((await follower.look()).changes).toEqual([])
    }
    expect(await follower.settle()).toEqual([])
    expect(follower.names()).toEqual([A, B])
    expect(follower.lines()).toEqual([])
  })

  test('a file that is replaced by another is read, though the other is older and of the same length', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a'), 'next.txt': policy('b') })
    utimesSync(join(folder, 'next.txt'), 1, 1)
    const follower = follow([folder])
    await follower.settle()
    renameSync(join(folder, 'next.txt'), join(folder, 'a.yaml'))
    await follower.settle()
    expect(follower.names()).toEqual([B])
  })

  test('a file that gets another name takes its objects along: nobody is told anything', async () => {
    const folder = temporaryFolder({ 'z.yaml': policy('a') })
    const follower = follow([folder])
    await follower.settle()
    renameSync(join(folder, 'z.yaml'), join(folder, 'y.yaml'))
    expect(await follower.settle()).toEqual([])
    renameSync(join(folder, 'y.yaml'), join(folder, 'zz.yaml'))
    expect(await follower.settle()).toEqual([])
    expect(follower.names()).toEqual([A])
  })

  test('a file that is away for one look only was never gone', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a'), 'b.yaml': policy('b') })
    const follower = follow([folder])
    await follower.settle()
    renameSync(join(folder, 'a.yaml'), join(folder, 'a.yaml~'))
    expect((await follower.look()).changes).toEqual([])
    writeFileSync(join(folder, 'a.yaml'), policy('a'))
    expect(await follower.settle()).toEqual([])
  })

  test('a folder that is emptied and filled again, file by file, loses nothing on the way', async () => {
    const names = ['a', 'b', 'c']
    const folder = temporaryFolder(Object.fromEntries(names.map((name) => [`${name}.yaml`, policy(name)])))
    const follower = follow([folder])
    await follower.settle()
    for (const name of names) rmSync(join(folder, `${name}.yaml`))
    for (const name of names) {
      expect((await follower.look()).changes).toEqual([])
      writeFileSync(join(folder, `${name}.yaml`), policy(name))
    }
    expect(await follower.settle()).toEqual([])
    expect(follower.names()).toEqual([A, B, C])
  })

  test('a file that is gone is gone after two looks, and within a few however busy the others are', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a'), 'b.yaml': policy('b') })
    const follower = follow([folder])
    await follower.settle()
    rmSync(join(folder, 'a.yaml'))
    expect(await follower.settle()).toMatchObject([{ type: 'remove', name: 'a' }])
    writeFileSync(join(folder, 'c.yaml'), policy('c'))
    await follower.settle()
    rmSync(join(folder, 'c.yaml'))
    for (let looks = 0; looks < 6; looks += 1) {
      writeFileSync(join(folder, 'b.yaml'), `# ${looks}\n${policy('b')}`)
      await follower.look()
    }
    expect(follower.names()).toEqual([B])
    // While it waits for the others, the next look is to come soon.
    await follower.settle()
    rmSync(join(folder, 'b.yaml'))
    await follower.look()
    writeFileSync(join(folder, 'd.yaml'), policy('d'))
    expect((await follower.look()).settled).toBe(false)
  })

  test('a file that is written all the time is not read, and is named until it rests', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a'), 'b.yaml': policy('b') })
    const follower = follow([folder])
    let complete = false
    for (let looks = 0; looks < 12; looks += 1) {
      appendFileSync(join(folder, 'a.yaml'), '# more\n')
      complete = (await follower.look()).complete
    }
    expect(complete).toBe(true)
    expect(follower.names()).toEqual([B])
    expect(follower.lines()).toEqual([
      `${folder}/a.yaml: is being written all the time; it is not in force yet; ` +
        'write it beside, under a hidden name, and move it into place',
    ])
    await follower.settle()
    expect(follower.names()).toEqual([A, B])
    expect(follower.lines()).toEqual([])
  })
})

describe('a file that cannot be read', () => {
  test.each([
    ['a syntax error in one document of several', documents(policy('c'), 'a: [\n'), 'yaml-syntax'],
    [
      'a document of an unknown kind in our group',
      policy('c').replace('NetworkPolicy', 'NetworkPolcy'),
      'unknown-kind',
    ],
    ['a document without a name', policy('""'), 'required-value'],
    ['bytes that are no text', '\0\0\0\0', 'binary'],
    ['nothing', ' \n', 'empty-file'],
  ])('keeps its last good objects: %s', async (_, text, code) => {
    const folder = temporaryFolder({ 'a.yaml': documents(policy('a'), policy('b')) })
    const follower = follow([folder])
    await follower.settle()
    writeFileSync(join(folder, 'a.yaml'), text)
    expect(await follower.settle()).toEqual([])
    expect(follower.codes()).toContain(code)
    expect(follower.lines().at(-1)).toContain('its last good state stays in force (2 objects)')
    writeFileSync(join(folder, 'a.yaml'), policy('b'))
    expect(await follower.settle()).toMatchObject([{ type: 'remove', name: 'a' }])
    expect(follower.lines()).toEqual([])
  })

  test('keeps them when it is not UTF-8, and when it becomes a link that leads nowhere or in a circle', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a') })
    const file = join(folder, 'a.yaml')
    const follower = follow([folder])
    await follower.settle()
    writeFileSync(file, Buffer.from([0x61, 0xff, 0xfe]))
    expect(await follower.settle()).toEqual([])
    expect(follower.lines()).toEqual([`${file}: is not UTF-8 text; its last good state stays in force (one object)`])
    for (const [target, reason] of [
      ['nowhere', 'no such file or directory'],
      ['a.yaml', 'its links lead in a circle'],
    ] as const) {
      rmSync(file)
      await follower.look()
      symlinkSync(target, file)
      // Once may be the instant between the listing of a folder and the look at a file in it.
      expect([(await follower.look()).settled, follower.codes().includes('cannot-read')]).toEqual([false, false])
      expect(await follower.settle()).toEqual([])
      expect(follower.lines().at(0)).toBe(
        `${file}: cannot be read: ${reason}; what was read there before stays in force`,
      )
    }
    rmSync(file)
    await follower.settle()
    expect(follower.names()).toEqual([])
  })

  test('gives what can be read of it while it never was whole, and takes nothing back before it is', async () => {
    const folder = temporaryFolder({ 'a.yaml': documents(policy('a'), 'a: [\n', policy('b')) })
    const follower = follow([folder])
    await follower.settle()
    expect(follower.names()).toEqual([A, B])
    expect(follower.codes()).toEqual(['yaml-syntax', 'broken-file'])
    writeFileSync(
      join(folder, 'a.yaml'),
      documents(policy('c'), 'a: [\n', policy('b', '{podSelector: {}, egress: [{}]}')),
    )
    await follower.settle()
    expect(follower.names()).toEqual([A, B, C])
    expect(follower.objects.get(B)).toMatchObject({ egress: { kind: 'rules' } })
    expect(follower.codes()).toEqual(['yaml-syntax', 'broken-file'])
    writeFileSync(join(folder, 'a.yaml'), documents(policy('c')))
    await follower.settle()
    expect(follower.names()).toEqual([C])
    expect(follower.lines()).toEqual([])
  })

  test('another one beside it goes on', async () => {
    const folder = temporaryFolder({ 'a.yaml': 'a: [\n', 'b.yaml': policy('b') })
    const follower = follow([folder])
    await follower.settle()
    expect(follower.names()).toEqual([B])
    writeFileSync(join(folder, 'c.yaml'), policy('c'))
    await follower.settle()
    expect(follower.names()).toEqual([B, C])
  })

  test('has its problems told once, and again only when they are others', async () => {
    const folder = temporaryFolder({ 'a.yaml': 'a: [\n' })
    const follower = follow([folder])
    await follower.settle()
    expect((await follower.look()).problems.size).toBe(0)
    utimesSync(join(folder, 'a.yaml'), 1, 1)
    await follower.look()
    expect((await follower.look()).problems.size).toBe(0)
    rmSync(join(folder, 'a.yaml'))
    expect([...(await follower.look()).problems].map(([of, { length }]) => [of, length])).toEqual([[folder, 1]])
    expect([...(await follower.look()).problems]).toEqual([[join(folder, 'a.yaml'), []]])
  })

  test('with thousands of problems has a hundred told', async () => {
    const folder = temporaryFolder({ 'a.yaml': documents(...new Array<string>(300).fill('kind: 1\n')) })
    const follower = follow([folder])
    await follower.settle()
    expect(follower.lines().length).toBe(101)
    expect(follower.lines().at(-1)).toMatch(/^note: \d+ more problems$/)
  })
})

describe('a policy', () => {
  const BAD_PORT = '{podSelector: {}, ingress: [{ports: [{port: 70000}]}]}'
  const BAD_SELECTOR = '{podSelector: 5}'
  const CLOSED = 'nobody can say whom it selects, so every pod of namespace shop is closed'

  test('that can be read but not compiled closes its direction, and is named', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a', BAD_PORT) })
    const follower = follow([folder])
    await follower.settle()
    expect(follower.objects.get(A)).toMatchObject({ ingress: { kind: 'closed' } })
    expect(follower.codes()).toEqual(['invalid-value'])
  })

  test.each(['Bad_Name', "''"])(
    'with no name that can be used (%s) makes its file one that cannot be read whole, and is told there',
    async (name) => {
      const folder = temporaryFolder({ 'a.yaml': documents(policy('a'), policy(name)) })
      const follower = follow([folder])
      await follower.settle()
      expect(follower.names()).toEqual([A])
      expect(follower.codes()).toContain('broken-file')
      expect(follower.lines().join('\n')).toContain('metadata.name')
    },
  )

  test('whose podSelector cannot be read closes its namespace, whatever it was before; the rest of the file goes on', async () => {
    const folder = temporaryFolder({ 'a.yaml': documents(policy('a'), policy('b')) })
    const follower = follow([folder])
    await follower.settle()
    writeFileSync(join(folder, 'a.yaml'), documents(policy('a', BAD_SELECTOR), policy('c')))
    await follower.settle()
    expect(follower.names()).toEqual([A, C])
    expect(follower.objects.get(A)).toMatchObject({ podSelector: { key: '' }, ingress: { kind: 'closed' } })
    expect(follower.lines().at(-1)).toBe(`${folder}/a.yaml:1:1: ${CLOSED}; repair or delete the policy`)
    const restarted = follow([folder])
    await restarted.settle()
    expect(restarted.objects).toEqual(follower.objects)
    writeFileSync(join(folder, 'a.yaml'), policy('c'))
    await follower.settle()
    expect(follower.names()).toEqual([C])
  })
})

describe('one name in two files', () => {
  test('the first read stands until it is gone, and both are named', async () => {
    const folder = temporaryFolder({ 'b.yaml': policy('a') })
    const follower = follow([folder])
    await follower.settle()
    const other = policy('a', '{podSelector: {}, egress: [{}]}')
    writeFileSync(join(folder, 'a.yaml'), `# second to be read\n${other}`)
    expect(await follower.settle()).toEqual([])
    const hint = 'the first stands until it is gone: rename or remove one'
    expect(follower.lines()).toEqual([
      `${folder}/a.yaml:2:1: ${A} already exists, first read at ${folder}/b.yaml:1:1; ${hint}`,
    ])
    writeFileSync(join(folder, 'b.yaml'), `\n${policy('a')}`)
    expect(await follower.settle()).toEqual([])
    expect(follower.lines().join()).toContain('first read at' + ` ${folder}/b.yaml:2:1`)
    rmSync(join(folder, 'b.yaml'))
    expect(await follower.settle()).toMatchObject([{ type: 'put', object: { name: 'a', egress: { kind: 'rules' } } }])
    expect(follower.lines()).toEqual([])
  })

  test('at the start, the first is the first by name; within one file, the first from its top', async () => {
    const folder = temporaryFolder({
      'a/z.yaml': documents(policy('a', '{podSelector: {}, egress: [{}]}'), policy('a')),
      'b.yaml': policy('a'),
    })
    const follower = follow([folder])
    await follower.settle()
    expect(follower.objects.get(A)).toMatchObject({ egress: { kind: 'rules' } })
    expect(follower.codes()).toEqual(['duplicate-name', 'duplicate-name'])
  })
})

describe('pods that stand for workloads', () => {
  test('have addresses of the range, the same whatever comes and goes, unless a pod takes them', async () => {
    const folder = temporaryFolder({ 'a.yaml': workload('Deployment', 'web') })
    const follower = follow([folder])
    await follower.settle()
    const web = follower.objects.get('Deployment shop/web')
    const address = web?.kind === 'Pod' ? (web.addresses[0] ?? '') : ''
    expect(address).toMatch(/^10\.244\./)
    writeFileSync(join(folder, 'b.yaml'), workload('StatefulSet', 'web'))
    expect(await follower.settle()).toMatchObject([{ type: 'put', object: { workload: { kind: 'StatefulSet' } } }])
    writeFileSync(join(folder, 'c.yaml'), pod('p', address))
    const changes = await follower.settle()
    expect(changes.length).toBe(2)
    expect(follower.objects.get('Deployment shop/web')).not.toMatchObject({ addresses: [address] })
    rmSync(join(folder, 'c.yaml'))
    await follower.settle()
    expect(follower.objects.get('Deployment shop/web')).toEqual(web)
  })

  test('have none, and that is named, when the range is full', async () => {
    const folder = temporaryFolder({ 'a.yaml': documents(workload('Deployment', 'a'), workload('Deployment', 'b')) })
    const follower = follow([folder], { family: 'IPv4', first: 0x0af4_0000n, prefix: 32 })
    await follower.settle()
    expect([...follower.objects.values()].map((object) => object.kind === 'Pod' && object.addresses)).toEqual([[], []])
    expect(follower.codes()).toEqual(['pod-range-full'])
    writeFileSync(join(folder, 'a.yaml'), workload('Deployment', 'b'))
    await follower.settle()
    expect(follower.objects.get('Deployment shop/b')).toMatchObject({ addresses: ['10.244.0.0'] })
    expect(follower.codes()).toEqual([])
    writeFileSync(join(folder, 'a.yaml'), documents(workload('Deployment', 'a'), workload('Deployment', 'b')))
    await follower.settle()
    expect(follower.codes()).toEqual(['pod-range-full'])
    writeFileSync(join(folder, 'a.yaml'), policy('a'))
    await follower.settle()
    expect(follower.codes()).toEqual([])
  })
})

describe('folders', () => {
  test('a subfolder that is removed takes its objects along, and brings them back', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a'), 'sub/b.yaml': policy('b') })
    const follower = follow([folder])
    await follower.settle()
    rmSync(join(folder, 'sub'), { recursive: true })
    await follower.settle()
    expect(follower.names()).toEqual([A])
    writeFileAt(join(folder, 'sub/b.yaml'), policy('b'))
    await follower.settle()
    expect(follower.names()).toEqual([A, B])
  })

  test('a path that was given and is away keeps what it said; so does a folder that cannot be looked into', async () => {
    const above = temporaryFolder({ 'folder/a.yaml': policy('a'), 'folder/sub/b.yaml': policy('b') })
    const folder = join(above, 'folder')
    const follower = follow([folder])
    await follower.settle()
    renameSync(folder, join(above, 'away'))
    expect(await follower.settle()).toEqual([])
    const { failures } = await follower.look()
    expect([...failures]).toEqual([[folder, 'no such file or directory']])
    expect(follower.codes()).toEqual(['cannot-read'])
    renameSync(join(above, 'away'), folder)
    renameSync(join(folder, 'sub'), join(above, 'sub'))
    symlinkSync('sub', join(folder, 'sub'))
    expect(await follower.settle()).toEqual([])
    expect(follower.lines()).toEqual([
      `${folder}/sub: cannot be read: its links lead in a circle; what was read there before stays in force`,
    ])
    rmSync(join(folder, 'sub'))
    expect(await follower.settle()).toMatchObject([{ type: 'remove', name: 'b' }])
    expect(follower.lines()).toEqual([])
  })

  test('a path that is not there at the start is no empty one: there is no whole truth before it is', async () => {
    const folder = temporaryFolder()
    const later = join(folder, 'later')
    const follower = follow([later])
    for (let looks = 0; looks < 15; looks += 1) expect((await follower.look()).complete).toBe(false)
    writeFileAt(join(later, 'a.yaml'), policy('a'))
    await follower.settle()
    expect((await follower.look()).complete).toBe(true)
    expect(follower.names()).toEqual([A])
  })

  test('an empty folder is the whole truth, with a warning', async () => {
    const folder = temporaryFolder()
    const follower = follow([folder])
    await follower.look()
    expect((await follower.look()).complete).toBe(true)
    expect(follower.codes()).toEqual(['no-manifests'])
  })

  test('a ConfigMap volume: everything changes with the one link, in one step, subfolders too', async () => {
    const folder = temporaryFolder({
      '..one/a.yaml': policy('a'),
      '..one/sub/b.yaml': policy('b'),
      '..two/a.yaml': policy('c'),
      '..two/sub/b.yaml': policy('b', '{podSelector: {}, egress: [{}]}'),
    })
    symlinkSync('..one', join(folder, '..data'))
    symlinkSync('..data/a.yaml', join(folder, 'a.yaml'))
    symlinkSync('..data/sub', join(folder, 'sub'))
    const follower = follow([folder])
    await follower.settle()
    expect(follower.names()).toEqual([A, B])
    symlinkSync('..two', join(folder, '..data_tmp'))
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
    rmSync(join(folder, '..one'), { recursive: true })
    expect((await follower.look()).changes).toEqual([])
    expect((await follower.look()).changes.length).toBe(3)
    expect(follower.names()).toEqual([B, C])
  })

  test('a link to a folder above ends there; a folder or a pipe with the name of a manifest is no file', async () => {
    const folder = temporaryFolder({ 'sub/a.yaml': policy('a') })
    symlinkSync('..', join(folder, 'sub/up'))
    mkdirSync(join(folder, 'b.yaml'))
    writeFileSync(join(folder, 'b.yaml/inside.yaml'), policy('b'))
    symlinkSync('/dev/zero', join(folder, 'zero.yaml'))
    const follower = follow([folder])
    await follower.settle()
    expect(follower.names()).toEqual([A, B])
    expect(follower.lines().map((line) => line.replace(/; .*/, ''))).toEqual([
      `${folder}/sub/up: cannot be read: it is a link to a folder above it`,
      `${folder}/zero.yaml: cannot be read: it is no regular file`,
    ])
  })

  test('looking and reading pause between files and documents', async () => {
    const folder = temporaryFolder({ 'a.yaml': documents(policy('a'), policy('b'), policy('c')) })
    const looker = createManifestLooker({ paths: [folder], defaultNamespace: 'default', podCidr: POD_CIDR })
    let pauses = 0
    const pace = () => {
      pauses += 1
      return undefined
    }
    await looker.look(pace)
    const looking = pauses
    expect(looking).toBeGreaterThanOrEqual(1)
    await looker.look(pace)
    expect(pauses - looking).toBeGreaterThanOrEqual(looking + 3)
  })

  test('standard input cannot be watched', async () => {
    const follower = follow(['-'])
    await follower.look()
    const { complete, failures } = await follower.look()
    expect([complete, [...failures.keys()]]).toEqual([false, ['-']])
  })
})
