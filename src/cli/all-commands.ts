import type { Command } from 'commander'
import { agentCommand } from './agent-command.ts'
import { auditCommand } from './audit-command.ts'
import { bootHoldCommand } from './boot-hold-command.ts'
import { compileCommand } from './compile-command.ts'
import { completionCommand } from './completion-command.ts'
import { demoCommand } from './demo-command.ts'
import { deniedCommand } from './denied-command.ts'
import { diffCommand } from './diff-command.ts'
import { doctorCommand } from './doctor-command.ts'
import { explainCommand } from './explain-command.ts'
import { flowsCommand } from './flows-command.ts'
import { graphCommand } from './graph-command.ts'
import { lintCommand } from './lint-command.ts'
import { mcpCommand } from './mcp-command.ts'
import { policiesCommand } from './policies-command.ts'
import { reviewCommand } from './review-command.ts'
import { statusCommand } from './status-command.ts'
import { suggestCommand } from './suggest-command.ts'
import { testCommand } from './test-command.ts'
import { uninstallCommand } from './uninstall-command.ts'
import { watchCommand } from './watch-command.ts'

/** In the order of the help. */
export function allCommands(): readonly Command[] {
  return [
    compileCommand(),
    explainCommand(),
    graphCommand(),
    diffCommand(),
    policiesCommand(),
    lintCommand(),
    testCommand(),
    reviewCommand(),
    agentCommand(),
    statusCommand(),
    deniedCommand(),
    auditCommand(),
    watchCommand(),
    flowsCommand(),
    suggestCommand(),
    doctorCommand(),
    uninstallCommand(),
    bootHoldCommand(),
    mcpCommand(),
    demoCommand(),
    completionCommand(),
  ]
}
