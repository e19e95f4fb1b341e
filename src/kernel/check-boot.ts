import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BOOT_TABLE } from '../../compiler/nftables/boot-table.ts'
import { TABLE } from '../../compiler/nftables/statement-text.ts'
import { BOOT_UNIT } from './boot-unit.ts'
import type { Finding } from './finding.ts'
import { runProgram } from './run-program.ts'

export interface BootCheckOptions {
  /** Default `['nft']`. */
  readonly command?: readonly string[]
  /** Where the node's files may be seen. */
  readonly hostFolders?: readonly string[]
}

const HOST_FOLDERS = ['/', '/host', '/proc/1/root']
const UNIT_FOLDERS = ['etc/systemd/system', 'usr/lib/systemd/system', 'usr/local/lib/systemd/system']
const TIMEOUT_MILLISECONDS = 10_000

/** Does what closes a node at its boot stand without an agent that would open it? For people who ask, not for the agent. */
export async function checkBoot(options: BootCheckOptions = {}): Promise<readonly Finding[]> {
  const { command = ['nft'], hostFolders = HOST_FOLDERS } = options
  const tables = await listTables(command)
  if (tables === undefined) return []
  const unit = UNIT_FOLDERS.flatMap((folder) => hostFolders.map((host) => join(host, folder, BOOT_UNIT))).find(
    existsSync,
  )
  return [
    ...(tables.has(BOOT_TABLE) ? [STANDS] : []),
    ...(unit !== undefined && !tables.has(TABLE) ? [unitRemains(unit)] : []),
  ]
}

/** Does a boot's table stand in this node's kernel? */
export async function isBootTableThere(): Promise<boolean> {
  return (await listTables(['nft']))?.has(BOOT_TABLE) === true
}

/** As `inet selvedge`; undefined when nft would not: why, is another check's business. */
async function listTables(command: readonly string[]): Promise<ReadonlySet<string> | undefined> {
  const end = await runProgram([...command, 'list', 'tables'], { timeoutMilliseconds: TIMEOUT_MILLISECONDS })
  if (end.kind !== 'exited' || end.exitCode !== 0) return undefined
  return new Set(end.stdout.split('\n').map((line) => line.replace(/^table /, '')))
}

const STANDS: Finding = {
  id: 'boot-table-stands',
  severity: 'warns',
  problem: `the table ${BOOT_TABLE} stands: pods of this node pass nothing until an agent takes it away, or its time is over`,
  cure: `start the agent; or \`nft delete table ${BOOT_TABLE}\``,
}

function unitRemains(path: string): Finding {
  return {
    id: 'boot-unit-remains',
    severity: 'warns',
    problem: `${path} closes the pods of this node at each boot, and no agent's table stands here`,
    cure: `where no agent is to run any more: \`systemctl disable ${BOOT_UNIT}\`, and remove it`,
  }
}
