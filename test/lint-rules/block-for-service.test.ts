import { expect, test } from 'vitest'
import { blockForService } from '../../compiler/lint/rules/block-for-service.ts'
import { documents, policy, service } from '../explain/manifests.ts'
import { told, toldBy } from './told.ts'

test('its very address', () => {
  expect(
    told(
      blockForService,
      documents(
        service('shop/db', '{clusterIP: 10.96.0.20, selector: {app: db}, ports: [{port: 5432}]}'),
        policy(
          'shop/p',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.96.0.20/32}}]}]}',
        ),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: egress[0]: ipBlock 10.96.0.20/32 is for Service shop/db: policy sees the address of its pod instead',
  ])
})

test('the range of Services', () => {
  expect(
    told(
      blockForService,
      documents(
        service('shop/db', '{clusterIP: 10.96.0.20, selector: {app: db}, ports: [{port: 5432}]}'),
        policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.96.0.0/12}}]}]}'),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: egress[0]: ipBlock 10.96.0.0/12 is for Service shop/db: policy sees the address of its pod instead',
  ])
})

test('a private network around it is not meant for it', () => {
  expect(
    told(
      blockForService,
      documents(
        service('shop/db', '{clusterIP: 10.96.0.20, selector: {app: db}, ports: [{port: 5432}]}'),
        policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('nor is a range that excepts it', () => {
  expect(
    told(
      blockForService,
      documents(
        service('shop/db', '{clusterIP: 10.96.0.20, selector: {app: db}, ports: [{port: 5432}]}'),
        policy(
          'shop/p',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.96.0.0/16, except: [10.96.0.0/24]}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('another address', () => {
  expect(
    told(
      blockForService,
      documents(
        service('shop/db', '{clusterIP: 10.96.0.20, selector: {app: db}, ports: [{port: 5432}]}'),
        policy(
          'shop/p',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.96.0.21/32}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('ingress sees who connects, and a Service never does', () => {
  expect(
    told(
      blockForService,
      documents(
        service('shop/db', '{clusterIP: 10.96.0.20, selector: {app: db}, ports: [{port: 5432}]}'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.96.0.20/32}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('a Service without a selector has endpoints, and no pods', () => {
  expect(
    toldBy(
      blockForService,
      documents(
        service('default/kubernetes', '{clusterIP: 10.96.0.1, ports: [{port: 443}]}'),
        policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.96.0.1/32}}]}]}'),
      ),
    ),
  ).toEqual([
    'warning: NetworkPolicy shop/p: egress[0]: ipBlock 10.96.0.1/32 is for Service default/kubernetes: policy sees the address of its endpoint instead; write the addresses of its endpoints',
  ])
})

test('a headless Service has no address', () => {
  expect(
    told(
      blockForService,
      documents(
        service('shop/db', '{clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}'),
        policy(
          'shop/p',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.96.0.20/32}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})
