import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { kubeconfigText } from '../../support/kubeconfig-text.ts'
import { type Case, passed, type Theme } from '../case.ts'
import type { Json, Kubectl } from '../kubectl.ts'
import { policy, subject, underPolicies } from '../policies.ts'
import { CaseFailure, waysTo } from '../ways.ts'
import type { World } from '../world.ts'

const SELVEDGE = join(import.meta.dirname, '..', '..', '..', 'bin', 'selvedge.js')

/** Ingress of x/a and egress of y/b are closed, which are on two nodes: so each node denies something, and both were asked. */
const closed = [
  policy('x', 'denied', { podSelector: subject('a'), policyTypes: ['Ingress'] }),
  policy('y', 'denied', { podSelector: subject('b'), policyTypes: ['Egress'] }),
]

async function tryBoth(world: World): Promise<void> {
  const [a, b, c] = ['x/a', 'y/b', 'z/c'].map(world.place)
  if (a === undefined || b === undefined || c === undefined) throw new CaseFailure('the nine pods are not there')
  await underPolicies(world, closed, [...waysTo(world, c, a, 8080, false), ...waysTo(world, b, c, 8080, false)])
}

/** `selvedge denied` as it is typed on a laptop. */
async function denied(kubeconfig: string, ...more: readonly string[]) {
  const start = performance.now()
  const argv = [SELVEDGE, 'denied', '--kubeconfig', kubeconfig, '-o', 'json', ...more]
  const { exitCode, stdout, stderr } = await execa(process.execPath, argv, { reject: false, timeout: 120_000 })
  return { exitCode, stdout, stderr, milliseconds: Math.round(performance.now() - start) }
}

interface Answer {
  readonly nodes: readonly { readonly name: string; readonly answered: boolean; readonly problem?: string }[]
  readonly flows: readonly {
    readonly node: string
    readonly source: { readonly workload?: string | null; readonly namespace?: string }
    readonly destination: { readonly workload?: string | null; readonly namespace?: string }
    readonly direction: string
    readonly policies: readonly string[]
  }[]
}

const fromOutside: Case = {
  name: 'from outside every agent is asked, and each node tells what it denied',
  run: async (world) => {
    await tryBoth(world)
    // Twice: what is measured is a laptop that has asked before.
    await denied(world.kubectl.kubeconfig)
    const { exitCode, stdout, stderr, milliseconds } = await denied(world.kubectl.kubeconfig)
    if (exitCode !== 0) throw new CaseFailure(`exit ${exitCode}: ${stderr}`)
    const { nodes, flows } = JSON.parse(stdout) as Answer
    const silent = nodes.filter(({ answered }) => !answered)
    if (silent.length > 0 || nodes.length < 2) throw new CaseFailure(`not all nodes answered: ${JSON.stringify(nodes)}`)
    const told = flows.map(({ direction, policies }) => `${direction} ${policies.join()}`)
    for (const wanted of [`ingress ${world.namespaceOf('x')}/denied`, `egress ${world.namespaceOf('y')}/denied`]) {
      if (!told.includes(wanted)) throw new CaseFailure(`nobody tells of ${wanted}: ${told.join('; ')}`)
    }
    return passed(`${nodes.length} nodes, ${flows.length} flows, the command took ${milliseconds} ms`)
  },
}

const READ = 'selvedge-e2e-reader'
const EXEC = 'selvedge-e2e-asker'

const withoutRight: Case = {
  name: 'who may read but not exec is told so and gets nothing; with the right to exec, everything',
  run: async (world) => {
    const { kubectl } = world
    await tryBoth(world)
    const folder = mkdtempSync(join(tmpdir(), 'selvedge-e2e-'))
    try {
      const kubeconfig = await readerIn(kubectl, folder, world.namespaceOf('x'))
      const refused = await denied(kubeconfig)
      if (refused.exitCode !== 3 || refused.stdout !== '')
        throw new CaseFailure(`exit ${refused.exitCode} ${refused.stdout}`)
      for (const words of [
        'answers 403',
        'create on pods/exec',
        'Selvedge brings no role for it',
        'kubectl -n kube-system logs',
      ]) {
        if (!refused.stderr.includes(words)) throw new CaseFailure(`"${words}" is not in: ${refused.stderr}`)
      }
      await kubectl.apply(execRights(world.namespaceOf('x')))
      const { exitCode, stdout, stderr } = await denied(kubeconfig)
      if (exitCode !== 0) throw new CaseFailure(`with the right: exit ${exitCode}: ${stderr}`)
      const { nodes } = JSON.parse(stdout) as Answer
      if (nodes.some(({ answered }) => !answered)) throw new CaseFailure(stdout)
      return passed(refused.stderr.trim().slice(0, 120))
    } finally {
      rmSync(folder, { recursive: true, force: true })
      await kubectl.run(['-n', 'kube-system', 'delete', 'role,rolebinding', EXEC, '--ignore-not-found'])
      await kubectl.run(['delete', 'clusterrole,clusterrolebinding', READ, '--ignore-not-found'])
    }
  },
}

/** A kubeconfig of a ServiceAccount that may do what `explain` needs. */
async function readerIn(kubectl: Kubectl, folder: string, namespace: string): Promise<string> {
  const account = { kind: 'ServiceAccount', name: READ, namespace }
  await kubectl.apply([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: READ, namespace } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: READ },
      rules: [
        { apiGroups: [''], resources: ['pods', 'namespaces', 'services', 'nodes'], verbs: ['list'] },
        { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies', 'ingresses'], verbs: ['list'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
      ],
    },
    binding('ClusterRoleBinding', READ, undefined, { kind: 'ClusterRole', name: READ }, account),
  ])
  const token = await kubectl.run(['-n', namespace, 'create', 'token', READ])
  const config = JSON.parse(await kubectl.run(['config', 'view', '--raw', '--minify', '-o', 'json'])) as {
    readonly clusters: readonly [{ readonly cluster: Json }]
  }
  const file = join(folder, 'kubeconfig')
  const text = kubeconfigText(config.clusters[0].cluster, { token: token.trim() })
  writeFileSync(file, text, { mode: 0o600 })
  return file
}

function execRights(namespace: string): readonly Json[] {
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: EXEC, namespace: 'kube-system' },
      rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] }],
    },
    binding(
      'RoleBinding',
      EXEC,
      'kube-system',
      { kind: 'Role', name: EXEC },
      { kind: 'ServiceAccount', name: READ, namespace },
    ),
  ]
}

function binding(kind: string, name: string, namespace: string | undefined, role: Json, subjectOf: Json): Json {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...role },
    subjects: [subjectOf],
  }
}

export const deniedFlows: Theme = { name: 'denied', cases: [fromOutside, withoutRight] }
