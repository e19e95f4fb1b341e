import { expect, test } from 'vitest'
import { oneFamilyOnly } from '../../compiler/lint/rules/one-family-only.ts'
import { documents, pod, policy } from '../explain/manifests.ts'
import { told, toldBy } from './told.ts'

test('an IPv4 network for pods with two families', () => {
  expect(
    told(
      oneFamilyOnly,
      documents(
        pod('shop/web', '10.244.1.2 fd00:10:244::2'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "203.0.113.0/24"}}]}]}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: has IPv4 blocks only, and its pods have IPv6 addresses as well'])
})

test('all of IPv6', () => {
  expect(
    told(
      oneFamilyOnly,
      documents(
        pod('shop/web', '10.244.1.2 fd00:10:244::2'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: has IPv6 blocks only, and its pods have IPv4 addresses as well'])
})

test('a pod with one family', () => {
  expect(
    told(
      oneFamilyOnly,
      documents(
        pod('shop/web', '10.244.1.2'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "203.0.113.0/24"}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('blocks of both, in two rules', () => {
  expect(
    told(
      oneFamilyOnly,
      documents(
        pod('shop/web', '10.244.1.2 fd00:10:244::2'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}, {from: [{ipBlock: {cidr: "::/0"}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('one host may have one family', () => {
  expect(
    told(
      oneFamilyOnly,
      documents(
        pod('shop/web', '10.244.1.2 fd00:10:244::2'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "203.0.113.9/32"}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('selectors have both', () => {
  expect(
    told(
      oneFamilyOnly,
      documents(
        pod('shop/web', '10.244.1.2 fd00:10:244::2'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('everyone is granted as well', () => {
  expect(
    told(
      oneFamilyOnly,
      documents(
        pod('shop/web', '10.244.1.2 fd00:10:244::2'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}, {ports: [{port: 80}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('all of the other family is not proposed where excepts guard the metadata address', () => {
  const hintOf = (except: string) =>
    toldBy(
      oneFamilyOnly,
      documents(
        pod('shop/web', '10.244.1.2 fd00:10:244::2'),
        policy('shop/p', `{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [${except}]}}]}]}`),
      ),
    )[0]?.split('; ')[1]
  expect(hintOf('10.0.0.0/8')).toBe('write a block for IPv6 too, such as ::/0')
  for (const except of ['169.254.169.254/32', '169.254.0.0/16', '128.0.0.0/1']) {
    expect(hintOf(except)).not.toContain('::/0')
    expect(hintOf(except)).toContain('except there as well')
  }
})
