import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { arrangements } from '../lab/arrangements.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { patient } from '../support/patience.ts'
import { type Expected, labFor, loadEverywhere, probeOf, wrongVerdicts } from './compile-in-lab.ts'

describeLab('random clusters in the kernel', () => {
  for (const arrangement of arrangements()) {
    test(`packets get the oracle's verdict, ${arrangement}`, { timeout: patient(600_000) }, async () => {
      const seen = { allowed: 0, denied: 0 }
      await fc.assert(
        fc.asyncProperty(clusters(), async (cluster: RawCluster) => {
          await using lab = await labFor(cluster, arrangement)
          await loadEverywhere(lab, cluster)
          const judge = oracle(cluster)
          const expected = interestingConnections(cluster, 400).flatMap((connection): Expected[] => {
            const probe = probeOf(cluster, connection)
            if (probe === undefined) return []
            return [{ title: JSON.stringify(connection), probe, allowed: judge(connection).allowed }]
          })
          for (const { allowed } of expected) seen[allowed ? 'allowed' : 'denied'] += 1
          const wrong = await wrongVerdicts(lab, expected)
          if (wrong.length > 0) throw new Error(wrong.slice(0, 10).join('\n'))
        }),
        lawParameters(15),
      )
      console.log(`${arrangement}: ${seen.allowed} packets arrived and ${seen.denied} did not, as the oracle says`)
      expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(100)
    })
  }
})
