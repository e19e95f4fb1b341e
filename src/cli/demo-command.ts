import { Command, Option } from 'commander'
import { EXIT } from './exit-codes.ts'

/** `selvedge demo`: two nodes on this machine, the real agent, real packets, and what each policy changes. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('see policies at work: two nodes, real packets, on this machine, without a cluster')
    .addOption(new Option('--inside', 'play it here: the demo says so to itself').hideHelp())
    .action(demo)
}

async function demo({ inside = false }: { readonly inside?: boolean }): Promise<void> {
  // The lab and all that it needs are loaded by the one command that builds one.
  const { DemoError } = await import('../demo/demo-error.ts')
  const { LabCommandError } = await import('../lab/lab-error.ts')
  try {
    process.exitCode = inside ? await play() : await start()
  } catch (error) {
    if (!(error instanceof DemoError || error instanceof LabCommandError)) throw error
    process.stderr.write(`the demo cannot run here: ${error.message}\n`)
    process.exitCode = EXIT.environment
  }
}

async function start(): Promise<number> {
  const { runDemo } = await import('../demo/run-demo.ts')
  return runDemo(['demo', '--inside'])
}

async function play(): Promise<number> {
  // Whoever started us holds its other end.
  process.stdin.on('end', () => process.exit()).resume()
  // Nobody looks any more.
  process.stdout.on('error', () => process.exit())
  try {
    const { playDemo } = await import('../demo/play-demo.ts')
    return (await playDemo()) ? EXIT.done : EXIT.no
  } finally {
    process.stdin.destroy()
  }
}
