/** A capture file of Ethernet frames in the classic pcap format; its magic number tells readers that it is big-endian. */
export function buildPcap(frames: readonly Uint8Array[]): Uint8Array {
  const size = frames.reduce((total, frame) => total + 16 + frame.length, 24)
  const file = new Uint8Array(size)
  const view = new DataView(file.buffer)
  view.setUint32(0, 0xa1b2c3d4)
  view.setUint16(4, 2)
  view.setUint16(6, 4)
  view.setUint32(16, 65535)
  view.setUint32(20, 1)
  let offset = 24
  for (const frame of frames) {
    view.setUint32(offset + 8, frame.length)
    view.setUint32(offset + 12, frame.length)
    file.set(frame, offset + 16)
    offset += 16 + frame.length
  }
  return file
}
