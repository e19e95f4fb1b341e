/** One entry of an archive; who owns it (root) and when it was made are the archive's to say. */
export type Entry =
  | { readonly kind: 'folder'; readonly path: string; readonly mode?: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'file'; readonly path: string; readonly bytes: Buffer; readonly mode?: number }

const BLOCK = 512

/**
 * A tar archive (ustar) of these entries, sorted by path, all of one time (seconds since 1970) and root's: the same
 * entries give the same bytes on any machine. Throws for a path that does not fit.
 */
export function tar(entries: readonly Entry[], seconds: number): Buffer {
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const blocks = sorted.flatMap((entry) => {
    if (entry.kind !== 'file') return [header(entry, seconds)]
    return [header(entry, seconds), entry.bytes, Buffer.alloc(-entry.bytes.length & (BLOCK - 1))]
  })
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])
}

function header(entry: Entry, seconds: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  const { name, prefix } = splitPath(entry.kind === 'folder' ? `${entry.path}/` : entry.path)
  const text = (value: string, at: number) => block.write(value, at, 'latin1')
  const octal = (value: number, at: number, digits: number) => text(value.toString(8).padStart(digits, '0'), at)
  text(name, 0)
  octal(modeOf(entry), 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(entry.kind === 'file' ? entry.bytes.length : 0, 124, 11)
  octal(seconds, 136, 11)
  text({ file: '0', link: '2', folder: '5' }[entry.kind], 156)
  if (entry.kind === 'link') text(entry.target, 157)
  text('ustar\x0000', 257)
  octal(0, 329, 7)
  octal(0, 337, 7)
  text(prefix, 345)
  // The sum is taken with blanks in its own place.
  block.fill(' ', 148, 156)
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  )
  block[154] = 0
  return block
}

function modeOf(entry: Entry): number {
  switch (entry.kind) {
    case 'folder':
      return entry.mode ?? 0o755
    case 'link':
      return 0o777
    case 'file':
      return entry.mode ?? 0o644
  }
}

function splitPath(path: string): { readonly name: string; readonly prefix: string } {
  // oxlint-disable-next-line no-control-regex -- ASCII is all that the format has a field for
  if (!/^[\x20-\x7e]+$/.test(path)) throw new Error(`not for a tar header: ${path}`)
  if (path.length <= 100) return { name: path, prefix: '' }
  const cut = path.indexOf('/', path.length - 101)
  if (cut === -1 || cut > 155 || cut === path.length - 1) throw new Error(`too long for a tar header: ${path}`)
  return { name: path.slice(cut + 1), prefix: path.slice(0, cut) }
}
