import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { clusters } from '../arbitraries/clusters.ts'
import { clusterToYaml } from './cluster-yaml.ts'
import { numRuns } from './runs.ts'

test('the text reads back as the same objects', () => {
  fc.assert(
    fc.property(clusters(), (cluster) => {
      const text = clusterToYaml(cluster)
      const objects = parseAllDocuments(text).map((document) => document.toJS() as unknown)
      expect(objects).toEqual([...cluster.namespaces, ...cluster.pods, ...cluster.policies])
      expect(text).not.toMatch(/[&*]a\d/)
    }),
    { numRuns: numRuns(100) },
  )
})
