import { Command } from 'commander'

/** A command as the program's help tells it; the rest is loaded when it is asked for. */
export interface ListedCommand {
  readonly name: string
  /** What stands behind the name: `[options]`, arguments. */
  readonly use: string
  readonly description: string
  load(): Promise<Command>
}

/** In the order of the help. */
export const ALL_COMMANDS: readonly ListedCommand[] = [
  {
    name: 'compile',
    use: '[options]',
    description: 'print the nftables ruleset for manifests, or their allow-graph',
    load: async () => (await import('./compile-command.ts')).compileCommand(),
  },
  {
    name: 'explain',
    use: '[options] [words...]',
    description: 'may FROM connect to TO on PORT, and why',
    load: async () => (await import('./explain-command.ts')).explainCommand(),
  },
  {
    name: 'graph',
    use: '[options]',
    description: 'draw who can reach whom',
    load: async () => (await import('./graph-command.ts')).graphCommand(),
  },
  {
    name: 'diff',
    use: '[options] [old] [new]',
    description: 'what a change of manifests opens and closes',
    load: async () => (await import('./diff-command.ts')).diffCommand(),
  },
  {
    name: 'policies',
    use: '[options] <pod>',
    description: 'which policies and rules apply to a pod or workload',
    load: async () => (await import('./policies-command.ts')).policiesCommand(),
  },
  {
    name: 'lint',
    use: '[options]',
    description: 'find what in policies is most likely not meant',
    load: async () => (await import('./lint-command.ts')).lintCommand(),
  },
  {
    name: 'test',
    use: '[options] [file...]',
    description: 'hold policies against tests of who may reach whom',
    load: async () => (await import('./test-command.ts')).testCommand(),
  },
  {
    name: 'review',
    use: '[options] <old> <new>',
    description: 'tell in Markdown what a change of manifests does: for pull requests',
    load: async () => (await import('./review-command.ts')).reviewCommand(),
  },
  {
    name: 'agent',
    use: '[options]',
    description: "keep this node's nftables equal to the policies of the cluster, or of a directory",
    load: async () => (await import('./agent-command.ts')).agentCommand(),
  },
  {
    name: 'status',
    use: '[options]',
    description: 'ask the agent on this node what it enforces',
    load: async () => (await import('./status-command.ts')).statusCommand(),
  },
  {
    name: 'denied',
    use: '[options]',
    description: 'what was denied, by which policy, and why',
    load: async () => (await import('./denied-command.ts')).deniedCommand(),
  },
  {
    name: 'audit',
    use: '[options]',
    description: 'what audited policies would deny and open, were they enforced',
    load: async () => (await import('./audit-command.ts')).auditCommand(),
  },
  {
    name: 'watch',
    use: '[options]',
    description: 'denied flows as they come and grow, and why',
    load: async () => (await import('./watch-command.ts')).watchCommand(),
  },
  {
    name: 'flows',
    use: '[options]',
    description: 'everything that was noted of connections, denied and allowed',
    load: async () => (await import('./flows-command.ts')).flowsCommand(),
  },
  {
    name: 'suggest',
    use: '[options]',
    description: 'first policies for a namespace, made of the flows that were seen',
    load: async () => (await import('./suggest-command.ts')).suggestCommand(),
  },
  {
    name: 'doctor',
    use: '[options]',
    description: 'can this node enforce, and what stands in the way?',
    load: async () => (await import('./doctor-command.ts')).doctorCommand(),
  },
  {
    name: 'uninstall',
    use: '[options]',
    description: 'remove the table from this node: from then on nothing is enforced',
    load: async () => (await import('./uninstall-command.ts')).uninstallCommand(),
  },
  {
    name: 'boot-hold',
    use: '[options]',
    description: 'print a table that closes the pods of a node from its boot until the agent has run',
    load: async () => (await import('./boot-hold-command.ts')).bootHoldCommand(),
  },
  {
    name: 'mcp',
    use: '[options]',
    description: 'answer programs that speak the Model Context Protocol, on standard input and output',
    load: async () => (await import('./mcp-command.ts')).mcpCommand(),
  },
  {
    name: 'demo',
    use: '[options]',
    description: 'see policies at work: two nodes, real packets, on this machine, without a cluster',
    load: async () => (await import('./demo-command.ts')).demoCommand(),
  },
  {
    name: 'completion',
    use: '<shell>',
    description: 'print a completion script for a shell',
    load: async () => (await import('./completion-command.ts')).completionCommand(),
  },
]

/** As the help and the search for a mistyped name need it; it does nothing. */
export function standIn({ name, use, description }: ListedCommand): Command {
  const command = new Command(name).description(description)
  for (const word of use.split(' ')) {
    if (word === '[options]') command.option('--any')
    else command.argument(word)
  }
  return command
}
