import { isAbsolute } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Block } from '../../compiler/addresses/block.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { DEFAULT_OPEN_AFTER_SECONDS, type HoldOptions } from '../agent/hold-options.ts'
import { DEFAULT_CACHE_FOLDER } from '../sources/cni/create-cni-source.ts'

/** What the flags of the hold are parsed to. */
export interface HoldFlags {
  /** Undefined: nobody said. */
  readonly hold?: HoldOptions['mode']
  readonly holdCidr?: readonly Block[]
  readonly holdExcept?: readonly Block[]
  readonly cniCache: string
  readonly holdOpenAfter?: number | 'never'
  readonly holdAtBoot: boolean
}

/** A week. */
const MOST_SECONDS = 604_800

/** The flags of the hold. */
export function addHoldOptions(command: Command): Command {
  return command
    .addOption(
      // No default of commander's: whether somebody said `off` makes a difference (finding hold-available).
      new Option('--hold <when>', 'whether addresses of pods not known yet pass nothing (default: off)').choices([
        'auto',
        'on',
        'off',
      ]),
    )
    .addOption(
      new Option('--hold-cidr <cidr...>', 'subnets to hold (default: those of Flannel on this node)').argParser(
        addBlock,
      ),
    )
    .addOption(
      new Option('--hold-except <cidr...>', 'addresses that are never held, there or between pods').argParser(addBlock),
    )
    .addOption(
      new Option(
        '--hold-open-after <seconds>',
        'without an agent new pods pass after so long, or never (default: 600 with auto, else never)',
      ).argParser(parseOpenAfter),
    )
    .option('--hold-at-boot', 'hold on a node without a table before the cluster has been read', false)
    .addOption(
      new Option('--cni-cache <folder>', 'where the container runtime notes the addresses of its pods')
        .argParser(parseFolder)
        .default(DEFAULT_CACHE_FOLDER),
    )
}

/** The options of the hold among an agent's parsed flags. */
export function holdOptions(flags: HoldFlags): HoldOptions {
  const mode = flags.hold ?? 'off'
  const openAfter = flags.holdOpenAfter ?? (mode === 'auto' ? DEFAULT_OPEN_AFTER_SECONDS : 'never')
  return {
    mode,
    isTold: flags.hold !== undefined,
    blocks: flags.holdCidr ?? [],
    excepts: flags.holdExcept ?? [],
    cacheFolder: flags.cniCache,
    openAfterSeconds: openAfter === 'never' ? undefined : openAfter,
    atBoot: flags.holdAtBoot,
  }
}

function addBlock(text: string, blocks: readonly Block[] = []): readonly Block[] {
  const block = parseBlock(text)?.block
  if (block === undefined) throw new InvalidArgumentError('give a CIDR, such as 10.244.1.0/24.')
  if (block.prefix === 0) throw new InvalidArgumentError('that is everything; give the subnet of this node’s pods.')
  return [...blocks, block]
}

function parseOpenAfter(text: string): number | 'never' {
  if (text === 'never') return text
  const seconds = Number(text)
  if (!/^\d+$/.test(text) || seconds < 10 || seconds > MOST_SECONDS) {
    throw new InvalidArgumentError(`give whole seconds from 10 to ${MOST_SECONDS}, or never.`)
  }
  return seconds
}

function parseFolder(text: string): string {
  if (!isAbsolute(text)) throw new InvalidArgumentError('give a path that begins with /.')
  return text
}
