import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { findingsOf } from './told.ts'

/** What lint says of an input of `test/explain/cases` but for notes: object, rule, and what is told with its hint. */
function said(name: string): readonly (readonly [string, string, string])[] {
  const file = join(PROJECT_ROOT, 'test', 'explain', 'cases', `${name}.yaml`)
  return findingsOf(readFileSync(file, 'utf8'))
    .filter(({ severity }) => severity !== 'note')
    .map(({ object, rule, message, hint }) => [object, rule, `${message}; ${hint}`])
}

// The same public reports as there, whose authors would have been spared the report.
test.each([
  ['projectcalico/calico#8049', 'service-port-in-egress', 'quiz/shopfront-out', 'service-port', 'write 8080'],
  ['projectcalico/calico#8049', 'service-port-in-egress', 'quiz/shopfront-out', 'egress-forgets-dns', 'UDP and TCP 53'],
  ['cilium/cilium#33525', 'api-server-by-service-address', 'ops/watcher-to-api', 'block-for-service', '10.96.0.1/32'],
  ['kubeflow/community-distribution#3486', 'label-of-the-deployment', 'models/catalog', 'selects-no-pod', 'Deployment'],
  ['kubernetes/kubernetes#55406', 'internet-only', 'untrusted/internet-only', 'egress-forgets-dns', 'excepted from'],
  ['Azure/azure-container-networking#4867', 'slash-zero', 'safe/office-only', 'block-with-host-bits', '0.0.0.0/0'],
  ['aws/containers-roadmap#2440', 'one-family', 'sand/box-out', 'one-family-only', 'metadata services'],
] as const)('%s: of %s, %s, lint says %s', (_, name, object, rule, part) => {
  expect(said(name)).toContainEqual([`NetworkPolicy ${object}`, rule, expect.stringContaining(part)])
})

test.each(['api-server-by-endpoints', 'node-port', 'own-node', 'version-labels'])(
  'of %s there is nothing to say',
  (name) => {
    expect(said(name)).toEqual([])
  },
)
