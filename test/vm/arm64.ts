import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { printed } from '../cli/run-selvedge.ts'
import { build, copySources } from '../image/built-image.ts'
import { unpackImage } from '../image/image-root.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { fetchQemuUser } from './fetch-qemu-user.ts'
import { VmError } from './vm-error.ts'

/*
 * Runs the programs of the arm64 image on this machine, by QEMU's emulation of single programs, as far as they go: no kernel for
 * arm64 is there, so no ruleset is loaded.
 *
 *     npm run test:arm64
 *
 * Exit 1: a program did otherwise than on amd64. Exit 3: QEMU or the parts of the image cannot be had, in one line.
 */

const EXAMPLES = join(PROJECT_ROOT, 'examples')
const PROGRAM = 'usr/lib/selvedge/dist/cli/main.js'
const folder = mkdtempSync(join(tmpdir(), 'selvedge-arm64-'))
try {
  process.exitCode = await runAll()
} catch (error) {
  if (!(error instanceof VmError)) throw error
  process.stderr.write(`test:arm64: NOT RUN: ${error.message}\n`)
  process.exitCode = 3
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function runAll(): Promise<number> {
  const qemu = await fetchQemuUser()
  const root = await armRoot()
  const arm = async (program: string, ...argv: readonly string[]) => {
    const words = ['-L', root, join(root, program), ...argv]
    return execa(qemu, words, { reject: false, stripFinalNewline: false, env: { LC_ALL: 'C' }, timeout: 600_000 })
  }
  let failed = 0
  const tell = (what: string, ok: boolean, said: string) => {
    process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${what}${said === '' ? '' : `: ${said}`}\n`)
    if (!ok) failed += 1
  }

  const node = await arm('usr/bin/node', '--print', 'process.arch + " " + process.version')
  tell(
    'Node starts',
    node.exitCode === 0 && node.stdout.startsWith('arm64 v'),
    node.stdout.trim() || firstLine(node.stderr),
  )
  for (const words of compilations()) {
    const expected = await printed(['compile', ...words])
    const { exitCode, stdout, stderr } = await arm('usr/bin/node', join(root, PROGRAM), 'compile', ...words)
    const same = exitCode === 0 && expected !== '' && stdout === expected
    const what = `selvedge compile ${words.join(' ').replace(`${PROJECT_ROOT}/`, '')}`
    tell(what, same, same ? `the same ${Buffer.byteLength(stdout)} bytes` : `exit ${exitCode}, ${firstLine(stderr)}`)
  }
  for (const program of ['nft', 'conntrack']) {
    const { exitCode, stdout, stderr } = await arm(`usr/sbin/${program}`, '--version')
    // They open a Netlink socket whatever they are asked, and user emulation has none; by then all their libraries are loaded.
    const stopped = /Protocol not supported/.test(stderr)
    const said = `${firstLine(stdout)}${stopped ? ' (ended where it opens its Netlink socket)' : ''}`.trim()
    tell(`${program} starts`, stopped || (exitCode === 0 && /\d+\.\d+\.\d+/.test(stdout)), said || firstLine(stderr))
  }
  return failed === 0 ? 0 : 1
}

/** Each example, and the one of several nodes for each of them. */
function compilations(): readonly (readonly string[])[] {
  const names = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []))
  const whole = names.map((name) => ['-f', join(EXAMPLES, name)])
  return [...whole, ...['node-1', 'node-2'].map((node) => ['-f', join(EXAMPLES, 'two-nodes'), '--node', node])]
}

/** The image's own files, unpacked; nothing of this machine's. */
async function armRoot(): Promise<string> {
  const sources = join(folder, 'sources')
  copySources(PROJECT_ROOT, sources)
  const image = await build(sources, 'arm64')
  if (image.kind === 'no parts') throw new VmError(image.reason)
  const { root } = await unpackImage(image.bytes, folder)
  if (!existsSync(join(root, PROGRAM))) throw new Error(`the image has no ${PROGRAM}`)
  return root
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? ''
}
