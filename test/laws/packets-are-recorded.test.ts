import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusters } from '../arbitraries/clusters.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { packetsAreRecorded } from './recorded-packets.ts'

test.each([
  ['nothing that is allowed, while that is not observed', false],
  ['what is allowed as well, while that is observed', true],
])(
  'every denied packet is noted once with its flow and its pod, in requests, in replies and without a direction; %s',
  (_, observe) => {
    const seen = { allowed: 0, egress: 0, ingress: 0, untrackedAllowed: 0, untrackedDenied: 0, letGo: 0 }
    const law = fc.property(clusters(), (cluster) => {
      const fates = packetsAreRecorded(cluster, observe)
      for (const fate of Object.keys(seen) as (keyof typeof seen)[]) seen[fate] += fates[fate]
    })
    fc.assert(law, lawParameters(40))
    console.log(`met: ${JSON.stringify(seen)}`)
    const { letGo, ...often } = seen
    expect(Math.min(...Object.values(often))).toBeGreaterThan(200)
    expect(letGo).toBeGreaterThan(50)
  },
)
