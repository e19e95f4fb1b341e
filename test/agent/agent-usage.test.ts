import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { MAIN, selvedge, TWO_NODES } from '../cli/run-selvedge.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('selvedge agent refuses, with exit 2 and a reason', () => {
  test.each<readonly [string, readonly string[], string]>([
    ['standard input', ['-f', '-'], 'standard input cannot be watched; give a file or a directory'],
    ['standard input beside a directory', ['-f', TWO_NODES, '-'], 'standard input cannot be watched'],
    ['an empty path', ['-f', ''], 'give a file or a directory'],
    ['a node without a name', ['-f', TWO_NODES, '--node', ''], "option '--node <name>' argument '' is invalid"],
    ['a mask of one bit', ['-f', TWO_NODES, '--mark-mask', '0x80000000'], '1 generation would come again'],
    ['a mask of three bits', ['-f', TWO_NODES, '--mark-mask', '0xe0000000'], 'give 4 bits or more'],
    ['an address that is none', ['-f', TWO_NODES, '--listen', 'localhost'], 'write it as 127.0.0.1:9753'],
    ['to verify all the time', ['-f', TWO_NODES, '--verify-interval', '0'], 'give seconds from 0.1'],
    ['a timer that wraps', ['-f', TWO_NODES, '--verify-interval', '3000000'], 'up to 86400'],
    ['a hold of everything', ['-f', TWO_NODES, '--hold', 'on', '--hold-cidr', '0.0.0.0/0'], 'that is everything'],
    ['a hold of no subnet', ['-f', TWO_NODES, '--hold', 'on', '--hold-cidr', '10.244.1.5'], 'give a CIDR'],
    ['to hold and to keep', ['-f', TWO_NODES, '--hold', 'on', '--established', 'keep'], "'--established keep'"],
    ['a hold at boot only', ['-f', TWO_NODES, '--hold-at-boot'], "needs '--hold auto' or '--hold on'"],
    ['to open at once', ['-f', TWO_NODES, '--hold', 'auto', '--hold-open-after', '1'], 'from 10 to 604800, or never'],
    ['a cache without a path', ['-f', TWO_NODES, '--cni-cache', 'results'], 'begins with /'],
    ['an nft without time', ['-f', TWO_NODES, '--nft-timeout', '0'], 'give seconds from 0.1'],
  ])('%s', async (_, flags, reason) => {
    const { exitCode, stdout, stderr } = await selvedge(['agent', ...flags])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(reason)
  })

  test('a NODE_NAME that is empty: every pod would be open', async () => {
    const run = { reject: false, env: { NODE_NAME: '' } } as const
    const { exitCode, stderr } = await execa(process.execPath, [MAIN, 'agent', '-f', TWO_NODES], run)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^NODE_NAME "" can be no node: .*; give --node NAME$/)
  })
})

describe('without a cluster that it could wait for the agent ends, exit 3 and what to do', () => {
  test.each<readonly [string, readonly string[], Readonly<Record<string, string>>, string]>([
    ['nothing is configured', [], {}, 'no cluster is configured: set --kubeconfig or KUBECONFIG, or run in a pod'],
    ['a file that is not there', [], { KUBECONFIG: '/none' }, '(KUBECONFIG=/none names no file that is there)'],
    ['a flag of one', ['--kubeconfig', '/none'], {}, '/none: no such file or directory; name the kubeconfig of the'],
    ['a kubeconfig without a server', ['--kubeconfig', 'no-server'], {}, 'no-server: clusters[0]'],
  ])('%s', async (_, flags, env, reason) => {
    const cwd = temporaryFolder({ 'no-server': 'clusters: [{name: c, cluster: {server: ""}}]\n' })
    const nowhere = { HOME: cwd, KUBECONFIG: '', KUBERNETES_SERVICE_HOST: '', ...env }
    const words = ['--map-root-user', '--net', process.execPath, MAIN, 'agent', '--socket', 'socket', ...flags]
    const run = await execa('unshare', words, { cwd, reject: false, env: nowhere, timeout: 60_000 })
    expect(run).toMatchObject({ exitCode: 3, stdout: '', stderr: expect.stringContaining(reason) })
    expect(run.stderr).toMatch(/; or watch manifests with -f$/)
  })
})
