/** The machine would not: no QEMU, no kernel to be had, no start. The message is one line that says what to do about it. */
export class VmError extends Error {
  override readonly name = 'VmError'
}
