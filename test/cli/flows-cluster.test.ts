import { chmodSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readFlowList } from '../../compiler/flows/read-flow-list.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { pod } from '../sources/kubernetes/fake-objects.ts'
import { answer, askedShop, flow, IDLE_TO_DB } from './asked-shop.ts'
import { refused, selvedge } from './run-selvedge.ts'

describe('flows', () => {
  const noted = (fate: string) => ({ ...IDLE_TO_DB, fate })
  const told = { observes: true, folded: [], lost: { denied: [], allowed: 0 }, full: [] }

  test('prints a file for others to read, and saves it for its owner alone', async () => {
    const { kubeconfig } = await askedShop({
      node1: { says: answer('node1', [noted('allowed')], told) },
      a: { says: answer('a', [noted('denied')], told) },
      b: { says: answer('b', [{ ...noted('allowed'), fate: 'eaten' }], told) },
    })
    const { stdout, stderr, exitCode } = await selvedge(['flows', '-o', 'json', '--kubeconfig', kubeconfig])
    expect({ stderr, exitCode }).toEqual({
      stderr: 'node b: its agent answers something else; is it of another version?\n',
      exitCode: 0,
    })
    const { list, diagnostics } = readFlowList({ file: 'f', text: stdout })
    expect(diagnostics).toEqual([])
    expect(list?.flows.map(({ verdict }) => verdict)).toEqual(['denied', 'allowed'])
    expect(list?.nodes.map(({ name, answered }) => [name, answered])).toEqual([
      ['a', true],
      ['node1', true],
      ['b', false],
    ])
    const file = join(temporaryFolder({ flows: 'for everybody' }), 'flows')
    chmodSync(file, 0o644)
    const saved = await selvedge(['flows', '--save', file, '-o', 'json', '--kubeconfig', kubeconfig])
    expect(saved).toMatchObject({ stdout: '', exitCode: 0 })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFlowList({ file, text: readFileSync(file, 'utf8') }).list?.flows).toHaveLength(2)
    const nowhere = await selvedge(['flows', '--save', join(file, 'below'), '--kubeconfig', kubeconfig])
    expect({ stdout: nowhere.stdout, exitCode: nowhere.exitCode }).toEqual({ stdout: '', exitCode: 3 })
    const link = join(temporaryFolder(), 'null')
    symlinkSync('/dev/null', link)
    expect(await selvedge(['flows', '--save', link, '--kubeconfig', kubeconfig])).toEqual(
      refused(`${link}: is no regular file, and is not replaced; name a file of your own`),
    )
  }, 60_000)

  test('tells whether the receiver’s node let it in, which without an agent it did', async () => {
    const to = (destination: string) => flow('10.244.0.5', destination, 80)
    const flows = ['10.244.0.6', '10.244.0.20', '10.244.0.21'].map((end) => ({ ...to(end), fate: 'allowed' }))
    const { api, kubeconfig } = await askedShop({
      node1: { says: answer('node1', flows, told) },
      a: { says: answer('a', [], told) },
    })
    api.resource('nodes').put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'bare' } })
    for (const [node, ip] of [['a', '10.244.0.20'] as const, ['bare', '10.244.0.21'] as const]) {
      const far = pod(`on-${node}`, { ip })
      api.resource('pods').put({ ...far, spec: { ...(far['spec'] as object), nodeName: node } })
    }
    const { stdout } = await selvedge(['flows', '-o', 'json', '--kubeconfig', kubeconfig])
    const { list } = readFlowList({ file: 'f', text: stdout })
    const names = list?.flows.map(({ destination, unconfirmed }) => [destination, unconfirmed])
    expect(names).toMatchObject([
      [{ name: 'db' }, false],
      [{ name: 'on-a' }, true],
      [{ name: 'on-bare' }, false],
    ])
  }, 60_000)

  test('an address of a node that is gone is nobody’s, and not outside; --pod-cidr says otherwise', async () => {
    const flows = ['10.42.3.17', '203.0.113.7'].map((from) => ({ ...flow(from, '10.244.0.6', 80), fate: 'allowed' }))
    const { api, kubeconfig } = await askedShop({ node1: { says: answer('node1', flows, told) } })
    const spec = { podCIDR: '10.42.0.0/24' }
    api.resource('nodes').put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node1' }, spec })
    const kinds = async (...args: readonly string[]) => {
      const { stdout } = await selvedge(['flows', '-o', 'json', '--kubeconfig', kubeconfig, ...args])
      return readFlowList({ file: 'f', text: stdout }).list?.flows.map(({ source }) => source.kind)
    }
    expect(await kinds()).toEqual(['unresolved', 'outside'])
    expect(await kinds('--pod-cidr', '10.42.0.0/23')).toEqual(['outside', 'outside'])
    expect(await kinds('--pod-cidr', '203.0.113.0/24')).toEqual(['outside', 'unresolved'])
  }, 60_000)

  test('says where only denied ones can be there', async () => {
    const says = answer('node1', [noted('denied')], { ...told, observes: false })
    const { kubeconfig } = await askedShop({ node1: { says } })
    const { stdout, stderr } = await selvedge(['flows', '--kubeconfig', kubeconfig])
    expect(stderr).toBe('only denied flows are here: no agent that answered runs with --observe\n')
    expect(stdout).toMatch(
      /^LAST +FIRST +COUNT +VERDICT +FROM +TO +PORT\n\S+ +\S+ +3 +denied +shop\/idle +shop\/db +5432\/TCP\n$/,
    )
  }, 60_000)
})
