import { expect, test } from 'vitest'
import { documents, policy as policyText } from '../explain/manifests.ts'
import { startFakeApi } from '../sources/kubernetes/fake-api.ts'
import { namespace, pod, policy } from '../sources/kubernetes/fake-objects.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeKubeconfig } from '../support/write-kubeconfig.ts'
import { selvedge } from './run-selvedge.ts'

/** A cluster in which one policy is of a shape that this version cannot read: the API server of its day took it. */
async function startCluster(): Promise<string> {
  const api = await startFakeApi()
  api.resource('namespaces').put(namespace('shop'))
  api.resource('pods').put(pod('web', { ip: '10.244.0.5' }))
  api.resource('pods').put(pod('db', { ip: '10.244.0.6' }))
  const ingress = [{ ports: [{ port: 70_000 }] }]
  api.resource('networkpolicies').put(policy('odd', { podSelector: { matchLabels: { app: 'web' } }, ingress }))
  return writeKubeconfig(api.url)
}

const NEW = documents(
  policyText('shop/db', '{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 5432}]}]}'),
)

test('diff answers although a policy of the live cluster cannot be compiled, and names it', async () => {
  const kubeconfig = await startCluster()
  const cwd = temporaryFolder({ 'new.yaml': NEW })
  for (const args of [
    ['-f', 'new.yaml'],
    ['cluster', 'new.yaml'],
    ['new.yaml', 'cluster'],
    ['cluster', 'cluster'],
  ]) {
    const run = await selvedge(['diff', ...args, '-o', 'json', '--kubeconfig', kubeconfig], { cwd })
    expect({ args, exitCode: run.exitCode }).toEqual({ args, exitCode: args[1] === args[0] ? 0 : 1 })
    expect(run.stderr).toContain('NetworkPolicy shop/odd: ingress cannot be compiled: ')
    expect(run.stderr).toContain('closed')
    expect(run.stderr.includes('OLD and NEW are both cluster')).toBe(args[1] === args[0])
    // Web is closed for ingress before and after.
    const { opens, closes } = JSON.parse(run.stdout) as Record<'opens' | 'closes', readonly { readonly to: string }[]>
    if (args[0] === '-f') {
      expect([...opens, ...closes].filter(({ to }) => to === 'shop/web')).toEqual([])
      expect(closes).toContainEqual({ from: 'shop/web', to: 'shop/db', protocol: 'other', ports: '*' })
    }
  }
})

test('a policy of the manifests that cannot be compiled is an error all the same', async () => {
  const kubeconfig = await startCluster()
  const cwd = temporaryFolder({
    'new.yaml': documents(policyText('shop/db', '{podSelector: {}, ingress: [{ports: [{port: 70000}]}]}')),
  })
  const run = await selvedge(['diff', '-f', 'new.yaml', '--kubeconfig', kubeconfig], { cwd })
  expect(run).toMatchObject({ exitCode: 2, stdout: '' })
  expect(run.stderr).toContain('70000')
})

test('the Namespace of the cluster has its say about policies of the manifests, and theirs about policies of the cluster', async () => {
  const api = await startFakeApi()
  const shop = namespace('shop')
  const annotated = { ...shop, metadata: { ...shop.metadata, annotations: { 'selvedge.io/mode': 'audit' } } }
  api.resource('namespaces').put(annotated)
  api.resource('pods').put(pod('web', { ip: '10.244.0.5' }))
  api.resource('pods').put(pod('db', { ip: '10.244.0.6' }))
  const kubeconfig = writeKubeconfig(api.url)
  const plain = '{apiVersion: v1, kind: Namespace, metadata: {name: shop}}'
  const cwd = temporaryFolder({ 'new.yaml': NEW, 'plain.yaml': plain })
  const diff = async (file: string, ...flags: readonly string[]) =>
    (await selvedge(['diff', '-f', file, '--kubeconfig', kubeconfig, ...flags], { cwd })).exitCode
  expect(await diff('new.yaml')).toBe(1)
  expect(await diff('new.yaml', '--audit', 'namespaces')).toBe(0)
  const policyOfCluster = { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ ports: [{ port: 5432 }] }] }
  api.resource('networkpolicies').put(policy('db', policyOfCluster))
  expect(await diff('plain.yaml')).toBe(0)
  expect(await diff('plain.yaml', '--audit', 'namespaces')).toBe(1)
})
