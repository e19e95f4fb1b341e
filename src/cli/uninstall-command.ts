import { Command } from 'commander'
import { BOOT_TABLE, removeBootTableText } from '../../compiler/nftables/boot-table.ts'
import { readRuleset } from '../../compiler/nftables/read-ruleset.ts'
import { TABLE } from '../../compiler/nftables/statement-text.ts'
import { BOOT_UNIT } from '../kernel/boot-unit.ts'
import { isBootTableThere } from '../kernel/check-boot.ts'
import { acquireInstanceLock } from '../kernel/instance-lock.ts'
import { createNft } from '../kernel/run-nft.ts'
import { EXIT } from './exit-codes.ts'

/** `selvedge uninstall`: removes the table, the only thing that we ever leave in a kernel, and the one of a boot, which is loaded for us. */
export function uninstallCommand(): Command {
  return new Command('uninstall')
    .description('remove the table from this node: from then on nothing is enforced')
    .option('--force', 'also while an agent runs (it would put the table back)', false)
    .action(uninstall)
}

async function uninstall({ force }: { readonly force: boolean }): Promise<void> {
  const fail = (text: string): void => {
    process.stderr.write(`${text}\n`)
    process.exitCode = EXIT.environment
  }
  const lock = await acquireInstanceLock({ holder: 'selvedge uninstall' })
  if (lock.kind === 'taken' && !force) {
    return fail(`an agent runs on this node (${lock.holder ?? 'it does not answer'}); stop it first, or say --force`)
  }
  try {
    const nft = createNft({ timeoutMilliseconds: 30_000 })
    const found = await nft.list()
    if (found.kind !== 'no-table' && found.kind !== 'table') return fail(found.message)
    const hadBootTable = await isBootTableThere()
    if (hadBootTable) {
      const opened = await nft.apply(removeBootTableText())
      if (opened.kind !== 'ok') return fail(opened.message)
      process.stdout.write(`removed table ${BOOT_TABLE}; ${BOOT_UNIT} on the node loads it again at the next boot\n`)
    }
    if (found.kind === 'no-table') {
      if (!hadBootTable) process.stdout.write('no table to remove\n')
      return
    }
    const removed = await nft.apply(`delete table ${TABLE}\n`)
    if (removed.kind !== 'ok') return fail(removed.message)
    const ruleset = readRuleset(found.listing)?.ruleset
    const isolated = [...(ruleset?.sets.values() ?? [])].filter(({ name }) => name.startsWith('iso'))
    const addresses = isolated.reduce((sum, { elements }) => sum + elements.size, 0)
    process.stdout.write(
      `removed table ${TABLE}: ${ruleset?.sets.size ?? 0} sets, ${ruleset?.chains.size ?? 0} chains; ` +
        `${addresses} pod addresses are not isolated any more\n`,
    )
  } finally {
    if (lock.kind === 'held') await lock.release()
  }
}
