/** UTF-8, or UTF-16 with a byte order mark, as YAML has it (1.2 §5.2). A TypeError when it is neither. */
export function decodeText(bytes: Uint8Array): string {
  const mark = bytes.length < 2 ? 0 : ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding, { fatal: true }).decode(bytes)
}
