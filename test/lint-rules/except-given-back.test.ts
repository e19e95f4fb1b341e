import { expect, test } from 'vitest'
import { exceptGivenBack } from '../../compiler/lint/rules/except-given-back.ts'
import { documents, policy, workload } from '../explain/manifests.ts'
import { told } from './told.ts'

test('by another rule', () => {
  expect(
    told(
      exceptGivenBack,
      documents(
        workload('shop/web'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16, except: [192.168.7.0/24]}}]}, {from: [{ipBlock: {cidr: 192.168.0.0/17}}]}]}',
        ),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: except 192.168.7.0/24 is given back by ingress[1]'])
})

test('by a sibling peer', () => {
  expect(
    told(
      exceptGivenBack,
      documents(
        workload('shop/web'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16, except: [192.168.7.0/24]}}, {ipBlock: {cidr: 192.168.7.0/24}}]}]}',
        ),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: except 192.168.7.0/24 is given back by ingress[0]'])
})

test('by another policy for the same pods', () => {
  expect(
    told(
      exceptGivenBack,
      documents(
        workload('shop/web'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16, except: [192.168.7.0/24]}}]}]}',
        ),
        policy('shop/all', '{podSelector: {matchLabels: {app: web}}, ingress: [{}]}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: except 192.168.7.0/24 is given back by shop/all ingress[0]'])
})

test('not by itself, nor by its own narrower except', () => {
  expect(
    told(
      exceptGivenBack,
      documents(
        workload('shop/web'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16, except: [192.168.7.0/24, 192.168.7.8/29]}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('not by one address that is let in again', () => {
  expect(
    told(
      exceptGivenBack,
      documents(
        workload('shop/web'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16, except: [192.168.7.0/24]}}]}, {from: [{ipBlock: {cidr: 192.168.7.9/32}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('not by another port', () => {
  expect(
    told(
      exceptGivenBack,
      documents(
        workload('shop/web'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16, except: [192.168.7.0/24]}}], ports: [{port: 443}]}, {from: [{ipBlock: {cidr: 192.168.0.0/16}}], ports: [{port: 53, protocol: UDP}, {port: 80, endPort: 442}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('not by a policy for other pods, or the other direction', () => {
  expect(
    told(
      exceptGivenBack,
      documents(
        workload('shop/web'),
        workload('shop/api'),
        policy(
          'shop/p',
          '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16, except: [192.168.7.0/24]}}]}]}',
        ),
        policy('shop/api', '{podSelector: {matchLabels: {app: api}}, ingress: [{}]}'),
        policy('shop/egress', '{podSelector: {}, policyTypes: [Egress], egress: [{}]}'),
      ),
    ),
  ).toEqual([])
})
