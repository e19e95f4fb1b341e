import { expect, test } from 'vitest'
import { documents, workload } from '../explain/manifests.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type Run, selvedge } from './run-selvedge.ts'

const AUDIT = '{selvedge.io/mode: audit}'
const MONITOR = "{kube-router.io/network-policy.monitor: 'true'}"

/** web may not reach db, if shop/db is enforced; an object of Calico's stands there for lint. */
function manifests({ ofNamespace = '{}', ofPolicy = '{}' }): string {
  return documents(
    `{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: ${ofNamespace}}}`,
    workload('shop/web'),
    workload('shop/db'),
    `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: db, namespace: shop, annotations: ${ofPolicy}}, spec: {podSelector: {matchLabels: {app: db}}}}`,
    '{apiVersion: projectcalico.org/v3, kind: FelixConfiguration, metadata: {name: default}}',
  )
}

const FILES = {
  'open.yaml': documents(workload('shop/web'), workload('shop/db')),
  'plain.yaml': manifests({}),
  'namespace.yaml': manifests({ ofNamespace: AUDIT }),
  'monitor.yaml': manifests({ ofPolicy: MONITOR }),
  'own.yaml': manifests({ ofPolicy: AUDIT }),
  'apart/test.policytest.yaml':
    'apiVersion: selvedge.io/v1alpha1\nkind: PolicyTest\ntests:\n  - {from: shop/web, to: shop/db, ports: [5432], expect: deny}\n',
}

/** What the agents with these flags make of it, as docs/audit.md says; without them it would be the other way. */
const CASES: readonly (readonly [file: string, flags: readonly string[], isAudited: boolean])[] = [
  ['namespace.yaml', ['--audit', 'namespaces'], true],
  ['monitor.yaml', ['--read-kube-router-monitor'], true],
  ['own.yaml', ['--audit', 'off'], false],
]

type Ask = readonly [command: string, args: (file: string) => readonly string[], isAudited: (run: Run) => boolean]
const COMMANDS: readonly Ask[] = [
  ['explain', (file) => ['explain', 'shop/web', 'shop/db', '5432', '-f', file], ({ exitCode }) => exitCode === 0],
  ['graph', (file) => ['graph', '-o', 'csv', '-f', file], ({ stdout }) => /^shop.web,shop.db,/m.test(stdout)],
  ['policies', (file) => ['policies', 'shop/db', '-f', file], ({ stdout }) => stdout.includes('ingress: open')],
  ['diff', (file) => ['diff', 'open.yaml', file], ({ exitCode }) => exitCode === 0],
  ['review', (file) => ['review', '--fail-on', 'any', 'open.yaml', file], ({ exitCode }) => exitCode === 0],
  ['lint', (file) => ['lint', '-f', file], ({ stdout }) => stdout.includes('[audit-only-here]')],
  ['test', (file) => ['test', 'apart', '-f', file], ({ exitCode }) => exitCode === 1],
]

test.each(COMMANDS)(
  '%s counts a policy as agents with the same flags do',
  async (_, args, isAudited) => {
    const cwd = temporaryFolder(FILES)
    for (const [file, flags, expected] of CASES) {
      const run = await selvedge([...args(file), ...flags], { cwd })
      expect({ file, flags, isAudited: isAudited(run) }, `${run.stdout}${run.stderr}`).toEqual({
        file,
        flags,
        isAudited: expected,
      })
    }
  },
  60_000,
)

test('a change of the Namespace is a change of its policies, where its word counts', async () => {
  const cwd = temporaryFolder(FILES)
  const diff = async (...flags: readonly string[]) =>
    (await selvedge(['diff', 'plain.yaml', 'namespace.yaml', ...flags], { cwd })).exitCode
  expect(await diff()).toBe(0)
  expect(await diff('--audit', 'namespaces')).toBe(1)
})
