import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { inUserNamespace } from '../../src/lab/user-namespace.ts'
import { describeLab } from './describe-lab.ts'
import { smallPlan } from './small-plan.ts'

/** Builds both arrangements inside and prints what arrived. */
const PROGRAM = `
const { createLab } = await import(${JSON.stringify(new URL('../../src/lab/create-lab.ts', import.meta.url).href)})
const answers = []
for (const plan of ${JSON.stringify([smallPlan('bridged'), smallPlan('routed')])}) {
  const lab = await createLab(plan)
  await lab.loadRuleset('node-a', 'table inet trial { chain forward { type filter hook forward priority 0; tcp dport 81 drop; }\\n}\\n')
  answers.push(...await lab.probe([
    { from: 'shop/web', toAddress: '10.244.1.11', protocol: 'TCP', port: 80 },
    { from: 'shop/web', toAddress: '10.244.1.11', protocol: 'TCP', port: 81 },
    { from: 'shop/web', toAddress: 'fd44:0:0:2::10', protocol: 'SCTP', port: 80 },
  ]))
  await lab.close()
}
console.log(JSON.stringify({ uid: process.getuid(), answers }))
`

describeLab('inside a user namespace', () => {
  test('an ordinary user builds a lab with no right on the machine', async () => {
    const [file = '', ...rest] = [
      ...(await asNobody()),
      ...inUserNamespace([process.execPath, '--input-type=module', '--eval', PROGRAM]),
    ]
    const { stdout, stderr } = await execa(file, rest, { reject: false, cwd: '/' })
    expect({ stdout, stderr }).toEqual({
      stdout: JSON.stringify({ uid: 0, answers: [true, false, true, true, false, true] }),
      stderr: '',
    })
  })
})

/** Root's own user namespace proves less, but is what is left where 'nobody' may not read this checkout or have one. */
async function asNobody(): Promise<readonly string[]> {
  const prefix = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--']
  const trial = [
    'unshare',
    '--user',
    '--map-root-user',
    'test',
    '-r',
    fileURLToPath(import.meta.url),
    '-a',
    '-x',
    process.execPath,
  ]
  const { failed } = await execa('setpriv', [...prefix, ...trial], { reject: false, cwd: '/' })
  return failed ? [] : ['setpriv', ...prefix]
}
