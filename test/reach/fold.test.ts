import { expect, test } from 'vitest'
import { compareReach } from '../../compiler/reach/compare-reach.ts'
import { ANY_OTHER_POD } from '../../compiler/reach/possible-peer.ts'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { pod, policy, workload } from '../explain/manifests.ts'
import { graphOf } from './graph-of.ts'

const idsOf = (...texts: readonly string[]) => reachGraph(graphOf(...texts), 'workload').nodes.map(({ id }) => id)

const WEB = ['1', '2'].map((number) => pod(`shop/web-${number}`, `10.244.1.${number}`, { owner: 'Deployment/web' }))
/** What a comparison says that has nothing to say. */
const NO_CHANGE = {
  opens: [],
  closes: [],
  added: [],
  removed: [],
  leavesPolicy: [],
  comesUnderPolicy: [],
  hosts: [],
  strangers: [ANY_OTHER_POD],
}
const SET = pod('shop/web-0', '10.244.1.9', { owner: 'StatefulSet/web' })

test('replicas that no policy tells apart are one, with a way between them', () => {
  const { nodes, edges } = reachGraph(graphOf(...WEB), 'workload')
  expect(nodes.map(({ id, members }) => `${id} ${members.length}`)).toEqual(['shop/web 2'])
  expect(edges).toContainEqual({ from: 'shop/web', to: 'shop/web', protocol: '*', ports: '*' })
})

test('members that differ are not folded: by a policy for one, by a block, by the number of a port name', () => {
  const canary = pod('shop/web-3', '10.244.2.3', { owner: 'Deployment/web', labels: { app: 'web', track: 'canary' } })
  const apart = ['shop/web-1', 'shop/web-2', 'shop/web-3']
  expect(idsOf(...WEB, canary)).toEqual(['shop/web'])
  expect(idsOf(...WEB, canary, policy('shop/p', '{podSelector: {matchLabels: {track: canary}}}'))).toEqual(apart)
  const block = policy('shop/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.244.2.0/24}}]}]}')
  expect(idsOf(...WEB, canary, block)).toEqual(apart)
  const named = pod('shop/web-3', '10.244.1.3', { owner: 'Deployment/web', ports: ['http:8080'] })
  const byName = policy('ops/p', '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: http}]}]}')
  expect(idsOf(...WEB, named, pod('ops/a', '10.244.1.7'), byName)).toEqual(['ops/a', ...apart])
})

test('a Deployment and a StatefulSet of one name, and a pod of that name, are three', () => {
  expect(idsOf(...WEB, SET)).toEqual(['shop/web (Deployment)', 'shop/web (StatefulSet)'])
  expect(idsOf(...WEB, pod('shop/web', '10.244.1.8'))).toEqual(['shop/web', 'shop/web (Deployment)'])
  expect(idsOf(workload('shop/web'), workload('shop/web', { kind: 'StatefulSet' }))).toEqual([
    'shop/web (Deployment)',
    'shop/web (StatefulSet)',
  ])
})

test('another workload of the same name opens and closes nothing for the first', () => {
  const { opens, closes, added } = compareReach(graphOf(...WEB), graphOf(...WEB, SET), 'workload')
  expect({ closes, added }).toEqual({ closes: [], added: ['shop/web (StatefulSet)'] })
  expect(opens.filter(({ from, to }) => ![from, to].includes('shop/web (StatefulSet)'))).toEqual([])
})

test('a second replica is no news, and neither is one less', () => {
  const [one = ''] = WEB
  const nothing = NO_CHANGE
  expect(compareReach(graphOf(one), graphOf(...WEB), 'workload')).toMatchObject(nothing)
  expect(compareReach(graphOf(...WEB), graphOf(one), 'workload')).toMatchObject(nothing)
})

test('a policy for one of them takes the workload apart on both sides', () => {
  const canary = pod('shop/web-3', '10.244.1.3', { owner: 'Deployment/web', labels: { app: 'web', track: 'canary' } })
  const closed = policy('shop/p', '{podSelector: {matchLabels: {track: canary}}}')
  const { opens, closes, added, removed } = compareReach(
    graphOf(...WEB, canary),
    graphOf(...WEB, canary, closed),
    'workload',
  )
  expect({ opens, added, removed }).toEqual({ opens: [], added: [], removed: [] })
  expect([...new Set(closes.map(({ to }) => to))]).toEqual(['shop/web-3'])
})

test('a block that loses pods’ addresses alone changes nothing outside', () => {
  const from = (...except: readonly string[]) =>
    graphOf(
      ...WEB,
      policy(
        'shop/p',
        `{podSelector: {}, ingress: [{from: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8, except: [${except.join(', ')}]}}]}]}`,
      ),
    )
  expect(compareReach(from(), from('10.244.1.1/32'), 'workload')).toMatchObject({ opens: [], closes: [] })
  expect(compareReach(from(), from('10.244.1.3/32'), 'workload')).toMatchObject({
    opens: [],
    closes: [{ from: '10.244.1.3/32', to: 'shop/web', protocol: '*', ports: '*' }],
  })
})
