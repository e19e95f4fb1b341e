export interface CpioFile {
  readonly path: string
  readonly mode: number
  readonly bytes: Buffer
}

const FOLDER = 0o040755

/** An archive as the kernel takes it for its first root (Documentation/driver-api/early-userspace/buffer-format.rst). */
export function cpio(folders: readonly string[], files: readonly CpioFile[]): Buffer {
  const all = [...folders.map((path) => ({ path, mode: FOLDER, bytes: Buffer.alloc(0) })), ...files]
  const entries = all.map((file, index) => entry(file, index + 1))
  return Buffer.concat([...entries, entry({ path: 'TRAILER!!!', mode: 0, bytes: Buffer.alloc(0) }, 0)])
}

function entry({ path, mode, bytes }: CpioFile, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`)
  // inode, mode, uid, gid, links, time, size, four numbers of devices, length of the name, checksum.
  const numbers = [inode, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, name.length, 0]
  const header = `070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name])), padded(bytes)])
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
}
