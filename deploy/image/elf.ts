/** What a program or a shared library asks of the machine and of the loader. */
export interface Elf {
  /** e_machine. */
  readonly machine: number
  /** The path of the loader; a library has none. */
  readonly interpreter: string | undefined
  /** Names of the libraries that it needs (DT_NEEDED), in their order. */
  readonly needed: readonly string[]
}

const PT_LOAD = 1
const PT_DYNAMIC = 2
const PT_INTERP = 3
const DT_NEEDED = 1
const DT_STRTAB = 5

/** Reads a 64-bit little-endian ELF file; undefined for any other file. */
export function readElf(bytes: Buffer): Elf | undefined {
  if (bytes.length < 64 || bytes.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return undefined
  const segments = readSegments(bytes)
  const interpreter = segments.find(({ type }) => type === PT_INTERP)
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC)
  return {
    machine: bytes.readUInt16LE(18),
    interpreter: interpreter && readText(bytes, interpreter.offset),
    needed: dynamic === undefined ? [] : readNeeded(bytes, segments, dynamic),
  }
}

interface Segment {
  readonly type: number
  readonly offset: number
  readonly address: number
  readonly size: number
}

function readSegments(bytes: Buffer): readonly Segment[] {
  const table = Number(bytes.readBigUInt64LE(32))
  const entrySize = bytes.readUInt16LE(54)
  return Array.from({ length: bytes.readUInt16LE(56) }, (_, index) => {
    const at = table + index * entrySize
    const word = (from: number) => Number(bytes.readBigUInt64LE(at + from))
    return { type: bytes.readUInt32LE(at), offset: word(8), address: word(16), size: word(32) }
  })
}

function readNeeded(bytes: Buffer, segments: readonly Segment[], dynamic: Segment): readonly string[] {
  const entries = Array.from({ length: Math.floor(dynamic.size / 16) }, (_, index) => {
    const at = dynamic.offset + index * 16
    return { tag: Number(bytes.readBigUInt64LE(at)), value: Number(bytes.readBigUInt64LE(at + 8)) }
  })
  // The table of names is given by its address in memory; the segment that is loaded there says where it is in the file.
  const address = entries.find(({ tag }) => tag === DT_STRTAB)?.value ?? 0
  const home = segments.find(
    (segment) => segment.type === PT_LOAD && address >= segment.address && address < segment.address + segment.size,
  )
  if (home === undefined) return []
  const names = address - home.address + home.offset
  return entries.filter(({ tag }) => tag === DT_NEEDED).map(({ value }) => readText(bytes, names + value))
}

function readText(bytes: Buffer, offset: number): string {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset))
}
