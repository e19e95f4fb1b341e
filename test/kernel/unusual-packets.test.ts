import { expect, test } from 'vitest'
import type { Family } from '../../compiler/addresses/address.ts'
import { enforce } from './enforce.ts'
import { describeKernel, type PodName } from './kernel-lab.ts'
import { inBoth, passing, passingInBoth, probe } from './passing.ts'
import { app, closed, egress, ingress } from './policies.ts'
import { without } from './without.ts'

// trap 37d: invalid packets of pods that no policy selects pass untouched
// trap 55: invalid-looking packets of a denied source are dropped

describeKernel('packets that conntrack finds invalid', (kernel) => {
  test('are dropped at an isolated address, whoever may speak', async () => {
    const invalid = (family: Family) => ({
      ...invalidOnes(family, 'web', 'db'),
      ...invalidOnes(family, 'idle', 'db'),
      ...invalidOnes(family, 'far', 'db'),
      ...invalidOnes(family, 'db', 'web'),
    })
    expect(await passingInBoth(kernel.lab, invalid)).toEqual(inBoth(Object.keys(invalid('IPv4'))))
    // web may do everything with db; the others nothing.
    await enforce(kernel.lab, [ingress('db', { from: [app('web')] }), egress('db', { to: [app('web')] })])
    expect(await passingInBoth(kernel.lab, invalid)).toEqual(inBoth([]))
    const valid = (family: Family) => ({ valid: probe(family, 'web', 'db', { protocol: 'UDP', port: 80 }) })
    expect(await passingInBoth(kernel.lab, valid)).toEqual(inBoth(['valid']))
  })

  test.each([
    ['ingress', [ingress('db')]],
    ['egress', [egress('db')]],
    ['an ingress open to all', [ingress('db', {})]],
  ])('are dropped both ways when the pod’s isolation is %s alone', async (_, policies) => {
    await enforce(kernel.lab, policies)
    const invalid = (family: Family) => ({ ...invalidOnes(family, 'web', 'db'), ...invalidOnes(family, 'db', 'web') })
    expect(await passingInBoth(kernel.lab, invalid)).toEqual(inBoth([]))
  })

  test('pass untouched between pods that no policy selects', async () => {
    await enforce(kernel.lab, closed('db'))
    const invalid = (family: Family) => ({
      ...invalidOnes(family, 'web', 'idle'),
      ...invalidOnes(family, 'web', 'far'),
      ...invalidOnes(family, 'far', 'idle'),
    })
    expect(await passingInBoth(kernel.lab, invalid)).toEqual(inBoth(Object.keys(invalid('IPv4'))))
  })

  test('would pass from an allowed peer without the rule for them', async () => {
    const edit = without(/^ *ct state invalid /)
    await enforce(kernel.lab, [ingress('db', { from: [app('web')] })], { edit })
    const invalid = invalidOnes('IPv4', 'web', 'db')
    expect(await passing(kernel.lab, invalid)).toEqual(Object.keys(invalid))
  })
})

/** What conntrack cannot place, one of each kind. */
function invalidOnes(family: Family, from: PodName, to: PodName) {
  const of = (kind: string) => `${kind}, ${from} to ${to}`
  return {
    [of('wrong UDP checksum')]: probe(family, from, to, { protocol: 'UDP', port: 80, checksum: 'wrong' }),
    [of('wrong TCP checksum')]: probe(family, from, to, { protocol: 'TCP', port: 80, checksum: 'wrong' }),
    [of('SYN and FIN')]: probe(family, from, to, { protocol: 'TCP', port: 80, flags: ['SYN', 'FIN'] }),
    [of('no flags')]: probe(family, from, to, { protocol: 'TCP', port: 80, flags: [] }),
    [of('SYN and ACK')]: probe(family, from, to, { protocol: 'TCP', port: 80, flags: ['SYN', 'ACK'] }),
    [of('stray echo reply')]: probe(family, from, to, { protocol: 'ICMP', echo: 'reply' }),
  }
}
