import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { bootTableText } from '../../compiler/nftables/boot-table.ts'
import { BOOT_TABLE_FILE, BOOT_UNIT, bootUnitText } from '../../src/kernel/boot-unit.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const PROGRAM = join(import.meta.dirname, 'boot-under-systemd.sh')
const STARTERS = ['containerd', 'crio', 'kubelet', 'k3s', 'k3s-agent']

/** Says which tables there are as soon as it begins. */
const starter = (name: string) =>
  `[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo "${name}: $$(nft list tables | tr "\\\\n" " ")" >> /told/tables'\n`
/** As distributions have it. */
const FLUSH =
  "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nExecStart=/bin/sh -c 'sleep 1; nft flush ruleset; nft add table inet filter'\n"
/** The last one; then the machine is off. */
const LAST = `[Unit]\nAfter=${STARTERS.map((name) => `${name}.service`).join(' ')}\n[Service]\nType=oneshot\nExecStart=/bin/sh -c 'systemctl show -P Result ${BOOT_UNIT} > /told/result; systemctl --force --force poweroff'\n`

interface Boot {
  readonly unit?: string
  readonly table?: boolean
  readonly flushes?: boolean
  /** Shell, in the network namespace of the machine, before it boots. */
  readonly before?: string
}

/** What each of those who start pods saw, and how the unit ended. */
async function boot({ unit = bootUnitText(), table = true, flushes = true, before = 'true' }: Boot) {
  const wants = [BOOT_UNIT, 'last.service', ...STARTERS.map((name) => `${name}.service`)]
  const units = Object.fromEntries(STARTERS.map((name) => [`units/${name}.service`, starter(name)]))
  const folder = temporaryFolder({
    ...units,
    [`units/${BOOT_UNIT}`]: unit,
    'units/nftables.service': FLUSH,
    'units/last.service': LAST,
    wants: [...wants, ...(flushes ? ['nftables.service'] : [])].map((name) => `${name}\n`).join(''),
    prepare: before,
    [table ? BOOT_TABLE_FILE.slice(1) : 'etc/nothing']: bootTableText({ bridge: 'cni0', opensAfterSeconds: 600 }),
  })
  mkdirSync(join(folder, 'told'))
  const spaces = ['--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup', '--fork', '--kill-child']
  // Its end is that of process 1 when a machine goes off.
  await execa('unshare', [...spaces, 'sh', PROGRAM, folder], { reject: false, timeout: 120_000, stdin: 'ignore' })
  const told = readFileSync(join(folder, 'told', 'tables'), 'utf8')
    .trim()
    .split('\n')
  return {
    saw: told.map((line) => line.trim()).sort(),
    result: readFileSync(join(folder, 'told', 'result'), 'utf8').trim(),
  }
}

const saw = (tables: string) => STARTERS.map((name) => `${name}:${tables}`.trim()).sort()

test('before anything that starts pods the table of a boot stands, though another unit has flushed the ruleset', async () => {
  expect(await boot({})).toEqual({ saw: saw(' table inet filter table inet selvedge-boot'), result: 'success' })
})

test('it fails in this test where the unit is not ordered behind who flushes', async () => {
  const unit = bootUnitText().replace(/^After=.*\n/m, '')
  expect((await boot({ unit })).saw).not.toEqual(saw(' table inet filter table inet selvedge-boot'))
})

test('where the table of an agent stands already nothing is closed', async () => {
  const stands = await boot({ flushes: false, before: 'nft add table inet selvedge' })
  expect(stands).toEqual({ saw: saw(' table inet selvedge'), result: 'exec-condition' })
})

test('without its file the unit does nothing, and the machine boots', async () => {
  expect((await boot({ table: false, flushes: false })).saw).toEqual(saw(''))
})
