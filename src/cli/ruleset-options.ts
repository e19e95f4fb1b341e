import { type Command, InvalidArgumentError, Option } from 'commander'
import { DEFAULT_OPTIONS, isMarkMask, type RulesetOptions } from '../../compiler/nftables/options.ts'

/** The flags that shape the ruleset, the same wherever one is made; what `looks` at a node can find out some of them. */
export function addRulesetOptions(command: Command, { looks = false } = {}): Command {
  return command
    .addOption(
      new Option('--service-proxy <how>', 'how kube-proxy carries Services: by DNAT (iptables, nftables), or by IPVS')
        .choices(looks ? ['auto', 'nat', 'ipvs'] : ['nat', 'ipvs'])
        .default(looks ? 'auto' : DEFAULT_OPTIONS.serviceProxy),
    )
    .addOption(
      new Option('--deny <how>', 'what happens to a denied packet')
        .choices(['drop', 'reject'])
        .default(DEFAULT_OPTIONS.deny),
    )
    .addOption(
      new Option('--established <how>', 'what happens to live flows when policy changes')
        .choices(['rejudge', 'keep'])
        .default(DEFAULT_OPTIONS.established),
    )
    .addOption(
      new Option('--bridge-local <how>', 'link-local, broadcast and multicast packets between pods of one bridge')
        .choices(['drop', 'pass'])
        .default(DEFAULT_OPTIONS.bridgeLocal),
    )
    .addOption(new Option('--observe', 'note allowed connections too, for 24 hours').default(DEFAULT_OPTIONS.observe))
    .addOption(
      new Option('--mark-mask <hex>', 'contiguous bits of the conntrack mark that remember judged flows')
        .argParser(parseMarkMask)
        .default(DEFAULT_OPTIONS.markMask, `0x${DEFAULT_OPTIONS.markMask.toString(16)}`),
    )
}

/** The ruleset options among a command's parsed flags. */
export function rulesetOptions(flags: RulesetOptions): RulesetOptions {
  const { deny, established, bridgeLocal, serviceProxy, observe, markMask } = flags
  return { deny, established, bridgeLocal, serviceProxy, observe, markMask }
}

function parseMarkMask(text: string): number {
  const mask = /^(0x)?[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text.replace(/^0x/i, ''), 16) : 0
  if (!isMarkMask(mask)) throw new InvalidArgumentError('give contiguous bits of 32 as hex, such as 0xfff00000.')
  return mask
}
