import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'

/** A container's mounts around the image, read-only but for /run and /tmp, and nothing of the machine's environment. */
const ENTER = `
mount --bind "$1" "$1"
mount -o remount,bind,ro "$1"
for one in dev proc; do mount --rbind "/$one" "$1/$one"; done
mount -t sysfs -o ro sysfs "$1/sys"
mount --bind "$2" "$1/run"
mount -t tmpfs tmpfs "$1/tmp"
root=$1
shift 2
exec env -i PATH=/usr/sbin:/usr/bin HOME=/ "$(command -v chroot)" "$root" "$@"
`

interface DockerManifest {
  readonly Config: string
  readonly Layers: readonly string[]
}

/** What an archive says of itself. */
export interface ImageConfig {
  readonly architecture: string
  readonly config: { readonly Entrypoint: readonly string[]; readonly Labels: Readonly<Record<string, string>> }
}

/** Unpacks the archive in that folder, and its layers in `root` below it. */
export async function unpackImage(archive: Buffer, folder: string): Promise<{ root: string; config: ImageConfig }> {
  const root = join(folder, 'root')
  mkdirSync(root, { recursive: true })
  writeFileSync(join(folder, 'image.tar'), archive)
  await execa('tar', ['-xf', 'image.tar'], { cwd: folder })
  const json = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'))
  const [image] = json('manifest.json') as readonly DockerManifest[]
  for (const layer of image?.Layers ?? []) await execa('tar', ['-xzpf', join(folder, layer), '-C', root])
  return { root, config: json(image?.Config ?? '') as ImageConfig }
}

/** The command that runs `argv` of the image, with that folder as its /run. */
export function inImage(root: string, run: string, argv: readonly string[]): string[] {
  return ['unshare', '--mount', 'sh', '-ec', ENTER, 'sh', root, run, ...argv]
}
