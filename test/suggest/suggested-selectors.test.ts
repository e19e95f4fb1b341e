import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { deployment, flowOf } from './flows-of.ts'
import { SHOP, suggest, type Written } from './suggest.ts'

test('a peer of another namespace goes by the name of that, which every namespace has as a label', () => {
  const { written } = suggest(SHOP + deployment('prom', {}, 'ops'), [flowOf('ops/prom', 'shop/web', '9090/TCP')])
  expect(written.get('suggested-web-ingress')?.spec.ingress).toMatchObject([
    {
      from: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ops' } },
          podSelector: { matchLabels: { app: 'prom' } },
        },
      ],
    },
  ])
})

test('the Jobs of a CronJob are that CronJob, whichever minute they are of', () => {
  const cron = JSON.stringify({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'backup', namespace: 'shop' },
    spec: {
      jobTemplate: {
        spec: {
          template: {
            metadata: { labels: { app: 'backup' } },
            spec: { containers: [{ name: 'one', image: 'example' }] },
          },
        },
      },
    },
  })
  const flows = ['28930000', '28931440'].map((minute) => flowOf(`Job shop/backup-${minute}`, 'shop/db', '5432/TCP'))
  const { written, missing } = suggest(SHOP + cron, flows)
  expect(missing).toEqual([])
  expect(written.get('suggested-db-ingress')?.spec.ingress).toMatchObject([
    { from: [{ podSelector: { matchLabels: { app: 'backup' } } }] },
  ])
})

test('a selector that meets others takes further labels, and leaves out those that have one more', () => {
  const blue =
    deployment('web', { color: 'blue' }) +
    deployment('web', { color: 'green', more: 'x' }).replaceAll('"name":"web"', '"name":"web-2"')
  const { written } = suggest(`${blue}${deployment('db')}`, [flowOf('shop/web', 'shop/db', '5432/TCP')])
  expect(written.get('suggested-web-egress')?.spec.podSelector).toEqual({ matchLabels: { app: 'web', color: 'blue' } })
  const plain = deployment('web') + deployment('web', { more: 'x' }).replaceAll('"name":"web"', '"name":"web-2"')
  const without = suggest(`${plain}${deployment('db')}`, [flowOf('shop/web', 'shop/db', '5432/TCP')])
  expect(without.written.get('suggested-web-egress')?.spec.podSelector).toEqual({
    matchLabels: { app: 'web' },
    matchExpressions: [{ key: 'more', operator: 'DoesNotExist' }],
  })
})

test('labels of versions and revisions name nobody, unless the workload’s own selector has no other to tell it by', () => {
  const versioned = deployment('web', { version: '7', 'pod-template-hash': 'abc' })
  const selectorOf = (manifests: string) => {
    const { written } = suggest(manifests + deployment('db'), [flowOf('shop/web', 'shop/db', '5432/TCP')])
    return written.get('suggested-web-egress')?.spec.podSelector
  }
  expect(selectorOf(versioned)).toEqual({ matchLabels: { app: 'web' } })
  const both = versioned + deployment('web', { version: '8' }).replaceAll('"name":"web"', '"name":"web-2"')
  expect(selectorOf(both)).toEqual({ matchLabels: { app: 'web' } })
  const selecting = both.replaceAll(/"matchLabels":{"app":"web"}(.*?"version":"(\d)")/g, (_, rest: string, version) => {
    return `"matchLabels":{"app":"web","version":"${version}"}${rest}`
  })
  expect(selectorOf(selecting)).toEqual({ matchLabels: { app: 'web', version: '7' } })
})

test('values that other readers take for something else are read back as they are', () => {
  const values = ['yes', 'on', 'No', 'true', 'null', '0o17', '0x1f', '010', '1e3', '1_000', '1.50', '2026-01-31']
  for (const value of values) {
    const { yaml } = suggest(
      deployment('web', { odd: value }) +
        deployment('web', { odd: 'z' }).replaceAll('"name":"web"', '"name":"w2"') +
        deployment('db'),
      [flowOf('shop/web', 'shop/db', '5432/TCP')],
    )
    for (const version of ['1.1', '1.2'] as const) {
      const policies = parseAllDocuments(yaml, { version }).map((document) => document.toJS() as Written)
      const web = policies.find(({ metadata }) => metadata.name === 'suggested-web-egress')
      expect(web?.spec.podSelector).toEqual({ matchLabels: { app: 'web', odd: value } })
    }
  }
})

test('two workloads of one name, and a name that a policy has, are told apart; a name may be as long as names are', () => {
  const set = deployment('a').replaceAll('Deployment', 'StatefulSet').replaceAll('"app":"a"', '"app":"set"')
  const long = 'l'.repeat(240)
  const input = `${deployment('a')}${set}${deployment('db')}${deployment(long).replaceAll(`"app":"${long}"`, '"app":"long"')}`
  const taken = JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'suggested-db-ingress', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app: 'nobody' } } },
  })
  const flows = ['shop/a', 'StatefulSet shop/a', `shop/${long}`].map((from) => flowOf(from, 'shop/db', '5432/TCP'))
  expect([...suggest(`${input}${taken}`, flows).written.keys()]).toEqual([
    'suggested-a-deployment-egress',
    'suggested-a-statefulset-egress',
    'suggested-db-ingress-2',
    `suggested-${'l'.repeat(200)}-egress`,
  ])
})
