import { Command } from 'commander'
import { EXIT } from './exit-codes.ts'
import { addReadingOptions, type ReadingFlags } from './reading-options.ts'

export interface McpFlags extends ReadingFlags {
  readonly within: string
}

const USE = `
Speaks the Model Context Protocol on standard input and output until its input ends; a program starts it, not a person:
docs/mcp.md has the tools and how to enter it. Nothing is ever written. -f, -k or the live cluster is what a call is about
that names no files of its own.`

/** `selvedge mcp`: the reading commands as tools of the Model Context Protocol. */
export function mcpCommand(): Command {
  const command = new Command('mcp')
    .description('answer programs that speak the Model Context Protocol, on standard input and output')
    .addHelpText('after', USE)
  return addReadingOptions(command)
    .option('--within <folder>', 'calls may name files that really lie in this folder, and no others', '.')
    .action(mcp)
}

async function mcp(flags: McpFlags): Promise<void> {
  if (flags.filename?.includes('-') === true) {
    process.stderr.write('-f -: standard input is what the protocol is spoken on; give files\n')
    process.exitCode = EXIT.badInput
    return
  }
  // The protocol's own packages are loaded by nobody else.
  const { serve } = await import('./mcp/serve.ts')
  await serve(flags)
}
