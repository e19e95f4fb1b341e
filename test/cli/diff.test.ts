import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clusterToYaml } from '../support/cluster-yaml.ts'
import { documents, policy, workload } from '../explain/manifests.ts'
import { clusterOf, pod, policy as rawPolicy } from '../oracle/make-objects.ts'
import { respell } from '../arbitraries/respell.ts'
import { temporaryFolder, writeFileAt } from '../support/temporary-folder.ts'
import { refused, selvedge, SHOP } from './run-selvedge.ts'

test('the same twice, and the same in other words: exit 0', async () => {
  const cluster = clusterOf(
    pod('shop/a', '10.0.0.1', { labels: { app: 'a' } }),
    pod('shop/b', '10.0.0.2', { labels: { app: 'b' } }),
    rawPolicy('shop/p', {
      podSelector: { matchLabels: { app: 'a' } },
      ingress: [{ ports: [{ port: 80 }, { port: 81 }] }],
    }),
  )
  const cwd = temporaryFolder({ 'old.yaml': clusterToYaml(cluster), 'new.yaml': clusterToYaml(respell(cluster, 7)) })
  const nothing = 'Nothing opens, nothing closes.\n\nThe ruleset stays as it is, byte for byte.\n'
  expect(await selvedge(['diff', SHOP, `${SHOP}/.`])).toEqual({
    exitCode: 0,
    stdout: nothing,
    stderr: `note: OLD and NEW are both ${SHOP}/.: the same is compared with itself\n`,
  })
  expect(await selvedge(['diff', 'old.yaml', 'new.yaml'], { cwd })).toEqual({
    exitCode: 0,
    stdout: nothing,
    stderr: '',
  })
})

test('--fail-on takes several words', async () => {
  const cwd = temporaryFolder()
  cpSync(SHOP, join(cwd, 'closed'), { recursive: true })
  cpSync(SHOP, join(cwd, 'open'), { recursive: true })
  writeFileAt(join(cwd, 'open', 'policies.yaml'), '')
  for (const [words, exitCode] of [
    ['cuts', 0],
    ['cuts,opens', 1],
    ['never, any', 1],
    ['never', 0],
    ['cuts,open', 2],
  ] as const) {
    const run = await selvedge(['diff', 'closed', 'open', '--fail-on', words], { cwd })
    expect({ words, exitCode: run.exitCode }).toEqual({ words, exitCode })
  }
})

test('a policy taken away: exit 1, what opens by name, and the transaction', async () => {
  const cwd = temporaryFolder()
  cpSync(SHOP, join(cwd, 'old'), { recursive: true })
  cpSync(SHOP, join(cwd, 'new'), { recursive: true })
  writeFileAt(join(cwd, 'new', 'policies.yaml'), '')
  const there = await selvedge(['diff', 'old', 'new', '-o', 'json'], { cwd })
  expect(there).toMatchObject({ exitCode: 1, stderr: '' })
  const value = JSON.parse(there.stdout) as { opens: unknown[]; closes: unknown[]; ruleset: string }
  expect(value.opens).toContainEqual({ from: '0.0.0.0/0', to: 'production/database', protocol: '*', ports: '*' })
  expect(value.closes).toEqual([])
  expect(value.ruleset).toContain('inet selvedge')
  const back = await selvedge(['diff', 'new', 'old', '-o', 'json'], { cwd })
  expect(JSON.parse(back.stdout)).toMatchObject({ opens: [], closes: value.opens })
})

/** Two Deployments, and a policy or none. */
function webAndDatabase(...policies: readonly string[]): string {
  return documents(workload('shop/web'), workload('shop/db'), ...policies)
}

test('a first policy closes everything but the port that it grants', async () => {
  const first = policy(
    'shop/db',
    '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]}',
  )
  const cwd = temporaryFolder({ 'old.yaml': webAndDatabase(), 'new.yaml': webAndDatabase(first) })
  const there = await selvedge(['diff', 'old.yaml', 'new.yaml'], { cwd })
  expect(there.stdout).toContain('- shop/web → shop/db  everything but TCP 5432\n')
  const back = await selvedge(['diff', 'new.yaml', 'old.yaml'], { cwd })
  expect(back.stdout).toContain('+ shop/web → shop/db  everything but TCP 5432\n')
  const { stdout } = await selvedge(['diff', 'old.yaml', 'new.yaml', '-o', 'json'], { cwd })
  const { closes } = JSON.parse(stdout) as { readonly closes: readonly { readonly from: string }[] }
  expect(closes.filter(({ from }) => from === 'shop/web')).toEqual(
    [
      { protocol: 'SCTP', ports: '*' },
      { protocol: 'TCP', ports: '0-5431' },
      { protocol: 'TCP', ports: '5433-65535' },
      { protocol: 'UDP', ports: '*' },
      { protocol: 'other', ports: '*' },
    ].map((rest) => ({ from: 'shop/web', to: 'shop/db', ...rest })),
  )
})

test('from one port to everything opens everything but that port, outside too', async () => {
  const one = policy('shop/db', '{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 8081}]}]}')
  const all = policy('shop/db', '{podSelector: {matchLabels: {app: db}}, ingress: [{}]}')
  const cwd = temporaryFolder({ 'old.yaml': webAndDatabase(one), 'new.yaml': webAndDatabase(all) })
  const { stdout } = await selvedge(['diff', 'old.yaml', 'new.yaml'], { cwd })
  expect(stdout).toContain('+ 0.0.0.0/0 → shop/db  everything but TCP 8081\n')
  expect(stdout).toContain('+ shop/web → shop/db  everything but TCP 8081\n')
})

test('where only other protocols open, that is what is said', async () => {
  const ports = '[{protocol: TCP}, {protocol: UDP}, {protocol: SCTP}]'
  const some = policy('shop/db', `{podSelector: {matchLabels: {app: db}}, ingress: [{ports: ${ports}}]}`)
  const cwd = temporaryFolder({ 'old.yaml': webAndDatabase(some), 'new.yaml': webAndDatabase() })
  const { stdout } = await selvedge(['diff', 'old.yaml', 'new.yaml'], { cwd })
  expect(stdout).toContain('+ shop/web → shop/db  other protocols\n')
})

const AGENT_CLOSED = policy('shop/agent', '{podSelector: {matchLabels: {app: agent}}, policyTypes: [Ingress]}')
const withAgent = (hostNetwork: boolean) =>
  documents(workload('shop/web'), workload('shop/agent', { kind: 'DaemonSet', hostNetwork }), AGENT_CLOSED)

test('a workload that goes onto the network of its nodes leaves policy: it is not gone, and nothing of it closes', async () => {
  const cwd = temporaryFolder({ 'old.yaml': withAgent(false), 'new.yaml': withAgent(true) })
  const there = await selvedge(['diff', 'old.yaml', 'new.yaml'], { cwd })
  expect(there).toMatchObject({ exitCode: 1, stderr: '' })
  expect(there.stdout).toMatch(/^Leaves policy: shop\/agent is on the network of its node now/)
  expect(there.stdout).toContain('+ 0.0.0.0/0 → shop/agent  everything\n')
  expect(there.stdout).toContain('+ shop/web → shop/agent  everything\n')
  expect(there.stdout).not.toMatch(/Closes|Gone|New:/)
  const back = await selvedge(['diff', 'new.yaml', 'old.yaml'], { cwd })
  expect(back.stdout).toMatch(/^Comes under policy: shop\/agent is no longer on the network of its node/)
  expect(back.stdout).toContain('- 0.0.0.0/0 → shop/agent  everything\n')
  expect(back.stdout).not.toMatch(/Opens|Gone|New:/)
})

test('that alone is news, even where no policy spoke of it', async () => {
  const agent = (hostNetwork: boolean) => documents(workload('shop/agent', { kind: 'DaemonSet', hostNetwork }))
  const cwd = temporaryFolder({ 'old.yaml': agent(false), 'new.yaml': agent(true) })
  const { exitCode, stdout } = await selvedge(['diff', 'old.yaml', 'new.yaml', '-o', 'json'], { cwd })
  expect({ exitCode, value: JSON.parse(stdout) as unknown }).toMatchObject({
    exitCode: 1,
    value: { opens: [], closes: [], leavesPolicy: ['shop/agent'], comesUnderPolicy: [] },
  })
})

test('what opens to every address is not said again for each workload on the network of its node', async () => {
  const closed = policy('shop/web', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}')
  const agents = ['kube-proxy', 'flannel'].map((name) => workload(`kube-system/${name}`, { hostNetwork: true }))
  const cwd = temporaryFolder({
    'old.yaml': documents(workload('shop/web'), ...agents),
    'new.yaml': documents(workload('shop/web'), ...agents, closed),
  })
  const { stdout } = await selvedge(['diff', 'old.yaml', 'new.yaml'], { cwd })
  expect(stdout).toContain('- 0.0.0.0/0 → shop/web  everything\n')
  expect(stdout).not.toContain('kube-system')
  const json = await selvedge(['diff', 'old.yaml', 'new.yaml', '-o', 'json'], { cwd })
  expect(json.stdout).toContain('"from": "kube-system/kube-proxy"')
})

test.each([
  [[SHOP], 'give OLD and NEW, or -f NEW to compare with the live cluster'],
  [[], 'give OLD and NEW, or -f NEW to compare with the live cluster'],
  [[SHOP, SHOP, '-f', SHOP], 'give OLD and NEW, or -f NEW, not both'],
  [['-', '-'], 'only one of OLD and NEW can be standard input'],
])('diff %j is wrong usage', async (args, problem) => {
  expect(await selvedge(['diff', ...args])).toEqual(refused(`${problem}; see selvedge diff --help`))
})

test('--why says by which rules what opens may connect now, and by which what closes could before; of pods that fall apart too', async () => {
  // The one pod is selected by a policy of its own afterwards, so that the workload is two things in the answer.
  const pods = documents(
    podOf('web-0', '10.244.1.10', '{app: web}'),
    podOf('web-1', '10.244.1.11', '{app: web, canary: "yes"}'),
    podOf('db', '10.244.1.12', '{app: db}'),
    policy('shop/none', '{podSelector: {matchLabels: {app: db}}}'),
  )
  const opened = policy(
    'shop/canary',
    '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {canary: "yes"}}}], ports: [{port: 5432}]}]}',
  )
  const cwd = temporaryFolder({ 'old.yaml': pods, 'new.yaml': `${pods}${documents(opened)}` })
  const rule = { policy: 'shop/canary', rule: 'ingress[0]', file: 'new.yaml', line: 28 }
  const [there, back] = await Promise.all([
    selvedge(['diff', 'old.yaml', 'new.yaml', '--why', '-n', 'edge', '-o', 'json'], { cwd }),
    selvedge(['diff', 'new.yaml', 'old.yaml', '--why', '-o', 'json'], { cwd }),
  ])
  const edges = [{ from: 'shop/web-1', to: 'shop/db', protocol: 'TCP', ports: '5432', rules: [rule] }]
  expect(JSON.parse(there.stdout)).toMatchObject({ opens: edges, closes: [] })
  expect(JSON.parse(back.stdout)).toMatchObject({ opens: [], closes: edges })
  const { stdout } = await selvedge(['diff', 'old.yaml', 'new.yaml', '--why'], { cwd })
  expect(stdout).toContain('  + shop/web-1 → shop/db  TCP 5432\n      shop/canary ingress[0]  new.yaml:28\n')
})

function podOf(name: string, address: string, labels: string): string {
  const owner = '{kind: StatefulSet, name: web, controller: true}'
  const owners = name === 'db' ? '' : `, ownerReferences: [${owner}]`
  return `apiVersion: v1\nkind: Pod\nmetadata: {namespace: shop, name: ${name}, labels: ${labels}${owners}}\nspec: {containers: [{name: main}]}\nstatus: {phase: Running, podIPs: [{ip: ${address}}]}`
}
