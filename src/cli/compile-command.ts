import { Command, Option } from 'commander'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { graphJson } from '../../compiler/graph/graph-json.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import type { AuditOptions } from '../../compiler/objects/is-audited.ts'
import { checkDnsSubdomain } from '../../compiler/objects/name-syntax.ts'
import { contentName } from '../../compiler/nftables/names.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { contentGeneration, rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { addAuditOptions, auditOptions } from './audit-options.ts'
import { EXIT } from './exit-codes.ts'
import { addInputOptions, nameParser } from './input-options.ts'
import { nodeNote } from './node-note.ts'
import { refuseClosed, tellAudited } from './read-cluster-input.ts'
import { type InputFlags, readInput } from './read-input.ts'
import { addRulesetOptions, rulesetOptions } from './ruleset-options.ts'

interface CompileFlags extends InputFlags, RulesetOptions, AuditOptions {
  readonly node?: string
  readonly output: 'nft' | 'json'
}

/** `selvedge compile`: the ruleset that a node would enforce, or the allow-graph behind it. */
export function compileCommand(): Command {
  const command = new Command('compile').description('print the nftables ruleset for manifests, or their allow-graph')
  addInputOptions(command)
    .option(
      '--node <name>',
      'compile for this node: only its pods are isolated (default: as if all were on one node)',
      nameParser(checkDnsSubdomain),
    )
    .addOption(
      new Option('-o, --output <format>', 'nft: for `nft -f`; json: the allow-graph')
        .choices(['nft', 'json'])
        .default('nft'),
    )
  addAuditOptions(command)
  return addRulesetOptions(command).action(compile)
}

function compile(flags: CompileFlags): void {
  if (flags.filename === undefined && flags.kustomize === undefined) {
    process.stderr.write("error: required option '-f, --filename <path...>' not specified\n")
    process.exitCode = EXIT.badInput
    return
  }
  const input = readInput(flags)
  if (input === undefined) {
    process.exitCode = EXIT.badInput
    return
  }
  const isLocal = (pod: Pod) => flags.node === undefined || pod.node === flags.node
  const options = rulesetOptions(flags)
  const engine = createEngine({ isLocal, ruleset: options, audit: auditOptions(flags) })
  engine.apply(input.objects.map((object) => ({ type: 'put', object })))
  if (refuseClosed(engine.problems())) return
  tellAudited(engine.local.audited())
  const note = flags.node === undefined ? '' : nodeNote(flags.node, input.objects)
  if (note !== '') process.stderr.write(`${note}\n`)
  if (flags.output === 'nft') {
    const ruleset = engine.ruleset()
    process.stdout.write(rulesetText(ruleset, options, contentGeneration(ruleset, options)))
    return
  }
  const pods = [...engine.graph().pods.values()].filter(({ pod }) => isLocal(pod))
  const json = graphJson(pods, (direction, grants) => contentName(direction, grants.key))
  process.stdout.write(`${JSON.stringify(json, undefined, 2)}\n`)
}
