import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clusterToYaml } from '../support/cluster-yaml.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import { respell } from '../arbitraries/respell.ts'
import { temporaryFolder, writeFileAt } from '../support/temporary-folder.ts'
import { refused, selvedge, SHOP } from './run-selvedge.ts'

test('the same twice, and the same in other words: exit 0', async () => {
  const cluster = clusterOf(
    pod('shop/a', '10.0.0.1', { labels: { app: 'a' } }),
    pod('shop/b', '10.0.0.2', { labels: { app: 'b' } }),
    policy('shop/p', {
      podSelector: { matchLabels: { app: 'a' } },
      ingress: [{ ports: [{ port: 80 }, { port: 81 }] }],
    }),
  )
  const cwd = temporaryFolder({ 'old.yaml': clusterToYaml(cluster), 'new.yaml': clusterToYaml(respell(cluster, 7)) })
  const nothing = 'Nothing opens, nothing closes.\n\nThe ruleset stays as it is, byte for byte.\n'
  expect(await selvedge(['diff', SHOP, SHOP])).toEqual({ exitCode: 0, stdout: nothing, stderr: '' })
  expect(await selvedge(['diff', 'old.yaml', 'new.yaml'], { cwd })).toEqual({
    exitCode: 0,
    stdout: nothing,
    stderr: '',
  })
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

test.each([
  [[SHOP], 'give OLD and NEW, or -f NEW to compare with the live cluster'],
  [[], 'give OLD and NEW, or -f NEW to compare with the live cluster'],
  [[SHOP, SHOP, '-f', SHOP], 'give OLD and NEW, or -f NEW, not both'],
  [['-', '-'], 'only one of OLD and NEW can be standard input'],
])('diff %j is wrong usage', async (args, problem) => {
  expect(await selvedge(['diff', ...args])).toEqual(refused(`${problem}; see selvedge diff --help`))
})
