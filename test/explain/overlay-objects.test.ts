import { expect, test } from 'vitest'
import { overlayObjects } from '../../compiler/cluster/overlay-objects.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { objectsOf } from './cluster-of.ts'
import { documents, pod, policy, service, workload } from './manifests.ts'

function overlaid(live: string, manifests: string, cidr = '10.244.1.0/29'): readonly string[] | undefined {
  const read = readObjects([{ file: 'g', text: manifests }], { defaultNamespace: 'default' })
  const podRange = parseBlock(cidr)?.block
  const result = podRange && overlayObjects(objectsOf(live), read, podRange)
  return (
    result && [
      ...result.objects.map((object) =>
        object.kind === 'Pod'
          ? `${object.namespace}/${object.name} ${object.addresses.join(' ')} app=${object.labels.labels.get('app')}`
          : `${object.kind} ${object.name}`,
      ),
      ...result.others.map(({ kind, name }) => `${kind} ${name}`),
    ]
  )
}

const WEB = ['1', '2'].map((number) => pod(`shop/web-${number}`, `10.244.1.${number}`, { owner: 'Deployment/web' }))

test('pods of a workload take its new labels and keep their addresses', () => {
  const manifests = documents(workload('shop/web', { labels: { app: 'new' } }))
  expect(overlaid(documents(...WEB), manifests)).toEqual([
    'shop/web-1 10.244.1.1 app=new',
    'shop/web-2 10.244.1.2 app=new',
  ])
})

test('onto the network of their nodes, and off it, pods have other addresses', () => {
  const manifest = (hostNetwork: boolean) => documents(workload('shop/web', { hostNetwork }))
  expect(overlaid(documents(...WEB), manifest(true))).toEqual(['shop/web-1  app=web', 'shop/web-2  app=web'])
  const hosts = ['1', '2'].map((number) =>
    pod(`shop/web-${number}`, `192.168.0.${number}`, { owner: 'Deployment/web', spec: { hostNetwork: true } }),
  )
  for (const line of overlaid(documents(...hosts), manifest(false)) ?? [])
    expect(line).toMatch(/^shop\/web-[12] 10\.244\.1\.[0-7] /)
})

test('a pod by its name keeps the address that it has, whatever the manifest says', () => {
  const live = documents(pod('shop/web', '10.244.1.1'))
  expect(overlaid(live, documents(pod('shop/web', '', { labels: { app: 'new' } })))).toEqual([
    'shop/web 10.244.1.1 app=new',
  ])
  expect(overlaid(live, documents(pod('shop/web', '10.9.9.9')))).toEqual(['shop/web 10.244.1.1 app=web'])
})

test('what is new gets an address that no live pod has', () => {
  const live = documents(...['0', '1', '2', '3', '4', '5'].map((n) => pod(`shop/p-${n}`, `10.244.1.${n}`)))
  const lines = overlaid(live, documents(workload('shop/api'), pod('shop/bare', '')))?.filter(
    (line) => !line.startsWith('shop/p-'),
  )
  expect(lines?.map((line) => line.split(' ')[1]).sort()).toEqual(['10.244.1.6', '10.244.1.7'])
  expect(overlaid(live, documents(workload('shop/api'), pod('shop/bare', ''), workload('shop/x')))).toBeUndefined()
})

test('policies and Services of a name are replaced, all else stays', () => {
  const live = documents(
    policy('shop/a', '{podSelector: {}}'),
    policy('shop/b', '{podSelector: {}}'),
    service('shop/s', '{}'),
  )
  const manifests = documents(
    policy('shop/b', '{podSelector: {}}'),
    policy('ops/a', '{podSelector: {}}'),
    service('shop/s', '{}'),
    service('shop/t', '{}'),
  )
  expect(overlaid(live, manifests)).toEqual([
    'NetworkPolicy a',
    'NetworkPolicy b',
    'NetworkPolicy a',
    'Service s',
    'Service t',
  ])
})

test('a pod of a StatefulSet takes the labels of its own ordinal', () => {
  const live = documents(
    ...['0', '1', '2'].map((n) => pod(`kv/ring-${n}`, `10.244.1.${n}`, { owner: 'StatefulSet/ring' })),
  )
  const manifest = JSON.parse(workload('kv/ring', { kind: 'StatefulSet' })) as { spec: object }
  const text = JSON.stringify({ ...manifest, spec: { ...manifest.spec, replicas: 2 } })
  const read = readObjects([{ file: 'g', text }], { defaultNamespace: 'default' })
  const podRange = parseBlock('10.244.1.0/29')?.block
  const result = podRange && overlayObjects(objectsOf(live), read, podRange)
  const indexes = result?.objects.map(
    (object) => object.kind === 'Pod' && object.labels.labels.get('apps.kubernetes.io/pod-index'),
  )
  expect(indexes).toEqual(['0', '1', undefined])
})
