import { expect, test } from 'vitest'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { engineWith, madePod, madePolicy } from './made-pods.ts'

const apps = Array.from({ length: 900 }, (_, index) => ({ podSelector: { matchLabels: { app: `app-${index}` } } }))

test('one rule of 900 peers and 600 ports is one set of addresses and one look-up of ports', () => {
  const ports = Array.from({ length: 600 }, (_, index) => ({ port: 1 + 2 * index }))
  const policy = madePolicy('many', { podSelector: {}, ingress: [{ from: apps, ports }] })
  const engine = engineWith([policy, madePod({ name: 'web', address: '10.1.0.1', labels: { app: 'app-7' } })])
  expect(engine.problems()).toEqual([])
  const text = rulesetText(engine.ruleset(), DEFAULT_OPTIONS, 1)
  // A map for requests and one for replies.
  expect(text.match(/tcp \. 599 : goto/g)).toHaveLength(2)
  expect(text.length).toBeLessThan(200_000)
  const before = engine.ruleset().sets.size
  const fewer = madePolicy('many', { podSelector: {}, ingress: [{ from: apps, ports: ports.slice(1) }] })
  expect(engine.apply([{ type: 'put', object: fewer }]).narrows).toBe(true)
  expect(engine.apply([{ type: 'put', object: policy }]).narrows).toBe(false)
  expect(engine.ruleset().sets.size).toBe(before)
})

test('1,100 nested ranges of ports for anyone are one range; for peers of their own they close the pod, and it is named', () => {
  const nested = Array.from({ length: 1_100 }, (_, index) => ({ port: 1 + index, endPort: 60_000 - index }))
  const pod = madePod({ name: 'web', address: '10.1.0.1' })
  const anyone = madePolicy('nested', { podSelector: {}, ingress: [{ ports: nested }] })
  expect(engineWith([pod, anyone]).problems()).toEqual([])
  const ingress = nested.map((port, index) => ({ from: [apps[index % 900]], ports: [port] }))
  const problems = engineWith([pod, madePolicy('nested', { podSelector: {}, ingress })]).problems()
  expect(problems).toMatchObject([{ kind: 'pod closed', pod: 'shop/web', direction: 'ingress' }])
})
