import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { PROJECT_ROOT } from '../support/project-root.ts'

/** What the package is made of; nothing else of the checkout may matter. */
const CODE = ['LICENSE', 'README.md', 'bin', 'compiler', 'examples', 'package.json', 'scripts', 'src']
const SOURCES = [...CODE, 'tsconfig.json', 'tsconfig.build.json']
const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/

export type Installation =
  | { readonly kind: 'installed'; readonly folder: string; readonly packageFolder: string; readonly env: Environment }
  | { readonly kind: 'no registry'; readonly reason: string }

type Environment = Readonly<Record<string, string>>

/** Folders of a test file; `remove` takes all of them away. */
export function createFolders() {
  const base = mkdtempSync(join(tmpdir(), 'selvedge-package-'))
  return {
    make: (name: string): string => {
      const folder = join(base, name)
      mkdirSync(folder)
      return folder
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  }
}

/** Packs a copy of that checkout in that folder, with `prepack`, and returns the tarball's path. */
export async function pack(folder: string, checkout: string = PROJECT_ROOT): Promise<string> {
  for (const name of SOURCES) cpSync(join(checkout, name), join(folder, name), { recursive: true })
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'))
  await execa('npm', ['pack'], { cwd: folder, env: { npm_config_loglevel: 'error' } })
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack made no tarball')
  return join(folder, tarball)
}

/** Installs the tarball as a stranger would; of the caller's npm only its registry and its cache are used. */
export async function install(tarball: string, folder: string, home: string): Promise<Installation> {
  const [cache, registry] = await Promise.all(
    ['cache', 'registry'].map(async (key) => (await execa('npm', ['config', 'get', key], { cwd: '/' })).stdout),
  )
  const env = {
    PATH: systemPath(),
    HOME: home,
    npm_config_cache: cache ?? '',
    npm_config_registry: registry ?? '',
    npm_config_loglevel: 'error',
  }
  const argv = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', tarball]
  const { failed, stderr } = await execa('npm', argv, { cwd: folder, env, extendEnv: false, reject: false })
  if (failed && NO_NETWORK.test(stderr)) return { kind: 'no registry', reason: stderr.split('\n')[0] ?? '' }
  if (failed) throw new Error(`npm install: ${stderr}`)
  return { kind: 'installed', folder, packageFolder: join(folder, 'node_modules', 'selvedge'), env }
}

/** Without the folders of installed packages: there is another Node in ours than on the system. */
function systemPath(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  if (!folders.some((folder) => existsSync(join(folder, 'node')))) throw new Error('no node outside of node_modules')
  return folders.join(delimiter)
}
