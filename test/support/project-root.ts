import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json, without a slash at its end. */
export const PROJECT_ROOT: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
