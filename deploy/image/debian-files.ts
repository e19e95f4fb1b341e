import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { unmetDependencies } from './dependencies.ts'
import { readElf } from './elf.ts'
import type { FetchedPackage } from './fetch-packages.ts'
import { MissingParts } from './missing-parts.ts'
import { type Architecture, MACHINES } from './pins.ts'
import type { Entry } from './tar.ts'

const PROGRAMS = ['usr/sbin/nft', 'usr/sbin/conntrack']
/** The licences that Debian's packages refer to by name; the texts never change, and so they are here. */
const LICENCES = new URL('licences/', import.meta.url)
/** A name without a number is the newest of that name. */
const NEWEST_LICENCE: Readonly<Record<string, string>> = { GPL: 'GPL-3', LGPL: 'LGPL-3' }

/**
 * What the image takes out of Debian's packages: the programs, the loader, the libraries that these and `others` need,
 * protocol names, the packages' licences, and who they are, for scanners.
 */
export async function debianFiles(
  packages: ReadonlyMap<string, FetchedPackage>,
  architecture: Architecture,
  others: readonly Buffer[],
): Promise<readonly Entry[]> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-rootfs-'))
  try {
    const entries: Entry[] = []
    const controls = new Map<string, string>()
    for (const [name, { path }] of packages) controls.set(name, (await execa('dpkg-deb', ['--field', path])).stdout)
    const unmet = await unmetDependencies(controls)
    if (unmet.length > 0) throw new MissingParts(`the packages do not fit together: ${unmet.join('; ')}`)
    for (const { path: deb } of packages.values()) await execa('dpkg-deb', ['--extract', deb, folder])
    const programs = PROGRAMS.map((path) => ({ path, bytes: readFileSync(join(folder, path)) }))
    for (const { path, bytes } of programs) entries.push({ kind: 'file', path, bytes, mode: 0o755 })
    entries.push(...libraries([...programs.map(({ bytes }) => bytes), ...others], folder, architecture))
    entries.push(fileOf(folder, 'etc/protocols'))
    entries.push(...licences([...packages.keys()], folder))
    for (const [name, control] of controls) {
      entries.push({ kind: 'file', path: `var/lib/dpkg/status.d/${name}`, bytes: Buffer.from(`${control}\n`) })
    }
    return entries
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The loader and everything below DT_NEEDED, under the names by which the loader looks for them. */
function libraries(programs: readonly Buffer[], folder: string, architecture: Architecture): readonly Entry[] {
  const { triplet, elf: machine } = MACHINES[architecture]
  const found = new Map<string, Entry>()
  const waiting = [...programs]
  const take = (path: string) => {
    if (found.has(path)) return
    const source = [path, path.replace(/^usr\//, '')].map((name) => join(folder, name)).find(existsSync)
    if (source === undefined) throw new Error(`no package has ${path}`)
    const bytes = readFileSync(realpathSync(source))
    found.set(path, { kind: 'file', path, bytes, mode: 0o755 })
    waiting.push(bytes)
  }
  for (let bytes = waiting.pop(); bytes !== undefined; bytes = waiting.pop()) {
    const elf = readElf(bytes)
    if (elf?.machine !== machine) throw new Error(`not a program of ${architecture}: machine ${elf?.machine}`)
    // Merged folders: /lib and /lib64 are links into /usr.
    if (elf.interpreter !== undefined) take(`usr${elf.interpreter}`)
    // The loader is a library too, of some: it is there already, by the path that the kernel asks for.
    for (const name of elf.needed) if (!name.startsWith('ld-linux')) take(`usr/lib/${triplet}/${name}`)
  }
  return [...found.values()]
}

function licences(names: readonly string[], folder: string): readonly Entry[] {
  const copyrights = names.map((name) => fileOf(folder, `usr/share/doc/${name}/copyright`))
  const texts = copyrights.map(({ bytes }) => bytes.toString('utf8')).join('\n')
  const referred = texts.matchAll(/\/usr\/share\/common-licenses\/([A-Za-z]+(?:-[\d.]*\d)?)/g)
  const common = [...new Set([...referred].map(([, name = '']) => name))]
  return [...copyrights, ...common.map(commonLicence)]
}

function commonLicence(name: string): Entry {
  const text = new URL(NEWEST_LICENCE[name] ?? name, LICENCES)
  if (!existsSync(text))
    throw new Error(`a package refers to the licence ${name}: put its text into deploy/image/licences`)
  return { kind: 'file', path: `usr/share/common-licenses/${name}`, bytes: readFileSync(text) }
}

function fileOf(folder: string, path: string): Extract<Entry, { kind: 'file' }> {
  return { kind: 'file', path, bytes: readFileSync(realpathSync(join(folder, path))) }
}
