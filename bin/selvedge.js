#!/usr/bin/env node
// Starts the command on a Node that can run it. Plain JavaScript of the Node 12 era, so that an old Node gets as far
// as saying what is wrong, instead of a syntax error from the files behind.
import { spawn } from 'child_process'
import { existsSync } from 'fs'
import { createRequire } from 'module'
import { constants } from 'os'
import { basename, dirname, join, sep } from 'path'
import { fileURLToPath, pathToFileURL } from 'url'

// The first Node that runs TypeScript files as they are, without a flag and without a warning.
const NEEDED = [24, 12]
// Exit 1 is an answer ('no') and 2 is bad input; what stands in the way here is the machine.
const MACHINE_WOULD_NOT = 3
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2']

/** By these names kubectl finds a plugin, and what completes its words (kubectl 1.26 and later). */
const PLUGIN = 'kubectl-selvedge'
const PLUGIN_COMPLETION = 'kubectl_complete-selvedge'

const packageFolder = dirname(dirname(fileURLToPath(import.meta.url)))

/** Sources in a checkout, the built file in an image or a package: Node strips no types below node_modules. */
function findEntry() {
  const source = join(packageFolder, 'src', 'cli', 'main.ts')
  const built = join(packageFolder, 'dist', 'cli', 'main.js')
  const installed = packageFolder.split(sep).includes('node_modules')
  if (!installed && existsSync(source)) return source
  return existsSync(built) ? built : undefined
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

/** The Node that came with the dependencies, wherever the package manager put it. */
function findOwnNode() {
  if (process.platform !== 'linux') return undefined
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-linux-${process.arch}/package.json`)
    const node = join(dirname(manifest), 'bin', 'node')
    return existsSync(node) ? node : undefined
  } catch {
    return undefined
  }
}

function giveUp(sentence) {
  process.stderr.write(`selvedge: ${sentence}\n`)
  process.exitCode = MACHINE_WOULD_NOT
}

function cannotLoad(error) {
  if (error.code === 'ERR_MODULE_NOT_FOUND') giveUp(`${error.message}; run scripts/setup`)
  else giveUp(error.stack || String(error))
}

/**
 * A checkout's sources are stripped of their types at each start, 0.3 s, unless the result is kept: beside the dependencies, where only
 * those write who may change the program as well. In the temporary folder anybody might have put something there for us.
 */
function keepStripped() {
  const { enableCompileCache } = createRequire(import.meta.url)('module')
  const modules = join(packageFolder, 'node_modules')
  if (existsSync(modules) && process.env.NODE_COMPILE_CACHE === undefined)
    enableCompileCache(join(modules, '.cache', 'selvedge'))
}

/** Ends as the child ended: with its exit code, or by the signal that ended it. */
function endLike(code, signal) {
  if (signal === null) process.exit(code)
  for (const name of FORWARDED) process.removeAllListeners(name)
  // Of these Node makes something else than its end (it ignores one, and opens a debugger for the other).
  if (signal !== 'SIGPIPE' && signal !== 'SIGUSR1') process.kill(process.pid, signal)
  // Where the signal does not end us, the shell's way of writing it down.
  setTimeout(() => process.exit(128 + constants.signals[signal]), 100)
}

/** A signal sent from a terminal reaches the child twice, by its process group and by us: it must bear that. */
function runWith(node, entry) {
  const child = spawn(node, [entry].concat(process.argv.slice(2)), { stdio: 'inherit' })
  for (const name of FORWARDED) process.on(name, () => child.kill(name))
  child.on('error', (error) => giveUp(`cannot start ${node}: ${error.message}`))
  child.on('exit', endLike)
}

/** Help and hints then say what was typed. */
function tellCalledName() {
  const called = basename(process.argv[1])
  if (called === PLUGIN || called === PLUGIN_COMPLETION) process.env.SELVEDGE_CALLED = 'kubectl selvedge'
  if (called === PLUGIN_COMPLETION) process.argv.splice(2, 0, '__complete')
}

tellCalledName()
const entry = findEntry()
const ownNode = findOwnNode()
if (entry === undefined) {
  giveUp(`neither src/cli/main.ts nor dist/cli/main.js is in ${packageFolder}; is the checkout or the build complete?`)
} else if (isNewEnough(process.versions.node)) {
  if (entry.endsWith('.ts')) keepStripped()
  import(pathToFileURL(entry).href).catch(cannotLoad)
} else if (ownNode !== undefined) {
  runWith(ownNode, entry)
} else {
  giveUp(
    `this is Node ${process.versions.node}, and Selvedge needs ${NEEDED.join('.')} or later; ` +
      'install one, or run scripts/setup, which fetches one into node_modules',
  )
}
