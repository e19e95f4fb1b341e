// Exit 0 when node_modules holds what package-lock.json asks for on this machine, 1 when `npm ci` has work to do.
// Plain JavaScript, because it runs before the project's own Node is there. npm leaves what it installed, in the
// lockfile's own form, in node_modules/.package-lock.json (npm 7 and later).
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = process.argv[2] || dirname(dirname(fileURLToPath(import.meta.url)))
const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined
}

/** An optional package may be missing, unless it says that it was made for this very machine. */
function mayBeMissing({ optional, os = [], cpu = [], libc: library = libc }) {
  const ours = [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch)
  return optional === true && !(ours && [library].flat().includes(libc))
}

const wanted = readPackages(join(root, 'package-lock.json'))
const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))

function isInPlace(name) {
  if (name === '') return true
  const found = installed[name]
  if (found === undefined) return mayBeMissing(wanted[name])
  return found.version === wanted[name].version && existsSync(join(root, name, 'package.json'))
}

const complete =
  wanted !== undefined &&
  installed !== undefined &&
  Object.keys(wanted).every(isInPlace) &&
  Object.keys(installed).every((name) => name in wanted)
process.exitCode = complete ? 0 : 1
