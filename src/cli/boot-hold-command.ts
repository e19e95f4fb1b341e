import { Command, InvalidArgumentError, Option } from 'commander'
import { BOOT_OPENS_AFTER_SECONDS, bootTableText } from '../../compiler/nftables/boot-table.ts'
import { POD_BRIDGE } from '../../compiler/nftables/pod-bridge.ts'
import { bootUnitText } from '../kernel/boot-unit.ts'

/** `selvedge boot-hold`: what a node loads at boot, so that no pod passes anything before the agent has run. */
export function bootHoldCommand(): Command {
  return new Command('boot-hold')
    .description('print a table that closes the pods of a node from its boot until the agent has run')
    .option('--unit', 'print the systemd unit that loads it instead', false)
    .addOption(new Option('--bridge <name>', 'the bridge of the pods').argParser(parseBridge).default(POD_BRIDGE))
    .addOption(
      new Option('--opens-after <seconds>', 'without an agent everything passes after so long')
        .argParser(parseSeconds)
        .default(BOOT_OPENS_AFTER_SECONDS),
    )
    .action(({ unit, bridge, opensAfter }: { unit: boolean; bridge: string; opensAfter: number }) => {
      process.stdout.write(unit ? bootUnitText() : bootTableText({ bridge, opensAfterSeconds: opensAfter }))
    })
}

/** A name of a link (IFNAMSIZ), and no word of nft. */
function parseBridge(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/.test(text)) throw new InvalidArgumentError('give a name such as cni0.')
  return text
}

const MOST_SECONDS = 86_400

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!/^\d+$/.test(text) || seconds < 1 || seconds > MOST_SECONDS) {
    throw new InvalidArgumentError(`give whole seconds from 1 to ${MOST_SECONDS}.`)
  }
  return seconds
}
