/** Why the file system would not, in words; any thrown value. */
export function systemReason(error: unknown): string {
  const code = (error as { code?: unknown }).code
  switch (code) {
    case 'ENOENT':
      return 'no such file or directory'
    case 'EACCES':
      return 'permission denied'
    case 'EISDIR':
      return 'it is a directory'
    case 'ELOOP':
      return 'its links lead in a circle'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}

/** Is it the file system's answer, not a bug of ours? */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
